//! The values that a schema lists, and their types.

use apifox_runtime::Node;
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::schemas::Schema;
use apifox_document::pointer::JsonValueExt as _;
use apifox_document::schema::JsonType;

/// The values of `enum`.
pub(super) fn enum_values<'d>(schema: &Schema<'d>) -> Option<&'d Vec<Value>> {
    schema.get("enum").and_then(Value::as_array)
}

/// Whether a list has a value, however numbers are written.
pub(super) fn has_value<'v>(values: impl IntoIterator<Item = &'v Value>, value: &Value) -> bool {
    values
        .into_iter()
        .any(|listed| Node::from(listed) == Node::from(value))
}

/// The types of a schema as it is understood: nullable ones have `null` among them.
pub(super) fn types(context: &Context<'_>, schema: &Schema<'_>) -> Option<Vec<JsonType>> {
    let understood = context.api.json.value_at(schema.pointer())?;
    understood.get("type").and_then(JsonType::list)
}

pub(super) fn has_type(types: &[JsonType], value: &Value) -> bool {
    types.iter().any(|one| one.is_type_of(value))
}

/// The value of one of these types that is written as `value` is.
pub(super) fn coerce(types: &[JsonType], value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    let parsed = serde_json::from_str::<Value>(&text).ok();
    let parsed = parsed.filter(|value| !value.is_null());
    let candidates = [parsed, Some(Value::from(text))];
    candidates
        .into_iter()
        .flatten()
        .find(|candidate| has_type(types, candidate))
}
