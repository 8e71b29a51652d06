//! The values that `enum` and `const` list.

use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::value::node::Node;
use crate::value::number;

/// A value that a schema lists.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(&'static str),
}

impl Constant {
    /// Writes a string as it is, without the quotes of JSON.
    ///
    /// # Errors
    ///
    /// The formatter's.
    pub fn fmt_plain(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            other => std::fmt::Display::fmt(other, f),
        }
    }

    /// Whether a tree is this value.
    #[inline]
    pub(crate) fn is(&self, node: &Node<'_>) -> bool {
        match (self, node) {
            (Self::Null, Node::Null) => true,
            (Self::Bool(a), Node::Bool(b)) => a == b,
            (Self::Integer(a), Node::Number(b)) => is_number(*a, b),
            (Self::Text(a), Node::String(b)) => a == b,
            _ => false,
        }
    }
}

fn is_number(constant: i64, number: &Number) -> bool {
    number::equal(&constant.into(), number)
}

impl std::fmt::Display for Constant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => serde_json::Value::from(*value).fmt(f),
        }
    }
}

impl Serialize for Constant {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}
