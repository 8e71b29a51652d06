//! Reading objects member by member.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Read};
use crate::decode::object::entries::Entries;
use crate::decode::seed::scalars_as_tree;
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
    let mut place = None;
    deserializer.deserialize_any(ObjectVisitor(&mut place))?;
    // Every visit puts something there.
    Ok(place.unwrap_or_else(|| Read::rejected(Node::Null)))
}

/// Reads an object into its place: it may be large, and a deserializer copies what a visitor
/// returns several times.
struct ObjectVisitor<'p, 'de, T>(&'p mut Option<Read<'de, T>>);

impl<'de, T> ObjectVisitor<'_, 'de, T> {
    #[inline]
    fn done(self, read: Read<'de, T>) {
        *self.0 = Some(read);
    }
}

impl<'de, T: ReadObject> Visitor<'de> for ObjectVisitor<'_, 'de, T> {
    type Value = ();

    scalars_as_tree!(T);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        self.done(Read::from_tree(|node| node.visit_seq(access))?);
        Ok(())
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut entries = Entries::new(access);
        entries.advance()?;
        self.done(T::read_members(&mut entries)?);
        Ok(())
    }
}
