//! The values that a schema lists, and their types.

use std::collections::{BTreeMap, HashSet};

use apifox_runtime::Decimal;
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::JsonValueExt as _;
use apifox_document::schema::JsonType;

/// The values of `enum`.
pub(super) fn enum_values<'d>(schema: &Schema<'d>) -> Option<&'d Vec<Value>> {
    schema.get("enum").and_then(Value::as_array)
}

/// A value as JSON Schema compares it: however numbers are written, and members are ordered.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::lint) enum Comparable<'v> {
    Null,
    Bool(bool),
    Number(Decimal),
    /// A number with more digits than a decimal has.
    Digits(String),
    String(&'v str),
    Array(Vec<Self>),
    Object(BTreeMap<&'v str, Self>),
}

impl<'v> From<&'v Value> for Comparable<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match Decimal::from_number(number) {
                Some(decimal) => Self::Number(decimal),
                None => Self::Digits(number.to_string()),
            },
            Value::String(text) => Self::String(text),
            Value::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                let members = members.iter();
                Self::Object(
                    members
                        .map(|(name, value)| (&**name, value.into()))
                        .collect(),
                )
            }
        }
    }
}

/// Whether a list has a value, however numbers are written.
pub(in crate::lint) fn has_value<'v>(
    values: impl IntoIterator<Item = &'v Value>,
    value: &Value,
) -> bool {
    let value = Comparable::from(value);
    let mut values = values.into_iter();
    values.any(|listed| Comparable::from(listed) == value)
}

/// The values of a list, each once; and those that it has again, as they are written there.
pub(super) fn split_duplicates(values: &[Value]) -> (Vec<Value>, Vec<String>) {
    let (mut seen, mut told) = (HashSet::new(), HashSet::new());
    let (distinct, again): (Vec<&Value>, Vec<&Value>) = values
        .iter()
        .partition(|value| seen.insert(Comparable::from(*value)));
    let again = again.into_iter().map(shortened);
    (
        distinct.into_iter().cloned().collect(),
        again.filter(|text| told.insert(text.clone())).collect(),
    )
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

#[cfg(test)]
mod tests {
    use apifox_runtime::Node;
    use serde_json::{Value, from_str};

    use super::Comparable;

    #[test]
    fn values_are_compared_as_rules_compare_them() {
        let texts = [
            "null",
            "true",
            "0",
            "-0.0",
            "1",
            "1.0",
            "1e2",
            "100",
            "1e23",
            "100000000000000000000000",
            "9007199254740993",
            "9007199254740992.0",
            "18446744073709551615",
            "18446744073709552000.0",
            "1e300",
            "1e-300",
            "0.3",
            "\"1\"",
            "[1, 2]",
            "[2, 1]",
            "[1.0, 2]",
            "{\"a\": 1, \"b\": [2]}",
            "{\"b\": [2.0], \"a\": 1}",
            "{\"a\": 1}",
        ];
        let values = texts.map(|text| from_str::<Value>(text).expect(text));
        for one in &values {
            for other in &values {
                let is_same = Comparable::from(one) == Comparable::from(other);
                let expected = Node::from(one) == Node::from(other);
                assert_eq!(is_same, expected, "{one} and {other}");
            }
        }
    }
}
