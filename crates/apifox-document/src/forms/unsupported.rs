//! What is correct in a document, but not supported.

use std::collections::BTreeSet;

use serde_json::Value;

use super::media::{Kind, preferred};
use super::path_item::resolve_refs;
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
