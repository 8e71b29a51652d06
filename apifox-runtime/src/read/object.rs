//! Objects, member by member.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Read, scalars_by_node};
use crate::decode::Decode;
use crate::node::{self, Key, Node, NodeVisitor};

/// What may be an object that is read member by member: [`object!`](crate::object)
/// implements it, and so do alternatives among which a member can decide.
pub trait Object: Decode {
    /// Reads the members, of which `first` is the key of the first; `None` where
    /// there are none.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn members<'de, A: MapAccess<'de>>(
        first: Option<Key<'de>>,
        access: A,
    ) -> Result<Read<'de, Self>, A::Error>;
}

/// Reads members as a tree, and decodes that.
///
/// # Errors
///
/// The deserializer's.
pub fn members_by_node<'de, T: Decode, A: MapAccess<'de>>(
    first: Option<Key<'de>>,
    access: A,
) -> Result<Read<'de, T>, A::Error> {
    node::members(first, access).map(T::of_node)
}

/// Reads an object, or what stands in its place.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_object<'de, T: Object, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = Read<'de, T>;

    scalars_by_node!(T);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        NodeVisitor.visit_seq(access).map(T::of_node)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        T::members(access.next_key()?, access)
    }
}

/// The members of an object that no field has taken.
#[derive(Debug, Default)]
pub struct Lost<'de>(Vec<(Cow<'de, str>, Node<'de>)>);

impl<'de> Lost<'de> {
    /// Whether there are none.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object, once what the fields have taken is put back behind them: of
    /// repeated members the last one counts.
    #[must_use]
    pub fn into_node(mut self) -> Node<'de> {
        if let [(key, value)] = &self.0[..]
            && let Some(number) = node::precise(key, value)
        {
            return Node::Number(number);
        }
        node::keep_last_of_repeated(&mut self.0);
        Node::Object(self.0)
    }

    /// Adds a member.
    pub(super) fn add(&mut self, key: Cow<'de, str>, value: Node<'de>) {
        self.0.push((key, value));
    }
}
