//! The fields of an object while its members are read, or decoded from a tree.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::MapAccess;

use crate::decode::decoding::{Decode, of_tree, restore};
use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::unclaimed::Unclaimed;
use crate::decode::seed::Seed;
use crate::decode::tree::read_value;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::or_empty::OrEmpty;

/// A field while its object is read or decoded.
pub trait Slot: Sized {
    /// The field's type.
    type Value;

    /// Decodes the field that the schema names next; whether it is not wrong.
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool;

    /// Reads the next member; `unclaimed` gets it if it is rejected.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error>;

    /// Whether the field is required and has not been read.
    #[inline]
    fn is_missing(&self) -> bool {
        false
    }

    /// The field, once it is known not to [be missing](Self::is_missing).
    fn into_value(self) -> Self::Value;

    /// Returns what was read to `unclaimed`, as the member `key`.
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'_>);
}

/// Reads a member into its place, which is empty if it is rejected.
#[inline]
pub(super) fn read<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
    unclaimed: &mut Unclaimed<'de>,
    place: &mut Option<T>,
) -> Result<(), A::Error> {
    // Of repeated members the last one counts.
    *place = None;
    let rejected = match T::IS_COMPOSITE {
        true => entries.value(Seed(place))?,
        false => {
            let mut node = Node::Null;
            read_value(entries, &mut node)?;
            of_tree(node, place)
        }
    };
    if let Some(node) = rejected {
        unclaimed.add(entries, *node);
    }
    Ok(())
}

/// A required field.
#[derive(Debug)]
pub struct RequiredSlot<T>(Option<T>);

/// A required field, before its member is read.
#[must_use]
pub const fn required<T>() -> RequiredSlot<T> {
    RequiredSlot(None)
}

impl<T: Decode + Serialize> Slot for RequiredSlot<T> {
    type Value = T;

    #[inline]
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
        match fields.required(report) {
            Some((node, at)) => {
                self.0 = T::decode(node, at, report);
                self.0.is_some()
            }
            None => false,
        }
    }

    #[inline]
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        read(entries, unclaimed, &mut self.0)
    }

    #[inline]
    fn is_missing(&self) -> bool {
        self.0.is_none()
    }

    /// # Panics
    ///
    /// Where the field is missing.
    #[inline]
    #[expect(
        clippy::expect_used,
        reason = "who takes values has asked for missing ones"
    )]
    fn into_value(self) -> T {
        self.0.expect("no field is missing")
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'_>) {
        if let Some(value) = &self.0 {
            unclaimed.put(Cow::Borrowed(key), restore(value));
        }
    }
}

/// An optional field.
#[derive(Debug)]
pub struct OptionalSlot<T>(Option<T>);

/// An optional field, before its member is read.
#[must_use]
pub const fn optional<T>() -> OptionalSlot<T> {
    OptionalSlot(None)
}

impl<T: Decode + Serialize> Slot for OptionalSlot<T> {
    type Value = Option<T>;

    #[inline]
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
        match fields.optional() {
            Some((node, at)) => {
                self.0 = T::decode(node, at, report);
                self.0.is_some()
            }
            None => true,
        }
    }

    #[inline]
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        read(entries, unclaimed, &mut self.0)
    }

    #[inline]
    fn into_value(self) -> Option<T> {
        self.0
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'_>) {
        if let Some(value) = &self.0 {
            unclaimed.put(Cow::Borrowed(key), restore(value));
        }
    }
}

/// An optional field whose empty string means that it is missing.
#[derive(Debug)]
pub struct OrEmptySlot<T>(OrEmpty<T>);

/// An optional field whose empty string means that it is missing, before its member is
/// read.
#[must_use]
pub const fn or_empty<T>() -> OrEmptySlot<T> {
    OrEmptySlot(OrEmpty::Missing)
}

impl<T: Decode + Serialize> Slot for OrEmptySlot<T> {
    type Value = OrEmpty<T>;

    #[inline]
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool {
        match fields.optional() {
            Some((node, at)) => match OrEmpty::decode(node, at, report) {
                Some(value) => {
                    self.0 = value;
                    true
                }
                None => false,
            },
            None => true,
        }
    }

    #[inline]
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let mut value = None;
        read(entries, unclaimed, &mut value)?;
        self.0 = value.unwrap_or_default();
        Ok(())
    }

    #[inline]
    fn into_value(self) -> OrEmpty<T> {
        self.0
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'_>) {
        if !self.0.is_missing() {
            unclaimed.put(Cow::Borrowed(key), restore(&self.0));
        }
    }
}
