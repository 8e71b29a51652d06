//! What is correct in a document, but not supported.

use std::collections::BTreeSet;

use serde_json::Value;

use super::media::{Kind, preferred};
use super::path_item::{METHODS, resolve_refs};
use crate::api::{Credential, Endpoint};
use crate::diagnostics::Diagnostic;
use crate::pointer::JsonPointerExt as _;

/// What is not supported in `operations` of an OpenAPI document.
pub(super) fn in_operations(file: &str, json: &Value, operations: &[Endpoint]) -> Vec<Diagnostic> {
    let mut unsupported = Unsupported {
        file,
        json,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    for operation in operations {
        unsupported.media(&operation.pointer.child("requestBody"), "is sent as");
        for response in &operation.responses {
            unsupported.media(&response.pointer, "is read as");
        }
    }
    unsupported.webhooks();
    for (path, _) in json["paths"].as_object().into_iter().flatten() {
        unsupported.later_methods(&"/paths".child(path));
    }
    unsupported.found
}

/// That an operation needs credentials other than a single key.
pub(super) fn security(file: &str, operation: &Endpoint) -> Option<Diagnostic> {
    let mut sets = operation.security.iter();
    if operation.security.is_empty() || sets.any(|set| Credential::are_one_key(set)) {
        return None;
    }
    let wanted = Credential::list(&operation.security);
    Some(Diagnostic::new(
        file,
        &operation.pointer,
        format!("wants {wanted}, which the client does not give by itself"),
        "declare what it wants as a parameter, in a correction",
    ))
}

struct Unsupported<'d> {
    file: &'d str,
    json: &'d Value,
    /// The places visited so far: bodies may be shared.
    seen: BTreeSet<String>,
    found: Vec<Diagnostic>,
}

impl Unsupported<'_> {
    fn add(&mut self, pointer: String, message: String, help: impl Into<String>) {
        self.found.push(Diagnostic::new(
            self.file,
            pointer,
            format!("is skipped: {message}"),
            help,
        ));
    }

    /// Webhooks, which are sent by the API and not by a client.
    fn webhooks(&mut self) {
        for (name, hook) in members(&self.json["webhooks"]) {
            for (method, _) in
                members(hook).filter(|(method, _)| METHODS.contains(&method.as_str()))
            {
                let pointer = "/webhooks".child(name).child(method);
                let help = "put its schemas into /components/schemas to have types for them";
                self.add(pointer, "webhooks are sent by the API".into(), help);
            }
        }
    }

    /// The operations of the path item at `place` whose methods OpenAPI 3.1 does not know.
    fn later_methods(&mut self, place: &str) {
        let Some(place) =
            resolve_refs(self.json, place).filter(|place| self.seen.insert(place.clone()))
        else {
            return;
        };
        let Some(item) = self.json.pointer(&place) else {
            return;
        };
        if item["query"].is_object() {
            self.later_method(place.child("query"), "QUERY");
        }
        for (name, operation) in members(&item["additionalOperations"]) {
            if operation.is_object() {
                let pointer = place.child("additionalOperations").child(name);
                self.later_method(pointer, name);
            }
        }
    }

    fn later_method(&mut self, pointer: String, method: &str) {
        let message = format!("the method {method} came with OpenAPI 3.2");
        let help = "send it as a POST if the API takes that, by a correction of the document";
        self.add(pointer, message, help);
    }

    /// The media types of the body at `place` other than the one that is used.
    fn media(&mut self, place: &str, verb: &str) {
        let Some(place) = resolve_refs(self.json, place) else {
            return;
        };
        let content = self.json.pointer(&place).map(|body| &body["content"]);
        let Some(content) = content.and_then(Value::as_object) else {
            return;
        };
        let Some(used) = preferred(content).filter(|_| self.seen.insert(place.clone())) else {
            return;
        };
        let schema = |media: &str| content.get(media).map(|media| &media["schema"]);
        for media in content.keys().filter(|media| *media != used) {
            let is_same = Kind::from_media_type(media) == Kind::from_media_type(used)
                && schema(media) == schema(used);
            if !is_same {
                self.add(
                    place.child("content").child(media),
                    format!("the body {verb} {used}"),
                    format!("remove {used} by a correction to use it instead"),
                );
            }
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
