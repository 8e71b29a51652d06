//! Decoding: from a [`Node`] to a type that only holds what its schema accepts.

use serde::Serialize;
use serde::de::{DeserializeSeed as _, Deserializer, Error};

use crate::decode::tree::NodeVisitor;
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;
use crate::value::path::Path;

/// A type that a JSON Schema was turned into.
///
/// Generated types implement this; their `Deserialize` goes through it.
pub trait Decode: Sized {
    /// Whether values have parts with types of their own, so that [`read`](Self::read)
    /// knows better than to build a tree.
    ///
    /// Of members and items no others are read by it: as trees they are small, and the
    /// code that reads a tree is there once, and not once for every type.
    const IS_COMPOSITE: bool = false;

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
        read_as_tree(deserializer)
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
        Read::Parsed(value) => Ok(value),
        Read::Rejected(node) => T::decode_root(&node).map_err(D::Error::custom),
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
pub fn accepts<T: Decode>(node: &Node<'_>) -> bool {
    T::decode(node, Path::ROOT, &mut Report::silent()).is_some()
}

/// Whether what `value` encodes to is a `T`.
pub fn accepts_encoded<T: Decode, V: Serialize>(value: &V) -> bool {
    Node::encode(value).is_ok_and(|node| accepts::<T>(&node))
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

/// What was read.
#[derive(Debug)]
pub enum Read<'de, T> {
    /// A value that fits.
    Parsed(T),
    /// A value that does not fit, or could not be told to.
    Rejected(Node<'de>),
}

impl<'de, T> Read<'de, T> {
    /// What is sure to be there.
    #[doc(hidden)]
    #[inline]
    pub fn from_option(value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Parsed(value),
            None => Self::Rejected(Node::Null),
        }
    }

    /// What the tree that `read` reads is decoded to, or the tree.
    #[inline]
    pub(crate) fn from_tree<E>(
        read: impl FnOnce(NodeVisitor<'_, 'de>) -> Result<(), E>,
    ) -> Result<Self, E>
    where
        T: Decode,
    {
        let mut node = Node::Null;
        read(NodeVisitor(&mut node))?;
        let Some(value) = T::of_node(&mut node) else {
            return Ok(Self::Rejected(node));
        };
        node.discard();
        Ok(Self::Parsed(value))
    }

    /// Puts a value that fits into something else.
    #[inline]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Read<'de, U> {
        match self {
            Self::Parsed(value) => Read::Parsed(make(value)),
            Self::Rejected(node) => Read::Rejected(node),
        }
    }

    /// Hands a value back that does not keep to a rule beside its type.
    #[must_use]
    #[inline]
    pub fn filter(self, holds: impl FnOnce(&T) -> bool) -> Self
    where
        T: Serialize,
    {
        match self {
            Self::Parsed(value) if !holds(&value) => Self::Rejected(restore(&value)),
            read => read,
        }
    }
}

/// Reads any value as a tree, and decodes that.
#[inline]
pub(crate) fn read_as_tree<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    Read::from_tree(|node| node.deserialize(deserializer))
}

/// The tree of a value that was read already.
#[cold]
pub(crate) fn restore<'de>(value: &impl Serialize) -> Node<'de> {
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Node::encode(value).unwrap_or(Node::Null)
}

/// Keeps a value that was taken from `node` if it keeps to a rule beside its type; or
/// puts it back.
#[inline]
pub fn keep<T: Serialize>(
    value: Option<T>,
    node: &mut Node<'_>,
    holds: impl FnOnce(&T) -> bool,
) -> Option<T> {
    let value = value?;
    if holds(&value) {
        return Some(value);
    }
    *node = restore(&value);
    None
}
