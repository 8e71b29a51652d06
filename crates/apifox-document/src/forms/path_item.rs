//! Path items of OpenAPI: their methods, and how references to them resolve.

use apifox_runtime::is_token;
use serde_json::Value;

use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded};

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The member of a path item that holds operations of other methods, by their names.
pub(super) const OTHER_METHODS: &str = "additionalOperations";

/// The operations of a path item: the method of each, and its place in the path item.
pub(super) fn operations(item: &Value) -> Vec<(String, String)> {
    let usual = METHODS
        .into_iter()
        .filter(|method| item[method].is_object());
    let usual = usual.map(|method| (method.to_owned(), "".child(method)));
    let others = item[OTHER_METHODS].as_object().into_iter().flatten();
    let others =
        others.filter(|(method, operation)| operation.is_object() && is_other_method(method));
    let others = others.map(|(method, _)| (method.clone(), "".child(OTHER_METHODS).child(method)));
    usual.chain(others).collect()
}

/// Whether a name is that of a method which has no member of its own in a path item.
pub(crate) fn is_other_method(name: &str) -> bool {
    is_token(name) && !METHODS.contains(&name.to_ascii_lowercase().as_str())
}

/// How many references in a row are resolved.
pub const FARTHEST: usize = 16;

/// The place that the reference at `place` leads to; `None` where there is none.
pub fn referred(json: &Value, place: &str) -> Option<String> {
    let target = json.value_at(place)?.get("$ref")?.as_str()?;
    Some(decoded(target.strip_prefix('#')?))
}

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
