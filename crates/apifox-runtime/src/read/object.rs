//! Objects, member by member.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Entries, Read, scalars_by_node};
use crate::decode::Decode;
use crate::node::{self, Node};

/// What may be an object that is read member by member: [`object!`](crate::object)
/// implements it, and so do alternatives among which a member can decide.
pub trait Object: Decode {
    /// Reads all members.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn members<'de, A: MapAccess<'de>>(
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, Self>, A::Error>;
}

/// Reads members as a tree, and decodes that.
///
/// # Errors
///
/// The deserializer's.
pub fn members_by_node<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
) -> Result<Read<'de, T>, A::Error> {
    Read::of(|node| node.members(entries))
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
        Read::of(|node| node.visit_seq(access))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        T::members(&mut Entries::of(access)?)
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
    #[cold]
    pub fn into_node(self) -> Node<'de> {
        node::object(self.0)
    }

    /// Adds the member whose value was read last.
    #[cold]
    #[inline(never)]
    pub(super) fn add<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        value: Node<'de>,
    ) {
        self.put(entries.take_key().unwrap_or_default(), value);
    }

    /// Adds a member.
    pub(super) fn put(&mut self, key: Cow<'de, str>, value: Node<'de>) {
        self.0.push((key, value));
    }
}
