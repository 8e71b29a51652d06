//! Decoding: from a [`Node`] to a type that only holds what its schema accepts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{Deserializer, Error};
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Number, Value};

use crate::node::Node;
use crate::path::Path;
use crate::read::{self, Read};
use crate::report::{Invalid, Report};

/// A type that a JSON Schema was turned into.
///
/// Generated types implement this; their `Deserialize` goes through it.
pub trait Decode: Sized {
    /// Whether values have parts with types of their own, so that [`read`](Self::read)
    /// knows better than to build a tree.
    ///
    /// Of members and items no others are read by it: as trees they are small, and the
    /// code that reads a tree is there once, and not once for every type.
    const HAS_PARTS: bool = false;

    /// Decodes `node`, which stands at `at`.
    ///
    /// `None` if and only if a violation was added to `report`.
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self>;

    /// Reads a value straight from `deserializer`, when `decode` would take it; or
    /// hands it back.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        read::by_node(deserializer)
    }

    /// Decodes a tree, of which nobody needs what is left, when `decode` would take it;
    /// or leaves it as it was.
    #[must_use]
    fn of_node(node: &mut Node<'_>) -> Option<Self> {
        Self::decode(node, Path::ROOT, &mut Report::silent())
    }

    /// Decodes a whole instance.
    ///
    /// # Errors
    ///
    /// Every rule of the schema that the instance breaks.
    fn decode_root(node: &Node<'_>) -> Result<Self, Invalid> {
        let mut report = Report::default();
        let value = Self::decode(node, Path::ROOT, &mut report);
        report.conclude(value)
    }
}

/// Implements `Deserialize` by way of [`Decode`].
///
/// # Errors
///
/// The deserializer's own, or every rule that the instance breaks.
#[inline]
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match T::read(deserializer)? {
        Read::Fit(value) => Ok(value),
        Read::Unfit(node) => T::decode_root(&node).map_err(D::Error::custom),
    }
}

/// Looks only for violations and warnings: what `T` says of `node`.
#[must_use]
pub fn check<T: Decode>(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    let _ = T::decode(node, Path::ROOT, &mut report);
    report
}

/// Whether `node` is a `T`; why not does not matter.
#[must_use]
pub fn fits<T: Decode>(node: &Node<'_>) -> bool {
    T::decode(node, Path::ROOT, &mut Report::silent()).is_some()
}

/// Whether what `value` encodes to is a `T`.
pub fn is<T: Decode, V: Serialize>(value: &V) -> bool {
    Node::encode(value).is_ok_and(|node| fits::<T>(&node))
}

/// What `node` encodes to once it is decoded as `T`.
///
/// # Errors
///
/// Every rule that the instance breaks.
pub fn recode<T: Decode + Serialize>(node: &Node<'_>) -> Result<Node<'static>, Invalid> {
    let value = T::decode_root(node)?;
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Ok(Node::encode(&value).unwrap_or(Node::Null))
}

impl Decode for bool {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => report.wrong_type(at, node, "a boolean"),
        }
    }

    fn of_node(node: &mut Node<'_>) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Decode for String {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::String(value) => Some(value.clone().into_owned()),
            _ => report.wrong_type(at, node, "a string"),
        }
    }

    fn of_node(node: &mut Node<'_>) -> Option<Self> {
        match node {
            Node::String(text) => Some(std::mem::replace(text, Cow::Borrowed("")).into_owned()),
            _ => None,
        }
    }
}

impl Decode for Number {
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
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Null => Some(()),
            _ => report.wrong_type(at, node, "null"),
        }
    }
}

/// Any JSON value.
impl Decode for Value {
    const HAS_PARTS: bool = true;

    fn decode(node: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(node.to_value())
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        Self::deserialize(deserializer).map(Read::Fit)
    }
}

impl<T: Decode> Decode for Box<T> {
    const HAS_PARTS: bool = T::HAS_PARTS;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        T::decode(node, at, report).map(Box::new)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Box::new))
    }

    fn of_node(node: &mut Node<'_>) -> Option<Self> {
        T::of_node(node).map(Box::new)
    }
}

impl<T: Decode + Serialize> Decode for Vec<T> {
    const HAS_PARTS: bool = true;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::Array(nodes) = node else {
            return report.wrong_type(at, node, "an array");
        };
        let mut items = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            // One wrong item does not keep the others from being looked at.
            if let Some(item) = T::decode(node, at.index(index), report) {
                items.push(item);
            }
        }
        if items.len() < nodes.len() {
            return None;
        }
        Some(items)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        read::read_array(deserializer)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::Object(members) = node else {
            return report.wrong_type(at, node, "an object");
        };
        let mut map = Self::new();
        for (key, node) in members {
            if let Some(value) = T::decode(node, at.key(key), report) {
                map.insert(key.clone().into_owned(), value);
            }
        }
        (map.len() == members.len()).then_some(map)
    }
}

/// An object whose members may be anything.
impl Decode for Map<String, Value> {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.to_value() {
            Value::Object(map) => Some(map),
            _ => report.wrong_type(at, node, "an object"),
        }
    }
}
