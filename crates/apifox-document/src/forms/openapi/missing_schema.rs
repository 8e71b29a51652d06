//! Schemas where a document has none.

use serde_json::{Value, json};

/// Puts `schema` at `place`, unless a schema is there already.
pub(super) fn insert_missing_schema(json: &mut Value, place: &str, schema: Value) {
    let Some((around, last)) = place.rsplit_once('/') else {
        return;
    };
    let Some(around) = json.pointer_mut(around) else {
        return;
    };
    // In YAML a media type without a value is null.
    if !around.is_object() {
        *around = json!({});
    }
    let there = &mut around[last];
    if !there.is_object() && !there.is_boolean() {
        *there = schema;
    }
}
