//! What is correct in a document, but not supported.

use std::collections::BTreeSet;

use serde_json::Value;

use super::path_item::resolve_refs;
use crate::api::{Endpoint, Requirement};
use crate::diagnostics::Diagnostic;
use crate::pointer::JsonPointerExt as _;

/// What is not supported in the paths of an OpenAPI document.
pub(super) fn in_paths(file: &str, json: &Value) -> Vec<Diagnostic> {
    let mut unsupported = Unsupported {
        file,
        json,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    for (path, _) in json["paths"].as_object().into_iter().flatten() {
        unsupported.later_methods(&"/paths".child(path));
    }
    unsupported.found
}

/// That an operation needs credentials other than a single key.
pub(super) fn security(file: &str, operation: &Endpoint) -> Option<Diagnostic> {
    let mut sets = operation.security.iter();
    let is_given = |set: &Vec<Requirement>| set.is_empty() || Requirement::are_one_key(set);
    if operation.security.is_empty() || sets.any(is_given) {
        return None;
    }
    let wanted = Requirement::list(&operation.security);
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
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
