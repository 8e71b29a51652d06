//! Fills in required fields that have only one possible value, or a default.

use serde_json::{Map, Value};

use crate::request::document::{DEEPEST, properties, required, resolve};

/// Adds the required fields that `body` lacks, where the schema gives their value.
///
/// A document may require fields that nobody would type. Other missing fields are left for
/// the check to report.
pub fn fill_in(schema: &Value, body: &mut Value) {
    fill(schema, schema, body, DEEPEST);
}

fn fill(root: &Value, schema: &Value, body: &mut Value, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let Value::Object(members) = body else {
        return;
    };
    let keywords = resolve(root, schema);
    let required = required(&keywords);
    for (name, property) in properties(&keywords) {
        if let Some(member) = members.get_mut(name) {
            fill(root, property, member, depth);
        } else if required.contains(&name.as_str())
            && let Some(value) = value(&resolve(root, property))
        {
            members.insert(name.clone(), value);
        }
    }
}

fn value(keywords: &Map<String, Value>) -> Option<Value> {
    let only = match keywords.get("enum").and_then(Value::as_array) {
        Some(values) if values.len() == 1 => values.first(),
        _ => None,
    };
    let found = keywords.get("const").or(only);
    found.or_else(|| keywords.get("default")).cloned()
}
