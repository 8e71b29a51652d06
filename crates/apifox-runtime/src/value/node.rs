//! JSON values as trees that borrow their strings from the text where they can.
//!
//! What explains errors decodes this tree: a schema may look at a value more than once
//! (`anyOf`, `contains`), and a violation says where in the instance it is.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::value::exact::first_not_kept;
use crate::value::integer::Integer;
use crate::value::json_view;

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Node<'a>>),
    /// An object's members in the order of the text. Of repeated keys only the last one is
    /// kept, as in [`serde_json::Value`].
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// When `json` is not one well-formed JSON value, or has a number that neither 64 bits
    /// nor a double keep: it would be another one when it is written again.
    pub fn parse(json: &'a [u8]) -> serde_json::Result<Self> {
        let node = serde_json::from_slice(json)?;
        match first_not_kept(json) {
            Some(number) => Err(serde_json::Error::custom(format_args!(
                "the number {number} has more digits than are kept"
            ))),
            None => Ok(node),
        }
    }

    /// Encodes `value` as a tree.
    ///
    /// # Errors
    ///
    /// When `value` has no JSON form, such as a map whose keys aren't strings.
    pub fn encode(value: &impl Serialize) -> serde_json::Result<Node<'static>> {
        serde_json::to_value(value).map(|value| Node::from(&value).into_owned())
    }

    /// The same value without borrowed strings.
    #[must_use]
    pub fn into_owned(self) -> Node<'static> {
        match self {
            Self::Null => Node::Null,
            Self::Bool(value) => Node::Bool(value),
            Self::Number(value) => Node::Number(value),
            Self::String(value) => Node::String(Cow::Owned(value.into_owned())),
            Self::Array(items) => Node::Array(items.into_iter().map(Node::into_owned).collect()),
            Self::Object(members) => Node::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }

    /// The same value as a [`serde_json::Value`].
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::String(value) => Value::String(value.clone().into_owned()),
            Self::Array(items) => items.iter().map(Node::to_value).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone().into_owned(), value.to_value()))
                .collect(),
        }
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(found, _)| found == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// JSON Schema's name for the type of this value.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => Self::Number(value.clone()),
            Value::String(value) => Self::String(Cow::Borrowed(value)),
            Value::Array(items) => Self::Array(items.iter().map(Node::from).collect()),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(key, value)| (Cow::Borrowed(key.as_str()), Node::from(value)))
                    .collect(),
            ),
        }
    }
}

/// JSON Schema's equality.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        json_view::same(self, other)
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Node;

    fn node(json: &str) -> Node<'_> {
        Node::parse(json.as_bytes()).expect(json)
    }

    #[test]
    fn equality_is_json_schemas() {
        let equal = [
            ("1", "1.0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("1e23", "100000000000000000000000"),
            ("9.223372036854776e18", "9223372036854776000"),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#),
            (r#""\u0041""#, r#""A""#),
        ];
        for (a, b) in equal {
            assert_eq!(node(a), node(b));
        }
        let different = [
            ("1", "true"),
            ("0", "false"),
            ("null", "0"),
            ("[1,2]", "[2,1]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            ("9007199254740993", "9007199254740992.0"),
            ("18446744073709551615", "18446744073709552000.0"),
            ("9223372036854775808", "9.223372036854776e18"),
        ];
        for (a, b) in different {
            assert_ne!(node(a), node(b));
        }
    }

    #[test]
    fn the_last_of_repeated_keys_counts() {
        assert_eq!(node(r#"{"a":1,"b":2,"a":3}"#), node(r#"{"b":2,"a":3}"#));
        let many: Vec<String> = (0..40).map(|n| format!("\"k{}\":{n}", n % 20)).collect();
        let text = format!("{{{}}}", many.join(","));
        let value: serde_json::Value = serde_json::from_str(&text).expect("an object");
        assert_eq!(node(&text).to_value(), value);
    }

    #[test]
    fn text_is_borrowed() {
        use std::borrow::Cow;
        assert!(matches!(node(r#""a""#), Node::String(Cow::Borrowed("a"))));
        assert!(matches!(node(r#""\n""#), Node::String(Cow::Owned(_))));
    }
}

/// Numbers of Rust as numbers of JSON.
macro_rules! from_numbers {
    ($($of:ty),*) => {$(
        impl From<$of> for Node<'_> {
            fn from(value: $of) -> Self {
                Self::Number(value.into())
            }
        }
    )*};
}

from_numbers! { i32, i64, u32, u64, usize }

impl From<Integer> for Node<'_> {
    fn from(value: Integer) -> Self {
        Self::Number(value.as_number().clone())
    }
}

/// `null` for what JSON has no number for.
impl From<f64> for Node<'_> {
    fn from(value: f64) -> Self {
        Number::from_f64(value).map_or(Self::Null, Self::Number)
    }
}
