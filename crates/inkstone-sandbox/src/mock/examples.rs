//! The examples that a document has of a reply.

use apifox_document::api::{Endpoint, Response};
use apifox_document::forms::openapi::resolve_refs;
use apifox_document::pointer::JsonPointerExt as _;
use serde_json::Value;

use crate::mock::document::Mock;

/// An example of a reply.
pub struct NamedExample {
    pub name: String,
    pub value: Value,
}

/// The examples of a response whose body has a media type.
pub fn of_response(
    mock: &Mock,
    endpoint: &Endpoint,
    response: &Response,
    media: &str,
) -> Vec<NamedExample> {
    match mock.is_openapi {
        true => beside_schema(mock, &response.pointer.child("content").child(media)),
        false => in_project(mock, endpoint, response),
    }
}

/// The member `example` of an object, and those in `examples`.
fn beside_schema(mock: &Mock, object: &str) -> Vec<NamedExample> {
    let single = mock.json.pointer(&object.child("example"));
    let single = single.filter(|value| !value.is_null());
    let mut found: Vec<NamedExample> = single.map(|value| named("", value)).into_iter().collect();
    let list = object.child("examples");
    let steps: Vec<String> = match mock.json.pointer(&list) {
        Some(Value::Object(members)) => members.keys().cloned().collect(),
        Some(Value::Array(items)) => (0..items.len()).map(|at| at.to_string()).collect(),
        _ => Vec::new(),
    };
    for step in steps {
        let place = resolve_refs(&mock.json, &list.child(&step));
        let example = place.and_then(|place| mock.json.pointer(&place));
        if let Some(value) = example.and_then(|example| example.get("value")) {
            let name = example.and_then(|example| example["name"].as_str());
            found.push(named(name.unwrap_or(&step), value));
        }
    }
    found
}

/// JSON is often written within a text.
fn named(name: &str, value: &Value) -> NamedExample {
    let parsed = value.as_str().and_then(|text| {
        let text = text.trim_start();
        text.starts_with(['{', '['])
            .then(|| serde_json::from_str(text).ok())?
    });
    NamedExample {
        name: name.to_owned(),
        value: parsed.unwrap_or_else(|| value.clone()),
    }
}

fn in_project(mock: &Mock, endpoint: &Endpoint, response: &Response) -> Vec<NamedExample> {
    let list = mock
        .json
        .pointer(&endpoint.pointer.child("responseExamples"));
    let examples = list.and_then(Value::as_array).into_iter().flatten();
    let is_own = |example: &&Value| {
        let owner = endpoint.response_of_example(&mock.json, example);
        owner.is_some_and(|owner| owner.pointer == response.pointer)
    };
    examples
        .filter(is_own)
        .filter_map(|example| {
            let name = example["name"].as_str().unwrap_or_default();
            let data = example.get("data").filter(|data| **data != "")?;
            Some(named(name, data))
        })
        .collect()
}
