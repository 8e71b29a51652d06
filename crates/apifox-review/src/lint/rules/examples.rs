//! Finds the examples of a document, whatever form they have; rules about that form.

use apifox_document::pointer::JsonPointerExt as _;
use apifox_runtime::Location;
use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::example::{Example, Of, Written};
use crate::lint::finding::Found;
use crate::lint::lenient;
use crate::lint::patch::Patch;
use crate::lint::schemas::Schema;
use apifox_document::api::{Content, Endpoint, Reply, Response};
use apifox_document::diagnostics::shortened;
use apifox_document::forms::openapi;

/// Every example of a document.
pub(in crate::lint) fn all<'d>(linted: &Linted<'d>) -> Vec<Example<'d>> {
    let mut reader = Reader {
        linted,
        found: Vec::new(),
    };
    let is_openapi = openapi::is_one(linted.json);
    for operation in &linted.api.operations {
        reader.parameters(operation);
        match is_openapi {
            true => reader.of_openapi(operation),
            false => reader.of_item(operation),
        }
    }
    linted.schemas.iter().for_each(|it| reader.of_schema(it));
    reader.found
}

struct Reader<'l, 'd> {
    linted: &'l Linted<'d>,
    found: Vec<Example<'d>>,
}

impl<'d> Reader<'_, 'd> {
    fn add(&mut self, pointer: &str, value: String, of: Of, schema: Option<(String, String)>) {
        let Some(written) = self.linted.at(&value) else {
            return;
        };
        let around = self.linted.at(pointer);
        let name = around
            .filter(|_| pointer != value)
            .and_then(|it| it["name"].as_str());
        let content = self.content(written, of, schema.as_ref());
        self.found.push(Example {
            pointer: pointer.to_owned(),
            value,
            name,
            written,
            content,
            of,
            schema,
        });
    }

    /// Most examples are JSON within text; some are the JSON itself.
    fn content(&self, written: &Value, of: Of, schema: Option<&(String, String)>) -> Written {
        let Value::String(text) = written else {
            return Written::Json(written.clone());
        };
        let accepts = |value: &Value| {
            let broken = schema.and_then(|(root, at)| self.linted.violations(root, at, value));
            broken.is_some_and(|it| it.is_empty())
        };
        let read = serde_json::from_str::<Value>(text);
        match (of, read) {
            // A value in a schema is what it is written as.
            (Of::Schema, _) => Written::Json(written.clone()),
            // A parameter is sent as text.
            (Of::Parameter, Ok(read)) if !accepts(written) => Written::Json(read),
            (Of::Parameter, _) => Written::Json(written.clone()),
            (_, Ok(read)) => Written::Json(read),
            (_, Err(_)) if text.trim().is_empty() => Written::Empty,
            (_, Err(_)) if accepts(written) && !text.trim_start().starts_with(['{', '[']) => {
                Written::Json(written.clone())
            }
            (_, Err(error)) => Written::Other(error.to_string()),
        }
    }

    fn parameters(&mut self, operation: &Endpoint) {
        for parameter in &operation.parameters {
            let Some(around) = parameter.schema.strip_suffix("/schema") else {
                continue;
            };
            let is_secret = parameter.location == Location::Header;
            let place = around.child("example");
            let text = self.linted.at(&place).and_then(Value::as_str);
            let stands_for_another =
                text.is_some_and(|it| it.trim().is_empty() || it.contains("{{"));
            if !is_secret && !stands_for_another {
                let schema = (parameter.schema.clone(), parameter.schema.clone());
                self.add(&place, place.clone(), Of::Parameter, Some(schema));
            }
        }
    }

    /// The examples of an operation as a project export has it.
    fn of_item(&mut self, operation: &Endpoint) {
        let pointer = &operation.pointer;
        if let Some(Content::Json(schema)) = operation.body.as_ref().map(|it| &it.content) {
            let of = Some((schema.clone(), schema.clone()));
            let body = pointer.child("requestBody");
            let one = body.child("example");
            self.add(&one, one.clone(), Of::Request, of.clone());
            for place in self.linted.below(&body.child("examples")) {
                self.add(&place, place.child("value"), Of::Request, of.clone());
            }
        }
        for place in self.linted.below(&pointer.child("responseExamples")) {
            let id = self.linted.at(&place.child("responseId"));
            let response = id.and_then(|id| self.response(operation, id));
            let (of, schema) = match response.map(|it| (it, &it.content)) {
                Some((response, Reply::Json(schema))) => {
                    let is_success = response.succeeds();
                    (Of::Reply { is_success }, schema.clone())
                }
                // Text may be anything.
                Some(_) => continue,
                None => (Of::Nothing, None),
            };
            let schema = schema.map(|it| (it.clone(), it));
            self.add(&place, place.child("data"), of, schema);
        }
    }

    /// The response with this id, as a number or as text; 0 is the only one, or the
    /// one for success.
    fn response<'a>(&self, operation: &'a Endpoint, id: &Value) -> Option<&'a Response> {
        let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        let is_it = |response: &&Response| {
            let own = self.linted.at(&response.pointer.child("id"));
            own.is_some_and(|own| text(own) == text(id))
        };
        let responses = &operation.responses;
        let by_id = responses.iter().find(is_it);
        let by_default = || match &responses[..] {
            [one] => Some(one),
            all => all.iter().find(|it| it.succeeds()),
        };
        by_id.or_else(|| (text(id) == "0").then(by_default)?)
    }

    /// The examples of an operation as OpenAPI has it, beside the schemas.
    fn of_openapi(&mut self, operation: &Endpoint) {
        let body = operation.body.as_ref().map(|it| &it.content);
        if let Some(Content::Json(schema)) = body {
            self.of_media(schema, Of::Request);
        }
        for response in &operation.responses {
            if let Reply::Json(Some(schema)) = &response.content {
                let is_success = response.succeeds();
                self.of_media(schema, Of::Reply { is_success });
            }
        }
    }

    fn of_media(&mut self, schema: &str, of: Of) {
        let Some(media) = schema.strip_suffix("/schema") else {
            return;
        };
        let own = Some((schema.to_owned(), schema.to_owned()));
        let one = media.child("example");
        self.add(&one, one.clone(), of, own.clone());
        for place in self.linted.below(&media.child("examples")) {
            self.add(&place, place.child("value"), of, own.clone());
        }
    }

    /// The examples within a schema.
    fn of_schema(&mut self, schema: &Schema<'d>) {
        let own = Some((schema.root.clone(), schema.pointer.clone()));
        if schema.get("example").is_some_and(|it| !it.is_null()) {
            let place = schema.below("example");
            self.add(&place, place.clone(), Of::Schema, own.clone());
        }
        for place in self.linted.below(&schema.below("examples")) {
            if self
                .linted
                .at(&place)
                .is_some_and(|it| wrapped(it).is_none())
            {
                self.add(&place, place.clone(), Of::Schema, own.clone());
            }
        }
    }
}

/// The value in a wrapper such as the editor writes.
fn wrapped(item: &Value) -> Option<&Value> {
    let members = item.as_object()?;
    let is_wrapper = members.contains_key("name")
        && members.keys().all(|it| {
            matches!(
                it.as_str(),
                "name" | "value" | "description" | "summary" | "mediaType"
            )
        });
    members.get("value").filter(|_| is_wrapper)
}

pub(super) fn wrapper(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(list @ Value::Array(items)) = schema.get("examples") else {
            continue;
        };
        // A schema may be one of such objects.
        let fits = |it: &Value| {
            let broken = linted.violations(&schema.root, &schema.pointer, it);
            broken.is_some_and(|it| it.is_empty())
        };
        let is_wrapped = |it: &Value| wrapped(it).is_some() && !fits(it);
        if !items.iter().any(is_wrapped) {
            continue;
        }
        // A wrapper may hold another one.
        let plain = |item: &Value| {
            let mut item = item;
            while let Some(value) = wrapped(item).filter(|_| is_wrapped(item)) {
                item = value;
            }
            item.clone()
        };
        let pointer = schema.below("examples");
        let message =
            "the examples are wrapped as {name, value}, which the schema does not describe";
        let values: Vec<Value> = items.iter().map(plain).collect();
        let patch = Patch::replace(&pointer, list, values);
        found.add(&pointer, message, "write the values alone", patch);
    }
}

pub(super) fn of_no_response(linted: &Linted<'_>, found: &mut Found<'_>) {
    for example in linted.examples.iter().filter(|it| it.of == Of::Nothing) {
        let pointer = example.pointer.child("responseId");
        let id = linted.at(&pointer).map(shortened).unwrap_or_default();
        let message = format!(
            "{} belongs to the response {id}, which is not there",
            example.called()
        );
        let patch = example.removal(linted.json);
        found.add(
            &example.pointer,
            message,
            "leave it out, or give it the id of a response",
            patch,
        );
    }
}

pub(super) fn empty(linted: &Linted<'_>, found: &mut Found<'_>) {
    for example in &linted.examples {
        if matches!(example.content, Written::Empty) {
            let message = format!("{} is empty", example.called());
            found.add(
                &example.value,
                message,
                "leave it out, or write one",
                example.removal(linted.json),
            );
        }
    }
}

pub(super) fn not_json(linted: &Linted<'_>, found: &mut Found<'_>) {
    for example in &linted.examples {
        let Written::Other(why) = &example.content else {
            continue;
        };
        let text = example.written.as_str().unwrap_or_default();
        match lenient::json(text) {
            Some((json, slips)) => {
                let message = format!("{} is not JSON: it has {slips}", example.called());
                let patch = Patch::replace(&example.value, example.written, json);
                found.add(&example.value, message, "write it as JSON", patch);
            }
            None => {
                let message = format!("{} is not JSON: {why}", example.called());
                let patch = example.removal(linted.json);
                found.add(
                    &example.value,
                    message,
                    "leave it out, or write it as JSON",
                    patch,
                );
            }
        }
    }
}
