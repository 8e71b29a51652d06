//! The examples that a document gives of a body.

use apifox_document::api::Endpoint;
use apifox_document::pointer::decoded;
use serde_json::Value;

/// An example: what the document calls it, and its value.
pub(crate) type Example = (String, Value);

/// The examples of the body whose schema stands at `place`: of an operation, or of a document
/// that has none.
pub(crate) fn of_body(document: &Value, operation: Option<&Endpoint>, place: &str) -> Vec<Example> {
    let mut found = Vec::new();
    if let Some(media) = place.strip_suffix("/schema") {
        let media = document.pointer(media).unwrap_or(&Value::Null);
        of_media_type(document, media, &mut found);
    }
    if let Some(holder) = place.strip_suffix("/jsonSchema") {
        let body = document.pointer(holder).unwrap_or(&Value::Null);
        let listed = body["examples"].as_array().into_iter().flatten();
        found.extend(listed.filter_map(|example| text_example(example, "value")));
        let at = operation.map_or("", |operation| &operation.pointer);
        let filed = document.pointer(&format!("{at}/responseExamples"));
        let filed = filed.and_then(Value::as_array).into_iter().flatten();
        let filed = filed.filter(|example| {
            operation.is_none_or(|operation| {
                let response = operation.response_of_example(document, example);
                response.is_some_and(|response| response.pointer == holder)
            })
        });
        found.extend(filed.filter_map(|example| text_example(example, "data")));
    }
    of_schema(document.pointer(place).unwrap_or(&Value::Null), &mut found);
    named_apart(found)
}

/// The examples beside a schema in OpenAPI.
fn of_media_type(document: &Value, media: &Value, found: &mut Vec<Example>) {
    if let Some(example) = media.get("example") {
        found.push(("example".to_owned(), example.clone()));
    }
    for (name, example) in media["examples"].as_object().into_iter().flatten() {
        let target = example["$ref"]
            .as_str()
            .and_then(|target| target.strip_prefix('#'));
        let example = target.map_or(Some(example), |target| document.pointer(&decoded(target)));
        if let Some(value) = example.and_then(|example| example.get("value")) {
            found.push((name.clone(), value.clone()));
        }
    }
}

/// The examples in a schema: values, or in Apifox's way objects with a name and a value.
fn of_schema(schema: &Value, found: &mut Vec<Example>) {
    if let Some(example) = schema.get("example") {
        found.push(("example in the schema".to_owned(), example.clone()));
    }
    for example in schema["examples"].as_array().into_iter().flatten() {
        let named = example["name"].as_str().zip(example.get("value"));
        found.push(match named {
            Some((name, value)) => (name.to_owned(), value.clone()),
            None => ("example in the schema".to_owned(), example.clone()),
        });
    }
}

/// An example whose value is a text with JSON in it; `None` where it is not JSON, which
/// nothing can be said of.
fn text_example(example: &Value, member: &str) -> Option<Example> {
    let name = example["name"].as_str().unwrap_or("example").to_owned();
    let value = match &example[member] {
        Value::String(text) => serde_json::from_str(text).ok()?,
        Value::Null => return None,
        value => value.clone(),
    };
    Some((name, value))
}

/// Gives examples of one name numbers.
fn named_apart(examples: Vec<Example>) -> Vec<Example> {
    let mut named: Vec<Example> = Vec::with_capacity(examples.len());
    for (name, value) in examples {
        let own = (2..).map(|number| format!("{name} {number}"));
        let mut candidates = std::iter::once(name.clone()).chain(own);
        let free = candidates.find(|candidate| named.iter().all(|(taken, _)| taken != candidate));
        named.push((free.unwrap_or(name), value));
    }
    named
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of_body;
    use crate::document::Described;

    #[test]
    fn every_place_of_an_example_is_known() {
        let openapi = json!({
            "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {
                "schema": {"example": 1, "examples": [2, {"name": "n", "value": 3}]},
                "example": 4,
                "examples": {"a": {"value": 5}, "b": {"$ref": "#/components/examples/c"}, "d": {}},
            }}}}}},
            "components": {"examples": {"c": {"value": 6}}},
        });
        let place = "/paths/~1a/post/requestBody/content/application~1json/schema";
        let found = of_body(&openapi, None, place);
        let expected = [
            ("example", 4),
            ("a", 5),
            ("b", 6),
            ("example in the schema", 1),
            ("example in the schema 2", 2),
            ("n", 3),
        ];
        let expected: Vec<_> = expected
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .into();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_example_of_a_reply_is_that_of_the_response_with_its_id() {
        let item = json!({
            "name": "a", "method": "POST", "path": "/a",
            "requestBody": {
                "type": "application/json",
                "jsonSchema": {},
                "examples": [{"name": "r", "value": "[1]"}],
            },
            "responses": [
                {"id": 1, "code": 200, "contentType": "json", "jsonSchema": {}},
                {"id": 2, "code": 404, "contentType": "json", "jsonSchema": {}},
            ],
            "responseExamples": [
                {"name": "x", "responseId": 2, "data": "{}"},
                {"name": "y", "responseId": "1", "data": "5"},
                {"name": "z", "responseId": 1, "data": "not JSON"},
                {"name": "zero", "responseId": 0, "data": "6"},
                {"name": "none", "data": "7"},
            ],
        });
        let document = Described::read("a", &item.to_string()).expect("a document");
        let endpoint = document.endpoint("").expect("an operation");
        let of = |place| of_body(&item, Some(endpoint), place);
        let example = |name: &str, value| (name.to_owned(), value);
        assert_eq!(of("/requestBody/jsonSchema"), [example("r", json!([1]))]);
        let first = [example("y", json!(5)), example("zero", json!(6))];
        assert_eq!(of("/responses/0/jsonSchema"), first);
        assert_eq!(of("/responses/1/jsonSchema"), [example("x", json!({}))]);
    }
}
