//! Reading objects member by member.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Read};
use crate::decode::entries::Entries;
use crate::decode::seed::scalars_as_tree;
use crate::decode::tree::object;
use crate::value::node::Node;

/// A type whose objects are read member by member: [`object!`](crate::object) implements
/// it, and so do unions where a member decides on the alternative.
pub trait ReadObject: Decode {
    /// Reads all members.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn read_members<'de, A: MapAccess<'de>>(
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, Self>, A::Error>;
}

/// Reads all members as a tree and decodes that.
///
/// # Errors
///
/// The deserializer's.
pub fn read_members_as_tree<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
) -> Result<Read<'de, T>, A::Error> {
    Read::from_tree(|node| node.read_members(entries))
}

/// Reads an object, or whatever is in its place.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_object<'de, T: ReadObject, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: ReadObject> Visitor<'de> for ObjectVisitor<T> {
    type Value = Read<'de, T>;

    scalars_as_tree!(T);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Read::from_tree(|node| node.visit_seq(access))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        T::read_members(&mut Entries::new(access)?)
    }
}

/// The members of an object that no field has accepted.
#[derive(Debug, Default)]
pub struct Unclaimed<'de>(Vec<(Cow<'de, str>, Node<'de>)>);

impl<'de> Unclaimed<'de> {
    /// Whether there are none.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object, once the fields are restored behind these: of repeated members the
    /// last one counts.
    #[must_use]
    #[cold]
    pub fn into_node(self) -> Node<'de> {
        object(self.0)
    }

    /// Adds the member whose value was read last.
    #[cold]
    #[inline(never)]
    pub(crate) fn add<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        value: Node<'de>,
    ) {
        self.put(entries.take_key().unwrap_or_default(), value);
    }

    /// Adds a member.
    pub(crate) fn put(&mut self, key: Cow<'de, str>, value: Node<'de>) {
        self.0.push((key, value));
    }
}
