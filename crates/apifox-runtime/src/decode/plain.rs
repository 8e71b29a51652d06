//! [`Decode`] for types that are not generated: those of the standard library and of
//! serde_json, and our own numbers.

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Number, Value};

use crate::decode::array::read_array;
use crate::decode::decoding::{Decode, Rejected, check_depth, read_as_tree};
use crate::stack;
use crate::validate::report::{Invalid, Report};
use crate::value::integer::Integer;
use crate::value::node::Node;
use crate::value::number::is_integer;
use crate::value::or_empty::OrEmpty;
use crate::value::path::Path;

impl Decode for bool {
    const IS_COMPOSITE: bool = false;

    #[inline]
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => report.wrong_type(at, node, "a boolean"),
        }
    }
}

impl Decode for String {
    const IS_COMPOSITE: bool = false;

    #[inline]
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::String(value) => Some(value.as_ref().to_owned()),
            _ => report.wrong_type(at, node, "a string"),
        }
    }
}

impl Decode for Number {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Number(value) => Some(value.clone()),
            _ => report.wrong_type(at, node, "a number"),
        }
    }
}

/// The type of `null`.
pub type Null = ();

impl Decode for Null {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Null => Some(()),
            _ => report.wrong_type(at, node, "null"),
        }
    }
}

/// Any JSON value.
impl Decode for Value {
    fn decode(node: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(node.to_value())
    }

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, D::Error> {
        *place = Some(Self::deserialize(deserializer)?);
        Ok(None)
    }
}

impl<T: Decode> Decode for Box<T> {
    const IS_COMPOSITE: bool = T::IS_COMPOSITE;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        check_depth(node, at, report)?;
        T::decode(node, at, report).map(Box::new)
    }

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, D::Error> {
        // A tree takes less of the stack, and is refused with its place.
        if stack::is_exhausted() {
            return read_as_tree(deserializer, place);
        }
        let mut value = None;
        let rejected = T::read(deserializer, &mut value)?;
        *place = value.map(Box::new);
        Ok(rejected)
    }
}

impl<T: Decode + Serialize> Decode for Vec<T> {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::Array(nodes) = node else {
            return report.wrong_type(at, node, "an array");
        };
        check_depth(node, at, report)?;
        let mut items = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            // No more is recorded.
            if report.is_full() {
                return None;
            }
            // After a wrong item the others are still checked.
            if let Some(item) = T::decode(node, at.index(index), report) {
                items.push(item);
            }
        }
        if items.len() < nodes.len() {
            return None;
        }
        Some(items)
    }

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, D::Error> {
        match stack::is_exhausted() {
            true => read_as_tree(deserializer, place),
            false => read_array(deserializer, place),
        }
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::Object(members) = node else {
            return report.wrong_type(at, node, "an object");
        };
        check_depth(node, at, report)?;
        let mut map = Self::new();
        for (key, node) in members {
            if report.is_full() {
                return None;
            }
            if let Some(value) = T::decode(node, at.key(key), report) {
                map.insert(key.clone().into_owned(), value);
            }
        }
        (map.len() == members.len()).then_some(map)
    }
}

/// An object whose members may be anything.
impl Decode for Map<String, Value> {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.to_value() {
            Value::Object(map) => Some(map),
            _ => report.wrong_type(at, node, "an object"),
        }
    }
}

impl TryFrom<Number> for Integer {
    type Error = Invalid;

    fn try_from(value: Number) -> Result<Self, Invalid> {
        Self::decode_root(&Node::Number(value))
    }
}

impl Decode for Integer {
    const IS_COMPOSITE: bool = false;

    #[inline]
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Number(number) if is_integer(number) => Some(Self::canonical(number)),
            _ => report.wrong_type(at, node, "an integer"),
        }
    }
}

crate::impl_deserialize! { Integer }

/// For a field that is present.
impl<T: Decode> Decode for OrEmpty<T> {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::String(text) if text.is_empty() => Some(Self::Empty),
            _ => T::decode(node, at, report).map(Self::Value),
        }
    }
}
