//! Path items of OpenAPI: their methods, and where references lead.

use serde_json::Value;

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// How many references a parameter or a body may lead through.
const FARTHEST: usize = 16;

/// The place that a value stands at once its references are followed.
pub fn resolve_refs(json: &Value, place: &str) -> Option<String> {
    let mut place = place.to_owned();
    for _ in 0..FARTHEST {
        let value = json.pointer(&place)?;
        match value.get("$ref").and_then(Value::as_str) {
            Some(target) => place = target.strip_prefix('#')?.to_owned(),
            None => return Some(place),
        }
    }
    None
}
