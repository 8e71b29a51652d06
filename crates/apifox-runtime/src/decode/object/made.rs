//! Objects of a list of fields, made of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use serde::de::MapAccess;

use crate::decode::decoding::{Decode, Read};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::reading::ReadObject;
use crate::decode::object::slots::{Slots, TreeSlots};
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::additional::Named;
use crate::value::node::Node;
use crate::value::path::Path;

/// An object whose fields [`object!`](crate::object) lists.
pub trait Object: Decode {
    /// The names of the fields, in the order of the schema.
    const NAMES: &'static [&'static str];

    /// Which of the names this is; how many there are where it is none.
    fn position(name: &str) -> usize;

    /// Makes an object: the fields that it has, and what puts them together.
    fn make<S: Source>(source: S) -> S::Made<Self>;
}

impl<T: Object> Named for T {
    const NAMES: &'static [&'static str] = <T as Object>::NAMES;
}

/// What an object is made of.
///
/// One function of each type serves the reader and the one who explains what is wrong: what both
/// do with a field is compiled for a type only once it is used.
pub trait Source {
    /// What becomes of it.
    type Made<T>;

    /// Takes all fields, and puts them together.
    fn make<T: Object, S: Slots>(
        self,
        slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T>;
}

/// A tree, where what is wrong is explained.
struct Tree<'n, 'r> {
    node: &'n Node<'n>,
    at: Path<'n>,
    report: &'r mut Report,
}

impl Source for Tree<'_, '_> {
    type Made<T> = Option<T>;

    #[inline]
    fn make<T: Object, S: Slots>(
        self,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Option<T> {
        let Self { node, at, report } = self;
        // What is missing is a violation, and tells `decode`.
        match decode_slots(<T as Object>::NAMES, node, at, report, &mut slots) {
            true => Some(whole(slots.take_values())),
            false => None,
        }
    }
}

/// Decodes all fields; whether none is wrong. Compiled once, not once a type.
fn decode_slots(
    names: &'static [&'static str],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    slots: &mut dyn TreeSlots,
) -> bool {
    match Fields::new(names, node, at, report) {
        Some(mut fields) => slots.decode(&mut fields, report),
        None => false,
    }
}

/// Decodes an object, and explains what is wrong with it.
#[inline]
pub fn decode_object<T: Object>(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<T> {
    T::make(Tree { node, at, report })
}

/// Members, as they come.
struct Stream<'e, 'de, A>(&'e mut Entries<'de, A>);

impl<'de, A: MapAccess<'de>> Source for Stream<'_, 'de, A> {
    type Made<T> = Result<Read<'de, T>, A::Error>;

    #[inline]
    fn make<T: Object, S: Slots>(
        self,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        let Self(entries) = self;
        let mut unclaimed = Unclaimed::default();
        while let Some(key) = entries.key() {
            slots.take(T::position(key), entries, &mut unclaimed)?;
            entries.advance()?;
        }
        if !unclaimed.is_empty() || slots.is_missing() {
            slots.restore(&mut <T as Object>::NAMES.iter(), &mut unclaimed);
            return Ok(Read::rejected(unclaimed.into_node()));
        }
        Ok(Read::Parsed(whole(slots.take_values())))
    }
}

impl<T: Object> ReadObject for T {
    #[inline]
    fn read_members<'de, A: MapAccess<'de>>(
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, Self>, A::Error> {
        T::make(Stream(entries))
    }
}
