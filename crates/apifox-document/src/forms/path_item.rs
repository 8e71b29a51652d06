//! Path items of OpenAPI: their methods, and how references to them resolve.

use serde_json::Value;

use crate::pointer::{JsonValueExt as _, decoded};

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// How many references in a row are resolved.
const FARTHEST: usize = 16;

/// The place of the value that a chain of references from `place` ends at; `None` if it does
/// not resolve.
pub fn resolve_refs(json: &Value, place: &str) -> Option<String> {
    let mut place = place.to_owned();
    for _ in 0..FARTHEST {
        let value = json.value_at(&place)?;
        match value.get("$ref").and_then(Value::as_str) {
            Some(target) => place = decoded(target.strip_prefix('#')?),
            None => return Some(place),
        }
    }
    None
}
