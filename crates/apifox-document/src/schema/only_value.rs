//! The value of a schema that accepts one alone.

use serde_json::Value;

/// The only value that a schema accepts, by `const` or an `enum` of one.
#[must_use]
pub fn only_value(schema: &Value) -> Option<&Value> {
    let listed = || match schema.get("enum")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    schema.get("const").or_else(listed)
}
