//! Objects of a list of fields, made of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use serde::de::MapAccess;

use crate::decode::decoding::{Parts, Read};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::slots::Slots;
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// The fields of an object, and what puts them together.
#[derive(Debug)]
pub struct Made<S, F> {
    names: &'static [&'static str],
    slots: S,
    whole: F,
}

/// An object of these fields, which have these names.
#[inline]
pub const fn made<S: Slots, T, F: FnOnce(S::Values) -> T>(
    names: &'static [&'static str],
    slots: S,
    whole: F,
) -> Made<S, F> {
    Made {
        names,
        slots,
        whole,
    }
}

impl<S: Slots, T, F: FnOnce(S::Values) -> T> Parts for Made<S, F> {
    type Whole = T;

    #[inline]
    fn decode(self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<T> {
        match Fields::new(self.names, node, at, report) {
            Some(mut fields) => S::decode(&mut fields, report).map(self.whole),
            None => None,
        }
    }

    #[inline]
    fn read<'de, A: MapAccess<'de>>(
        mut self,
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, T>, A::Error> {
        let mut unclaimed = Unclaimed::default();
        let mut next = 0;
        while let Some(key) = entries.key() {
            let index = position(self.names, key, next);
            self.slots.take(index, entries, &mut unclaimed)?;
            next = index + 1;
            entries.advance()?;
        }
        if !unclaimed.is_empty() || self.slots.is_missing() {
            self.slots.restore(&mut self.names.iter(), &mut unclaimed);
            return Ok(Read::Rejected(unclaimed.into_node()));
        }
        Ok(Read::from_option(self.slots.into_values().map(self.whole)))
    }
}

/// Which of the names this is, mostly the next one; how many there are where it is none.
#[inline]
fn position(names: &[&str], key: &str, next: usize) -> usize {
    match names.get(next) {
        Some(name) if *name == key => next,
        _ => names
            .iter()
            .position(|name| *name == key)
            .unwrap_or(names.len()),
    }
}
