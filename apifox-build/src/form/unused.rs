//! What an operation offers and its types make no use of, though nothing is wrong
//! with it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::media::Kind;
use super::openapi::{followed, preferred};
use crate::api::{Credential, Endpoint};
use crate::problem::Problem;
use crate::schema::escaped;

/// What is not made use of in `operations` of a document of OpenAPI.
pub(super) fn of(file: &str, json: &Value, operations: &[Endpoint]) -> Vec<Problem> {
    let mut unused = Unused {
        file,
        json,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    for operation in operations {
        unused.media(&format!("{}/requestBody", operation.pointer), "is sent as");
        for response in &operation.responses {
            unused.media(&response.pointer, "is taken for");
        }
    }
    unused.found
}

/// That an operation asks for nothing that one key would do for.
pub(super) fn security(file: &str, operation: &Endpoint) -> Option<Problem> {
    let mut sets = operation.security.iter();
    if operation.security.is_empty() || sets.any(|it| Credential::are_one_key(it)) {
        return None;
    }
    let wanted = Credential::list(&operation.security);
    Some(Problem {
        file: file.to_owned(),
        location: None,
        pointer: operation.pointer.clone(),
        keyword: None,
        message: format!("wants {wanted}, which the client does not give by itself"),
        remedy: "declare what it wants as a parameter, in a correction".into(),
    })
}

struct Unused<'d> {
    file: &'d str,
    json: &'d Value,
    /// The places that were looked at; bodies may be shared.
    seen: BTreeSet<String>,
    found: Vec<Problem>,
}

impl Unused<'_> {
    /// The media types of the body at `place` beside the one that is used.
    fn media(&mut self, place: &str, verb: &str) {
        let Some(place) = followed(self.json, place) else {
            return;
        };
        let content = self.json.pointer(&place).map(|it| &it["content"]);
        let Some(content) = content.and_then(Value::as_object) else {
            return;
        };
        let Some(used) = preferred(content).filter(|_| self.seen.insert(place.clone())) else {
            return;
        };
        let schema = |media: &str| content.get(media).map(|it| &it["schema"]);
        for media in content.keys().filter(|it| *it != used) {
            let is_same = Kind::of(media) == Kind::of(used) && schema(media) == schema(used);
            if !is_same {
                self.found.push(Problem {
                    file: self.file.to_owned(),
                    location: None,
                    pointer: format!("{place}/content/{}", escaped(media)),
                    keyword: None,
                    message: format!("is passed over: the body {verb} {used}"),
                    remedy: format!("leave {used} out by a correction to have it instead"),
                });
            }
        }
    }
}
