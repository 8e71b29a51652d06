//! Reading objects member by member.

use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Read};
use crate::decode::object::entries::Entries;
use crate::decode::seed::scalars_as_tree;

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
pub fn read_object<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for ObjectVisitor<T> {
    type Value = Read<'de, T>;

    scalars_as_tree!(T);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Read::from_tree(|node| node.visit_seq(access))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Entries::new(access);
        entries.advance()?;
        T::read_members(&mut entries)
    }
}
