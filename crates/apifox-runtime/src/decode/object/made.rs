//! Objects of a list of fields, made of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess};

use crate::decode::decoding::{Decode, Read, read_as_tree};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::reading::{read_members_as_tree, read_object};
use crate::decode::object::slots::{Slots, TreeSlots};
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// What an object is made of.
///
/// One function of each type serves the reader and the one who explains what is wrong: what both
/// do with a field is compiled for a type only once it is used.
pub trait Source {
    /// What becomes of it.
    type Made<T>;

    /// Takes all fields, which have these names and places, and puts them together. The place of
    /// any other name is how many there are.
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T>;

    /// Makes what is no object with fields, by its own [`decode`](Decode::decode).
    fn other<T: Decode>(self) -> Self::Made<T>;
}

/// A tree, where what is wrong is explained.
pub(crate) struct Tree<'n, 'r> {
    pub node: &'n Node<'n>,
    pub at: Path<'n>,
    pub report: &'r mut Report,
}

impl Source for Tree<'_, '_> {
    type Made<T> = Option<T>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Option<T> {
        // What is missing is a violation, and tells `decode_slots`.
        match decode_slots(names, self, &mut slots) {
            true => Some(whole(slots.take_values())),
            false => None,
        }
    }

    /// Nothing else gets here but a type that implements neither function.
    fn other<T: Decode>(self) -> Option<T> {
        let expected = "a value whose type says how it is decoded";
        self.report.violation(self.at, "type", self.node, expected)
    }
}

/// Decodes all fields; whether none is wrong. Compiled once, not once a type.
fn decode_slots(
    names: &'static [&'static str],
    tree: Tree<'_, '_>,
    slots: &mut dyn TreeSlots,
) -> bool {
    match Fields::new(names, tree.node, tree.at, tree.report) {
        Some(mut fields) => slots.decode(&mut fields, tree.report),
        None => false,
    }
}

/// A value where one stands.
pub(crate) struct Reader<'de, D>(D, PhantomData<&'de ()>);

impl<'de, D: Deserializer<'de>> Reader<'de, D> {
    #[inline]
    pub const fn new(deserializer: D) -> Self {
        Self(deserializer, PhantomData)
    }
}

impl<'de, D: Deserializer<'de>> Source for Reader<'de, D> {
    type Made<T> = Result<Read<'de, T>, D::Error>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        _: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        _: S,
        _: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        read_object(self.0)
    }

    #[inline]
    fn other<T: Decode>(self) -> Self::Made<T> {
        read_as_tree(self.0)
    }
}

/// Members, as they come.
pub(crate) struct Stream<'e, 'de, A>(pub &'e mut Entries<'de, A>);

impl<'de, A: MapAccess<'de>> Source for Stream<'_, 'de, A> {
    type Made<T> = Result<Read<'de, T>, A::Error>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        let Self(entries) = self;
        let mut unclaimed = Unclaimed::default();
        while let Some(key) = entries.key() {
            slots.take(place(key), entries, &mut unclaimed)?;
            entries.advance()?;
        }
        if !unclaimed.is_empty() || slots.is_missing() {
            slots.restore(&mut names.iter(), &mut unclaimed);
            return Ok(Read::rejected(unclaimed.into_node()));
        }
        Ok(Read::Parsed(whole(slots.take_values())))
    }

    #[inline]
    fn other<T: Decode>(self) -> Self::Made<T> {
        read_members_as_tree(self.0)
    }
}
