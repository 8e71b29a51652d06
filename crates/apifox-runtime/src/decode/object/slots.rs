//! All fields of an object while it is read: a tuple of [`Slot`]s. What holds the members that the
//! schema does not name comes last; a tuple of more than eight ends with one of the others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::MapAccess;

use crate::decode::decoding::{Decode, restore};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::made::{Names, Slots, TreeSlots};
use crate::decode::object::slot::{Slot, read};
use crate::decode::object::unclaimed::Unclaimed;
use crate::decode::tree::{may_be_precise, read_value};
use crate::validate::report::Report;
use crate::value::additional::Additional;
use crate::value::node::Node;

/// Implements [`Slots`] for tuples: each slot has its place.
macro_rules! tuples {
    ($(($($slot:ident $at:tt),*; $rest:tt))*) => {$(
        impl<$($slot: Slot,)* Rest: Slots> TreeSlots for ($($slot,)* Rest,) {
            fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
                $(self.$at.decode(fields, report) &)* self.$rest.decode(fields, report)
            }
        }

        impl<$($slot: Slot,)* Rest: Slots> Slots for ($($slot,)* Rest,) {
            type Values = ($($slot::Value,)* Rest::Values,);

            #[inline]
            fn take<'de, A: MapAccess<'de>>(
                &mut self,
                index: usize,
                entries: &mut Entries<'de, A>,
                unclaimed: &mut Unclaimed<'de>,
            ) -> Result<(), A::Error> {
                match index {
                    $($at => self.$at.take(entries, unclaimed),)*
                    _ => self.$rest.take(index - $rest, entries, unclaimed),
                }
            }

            #[inline]
            fn is_missing(&self) -> bool {
                $(self.$at.is_missing() ||)* self.$rest.is_missing()
            }

            #[inline]
            fn into_values(self) -> Self::Values {
                ($(self.$at.into_value(),)* self.$rest.into_values(),)
            }

            #[cold]
            fn restore(&self, names: &mut Names, unclaimed: &mut Unclaimed<'_>) {
                $(
                    if let Some(name) = names.next() {
                        self.$at.restore(name, unclaimed);
                    }
                )*
                self.$rest.restore(names, unclaimed);
            }
        }
    )*};
}

tuples! {
    (; 0)
    (F0 0; 1)
    (F0 0, F1 1; 2)
    (F0 0, F1 1, F2 2; 3)
    (F0 0, F1 1, F2 2, F3 3; 4)
    (F0 0, F1 1, F2 2, F3 3, F4 4; 5)
    (F0 0, F1 1, F2 2, F3 3, F4 4, F5 5; 6)
    (F0 0, F1 1, F2 2, F3 3, F4 4, F5 5, F6 6; 7)
    (F0 0, F1 1, F2 2, F3 3, F4 4, F5 5, F6 6, F7 7; 8)
}

/// No other fields.
#[derive(Debug)]
pub struct ClosedSlot;

/// No other fields: other members are rejected.
#[must_use]
#[inline]
pub const fn nothing_else() -> ClosedSlot {
    ClosedSlot
}

impl TreeSlots for ClosedSlot {
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
        fields.nothing_else(report)
    }
}

impl Slots for ClosedSlot {
    type Values = ();

    #[inline]
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        _: usize,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let mut node = Node::Null;
        read_value(entries, &mut node)?;
        unclaimed.add(entries, node);
        Ok(())
    }

    #[inline]
    fn into_values(self) {}

    fn restore(&self, _: &mut Names, _: &mut Unclaimed<'_>) {}
}

/// All other fields.
#[derive(Debug)]
pub struct AdditionalSlot<S, V>(Additional<S, V>);

/// All other fields, before any member is read.
#[must_use]
pub fn rest<S, V>() -> AdditionalSlot<S, V> {
    AdditionalSlot(Additional::default())
}

impl Fields<'_> {
    /// Ends decoding: other fields are kept.
    #[expect(clippy::manual_map, reason = "it is compiled for every type")]
    pub(crate) fn rest<S, V: Decode>(&self, report: &mut Report) -> Option<Additional<S, V>> {
        match self.others(report) {
            Some(entries) => Some(Additional::unnamed(entries)),
            None => None,
        }
    }

    /// Every other field, by name. Compiled once a type of values, not once an object.
    fn others<V: Decode>(&self, report: &mut Report) -> Option<BTreeMap<String, V>> {
        let mut clean = true;
        let mut entries = BTreeMap::new();
        for (key, node) in self.unnamed() {
            match V::decode(node, self.at.key(key), report) {
                Some(value) => {
                    entries.insert(key.clone().into_owned(), value);
                }
                None => clean = false,
            }
        }
        clean.then_some(entries)
    }
}

impl<S, V: Decode + Serialize> TreeSlots for AdditionalSlot<S, V> {
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
        match fields.rest(report) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }
}

impl<S, V: Decode + Serialize> Slots for AdditionalSlot<S, V> {
    type Values = Additional<S, V>;

    #[inline]
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        _: usize,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let name = entries.key().unwrap_or_default().to_owned();
        if may_be_precise(&name) {
            return ClosedSlot.take(0, entries, unclaimed);
        }
        let mut value = None;
        read(entries, unclaimed, &mut value)?;
        match value {
            Some(value) => self.0.put(name, value),
            None => self.0.remove(&name),
        };
        Ok(())
    }

    #[inline]
    fn into_values(self) -> Additional<S, V> {
        self.0
    }

    fn restore(&self, _: &mut Names, unclaimed: &mut Unclaimed<'_>) {
        for (key, value) in &self.0 {
            unclaimed.put(Cow::Owned(key.clone()), restore(value));
        }
    }
}
