//! Objects of a list of fields, made of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use serde::de::MapAccess;

use crate::decode::decoding::{Parts, Read};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::slots::{Slots, TreeSlots};
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// The fields of an object, and what puts them together.
#[derive(Debug)]
pub struct Made<P, S, F> {
    names: &'static [&'static str],
    place: P,
    slots: S,
    whole: F,
}

/// An object of these fields, which have these names and places. The place of any other name is
/// how many there are.
#[inline]
pub const fn made<P: Fn(&str) -> usize, S: Slots, T, F: FnOnce(S::Values) -> T>(
    names: &'static [&'static str],
    place: P,
    slots: S,
    whole: F,
) -> Made<P, S, F> {
    Made {
        names,
        place,
        slots,
        whole,
    }
}

impl<P: Fn(&str) -> usize, S: Slots, T, F: FnOnce(S::Values) -> T> Parts for Made<P, S, F> {
    type Whole = T;

    #[inline]
    fn decode(mut self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<T> {
        // What is missing is a violation, and tells `decode_slots`.
        match decode_slots(self.names, node, at, report, &mut self.slots) {
            true => Some((self.whole)(self.slots.take_values())),
            false => None,
        }
    }

    #[inline]
    fn read<'de, A: MapAccess<'de>>(
        mut self,
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, T>, A::Error> {
        let mut unclaimed = Unclaimed::default();
        while let Some(key) = entries.key() {
            let place = (self.place)(key);
            self.slots.take(place, entries, &mut unclaimed)?;
            entries.advance()?;
        }
        if !unclaimed.is_empty() || self.slots.is_missing() {
            self.slots.restore(&mut self.names.iter(), &mut unclaimed);
            return Ok(Read::rejected(unclaimed.into_node()));
        }
        Ok(Read::Parsed((self.whole)(self.slots.take_values())))
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
