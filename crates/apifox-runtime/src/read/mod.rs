//! Reading a value straight from a deserializer, without a [`Node`] in between.
//!
//! What fits its schema, as nearly everything does, is read once and nothing else is
//! built. What does not fit is handed back as a [`Node`], with what was read of it so
//! far put back: only [`Decode::decode`] decides what is wrong, and says where. So a
//! reader may give up whenever that is simpler, but may never take what `decode`
//! would not.

mod array;
mod entries;
mod object;
pub mod slot;

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer};

use crate::decode::Decode;
use crate::node::{Node, NodeVisitor};

pub(crate) use array::read_array;
pub use entries::Entries;
pub use object::{Lost, Object, members_by_node, read_object};
pub use slot::Slot;

/// What was read.
#[derive(Debug)]
pub enum Read<'de, T> {
    /// A value that fits.
    Fit(T),
    /// A value that does not fit, or could not be told to.
    Unfit(Node<'de>),
}

impl<'de, T> Read<'de, T> {
    /// What is sure to be there.
    #[doc(hidden)]
    #[inline]
    pub fn sure(value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Fit(value),
            None => Self::Unfit(Node::Null),
        }
    }

    /// What the tree that `read` reads is decoded to, or the tree.
    #[inline]
    pub(crate) fn of<E>(read: impl FnOnce(NodeVisitor<'_, 'de>) -> Result<(), E>) -> Result<Self, E>
    where
        T: Decode,
    {
        let mut node = Node::Null;
        read(NodeVisitor(&mut node))?;
        let Some(value) = T::of_node(&mut node) else {
            return Ok(Self::Unfit(node));
        };
        node.discard();
        Ok(Self::Fit(value))
    }

    /// Puts a value that fits into something else.
    #[inline]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Read<'de, U> {
        match self {
            Self::Fit(value) => Read::Fit(make(value)),
            Self::Unfit(node) => Read::Unfit(node),
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
            Self::Fit(value) if !holds(&value) => Self::Unfit(put_back(&value)),
            read => read,
        }
    }
}

/// Reads any value as a tree, and decodes that.
#[inline]
pub(crate) fn by_node<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    Read::of(|node| node.deserialize(deserializer))
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
    *node = put_back(&value);
    None
}

/// The tree of a value that was read already.
#[cold]
fn put_back<'de>(value: &impl Serialize) -> Node<'de> {
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Node::encode(value).unwrap_or(Node::Null)
}

/// Reads a `T` where serde wants a seed.
struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<T> {
    type Value = Read<'de, T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// The visits of all that is neither array nor object: decoded from a tree. What is
/// wrapped is read as what is wrapped.
macro_rules! scalars_by_node {
    ($of:ty) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($crate::node::ANY)
        }

        $crate::read::scalars_by_node!(@
            visit_unit(),
            visit_none(),
            visit_bool(value: bool),
            visit_u64(value: u64),
            visit_i64(value: i64),
            visit_f64(value: f64),
            visit_str(value: &str),
            visit_borrowed_str(value: &'de str),
            visit_string(value: String),
        );

        fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
            <$of>::read(inner)
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            inner: D,
        ) -> Result<Self::Value, D::Error> {
            <$of>::read(inner)
        }
    };
    (@ $($visit:ident($($value:ident: $ty:ty)?),)*) => {$(
        fn $visit<E: serde::de::Error>(self, $($value: $ty)?) -> Result<Self::Value, E> {
            $crate::Read::of(|node| node.$visit($($value)?))
        }
    )*};
}

use scalars_by_node;
