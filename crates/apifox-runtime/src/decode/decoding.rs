//! Decoding: from a [`Node`] to a type that only holds what its schema accepts.

use serde::Serialize;
use serde::de::{DeserializeSeed as _, Deserializer, Error};

use crate::decode::tree::NodeVisitor;
use crate::stack;
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;
use crate::value::path::Path;

/// A type that stands for a JSON Schema.
///
/// Generated types implement it; their `Deserialize` goes through it.
pub trait Decode: Sized {
    /// Whether values consist of parts with types of their own, so that
    /// [`read`](Self::read) builds no tree.
    ///
    /// Other members and items are read as trees first: they are small, and the code that
    /// reads a tree exists once instead of once for each type.
    const IS_COMPOSITE: bool = false;

    /// Decodes `node`, which is at `at`, and explains what is wrong with it.
    ///
    /// Returns `None` if and only if `report` got a violation.
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self>;

    /// Reads a value straight from `deserializer`, and explains nothing: what
    /// [`decode`](Self::decode) would not accept is returned as a tree.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        read_as_tree(deserializer)
    }

    /// Decodes the body of a reply with this HTTP status: where a document describes several
    /// replies, that says which one is meant.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks; or that the document describes no reply of this status.
    fn decode_reply(status: u16, node: &Node<'_>) -> Result<Self, Invalid> {
        let _ = status;
        Self::decode_root(node)
    }

    /// Decodes a whole instance.
    ///
    /// # Errors
    ///
    /// Every rule of the schema that the instance breaks.
    fn decode_root(node: &Node<'_>) -> Result<Self, Invalid> {
        let mut report = Report::default();
        let value = stack::measured(|| Self::decode(node, Path::ROOT, &mut report));
        report.conclude(value)
    }
}

/// Refuses a reply whose status its document does not describe.
///
/// # Errors
///
/// Always.
#[doc(hidden)]
pub fn undescribed_status<T>(status: u16) -> Result<T, Invalid> {
    let mut report = Report::default();
    let expected = "a status that the document describes";
    let _: Option<T> = report.violation(Path::ROOT, "status", &i64::from(status), expected);
    report.conclude(None)
}

/// `Deserialize` in terms of [`Decode`].
///
/// # Errors
///
/// The deserializer's own, or every rule that the instance breaks.
#[inline]
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    stack::measured(|| match T::read(deserializer)? {
        Read::Parsed(value) => Ok(value),
        Read::Rejected(node) => T::decode_root(&node).map_err(D::Error::custom),
    })
}

/// The violations and warnings of `node` as a `T`.
#[must_use]
pub fn check<T: Decode>(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    let _ = stack::measured(|| T::decode(node, Path::ROOT, &mut report));
    report
}

/// Whether `node` is a `T`.
#[must_use]
pub fn accepts<T: Decode>(node: &Node<'_>) -> bool {
    stack::measured(|| T::decode(node, Path::ROOT, &mut Report::verdict_only())).is_some()
}

/// Whether what `value` encodes to is a `T`.
pub fn accepts_encoded<T: Decode, V: Serialize>(value: &V) -> bool {
    Node::encode(value).is_ok_and(|node| accepts::<T>(&node))
}

/// Decodes `node` as a `T` and encodes it again.
///
/// # Errors
///
/// Every rule that the instance breaks.
pub fn recode<T: Decode + Serialize>(node: &Node<'_>) -> Result<Node<'static>, Invalid> {
    let value = T::decode_root(node)?;
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Ok(Node::encode(&value).unwrap_or(Node::Null))
}

/// What [`Decode::read`] has read.
#[derive(Debug)]
pub enum Read<'de, T> {
    /// A value that its schema accepts.
    Parsed(T),
    /// A value that its schema does not accept, or that the reader could not decide on. In a
    /// box, since it is rare, and what is parsed is moved through many functions.
    Rejected(Box<Node<'de>>),
}

impl<'de, T> Read<'de, T> {
    /// A value that is known to be present.
    #[doc(hidden)]
    #[inline]
    pub fn from_option(value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Parsed(value),
            None => Self::rejected(Node::Null),
        }
    }

    /// A value that is not accepted.
    #[cold]
    pub(crate) fn rejected(node: Node<'de>) -> Self {
        Self::Rejected(Box::new(node))
    }

    /// Decodes the tree that `read` reads.
    #[inline]
    pub(crate) fn from_tree<E>(
        read: impl FnOnce(NodeVisitor<'_, 'de>) -> Result<(), E>,
    ) -> Result<Self, E>
    where
        T: Decode,
    {
        let mut node = Node::Null;
        read(NodeVisitor(&mut node))?;
        let mut report = Report::verdict_only();
        let value = T::decode(&node, Path::ROOT, &mut report);
        // It records nothing, so there is nothing to drop.
        std::mem::forget(report);
        let Some(value) = value else {
            return Ok(Self::rejected(node));
        };
        node.discard();
        Ok(Self::Parsed(value))
    }

    /// Converts the value, if it was accepted.
    #[inline]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Read<'de, U> {
        match self {
            Self::Parsed(value) => Read::Parsed(make(value)),
            Self::Rejected(node) => Read::Rejected(node),
        }
    }

    /// Rejects a value that breaks a rule which its type can't say.
    #[must_use]
    #[inline]
    pub fn filter(self, accepts: impl FnOnce(&T) -> bool) -> Self
    where
        T: Serialize,
    {
        match self {
            Self::Parsed(value) if !accepts(&value) => Self::rejected(restore(&value)),
            read => read,
        }
    }
}

/// Reports that a value is nested too deeply, where there is too little of the stack left
/// to go deeper.
pub(crate) fn check_depth(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
    match stack::is_exhausted() {
        false => Some(()),
        true => report.violation(at, "type", node, "a value that is nested less deeply"),
    }
}

/// Reads a value as a tree and decodes that.
#[inline]
pub(crate) fn read_as_tree<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    Read::from_tree(|node| node.deserialize(deserializer))
}

/// The tree of a value that was read, since something beside it was rejected.
#[cold]
pub(crate) fn restore<'de>(value: &impl Serialize) -> Node<'de> {
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Node::encode(value).unwrap_or(Node::Null)
}
