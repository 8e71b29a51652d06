//! The fields of an object while its members are read.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::MapAccess;

use crate::decode::decoding::{Decode, Read, restore};
use crate::decode::entries::Entries;
use crate::decode::object::Unclaimed;
use crate::decode::seed::Seed;
use crate::decode::tree::{may_be_precise, read_value};
use crate::value::additional::Additional;
use crate::value::node::Node;
use crate::value::or_empty::OrEmpty;

/// A field, or all those that the schema does not name.
pub trait Slot<'de> {
    /// The field's type.
    type Value;

    /// Reads the next member; `unclaimed` gets it if it is rejected.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error>;

    /// Whether the field is required and has not been read.
    #[inline]
    fn is_missing(&self) -> bool {
        false
    }

    /// The field; `None` where it is missing.
    fn into_value(self) -> Option<Self::Value>;

    /// Returns what was read to `unclaimed`, as the member `key`.
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'de>);
}

/// Reads a member.
#[inline]
fn read<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
    unclaimed: &mut Unclaimed<'de>,
) -> Result<Option<T>, A::Error> {
    let read = match T::IS_COMPOSITE {
        true => entries.value(Seed::<T>::new())?,
        false => Read::from_tree(|node| read_value(entries, node))?,
    };
    match read {
        Read::Parsed(value) => Ok(Some(value)),
        Read::Rejected(node) => {
            unclaimed.add(entries, node);
            Ok(None)
        }
    }
}

/// A required field.
#[derive(Debug)]
pub struct RequiredSlot<T>(Option<T>);

/// A required field, before its member is read.
#[must_use]
pub const fn required<T>() -> RequiredSlot<T> {
    RequiredSlot(None)
}

impl<'de, T: Decode + Serialize> Slot<'de> for RequiredSlot<T> {
    type Value = T;

    #[inline]
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        self.0 = read(entries, unclaimed)?;
        Ok(())
    }

    #[inline]
    fn is_missing(&self) -> bool {
        self.0.is_none()
    }

    #[inline]
    fn into_value(self) -> Option<T> {
        self.0
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'de>) {
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

impl<'de, T: Decode + Serialize> Slot<'de> for OptionalSlot<T> {
    type Value = Option<T>;

    #[inline]
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        self.0 = read(entries, unclaimed)?;
        Ok(())
    }

    #[inline]
    fn into_value(self) -> Option<Option<T>> {
        Some(self.0)
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'de>) {
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

impl<'de, T: Decode + Serialize> Slot<'de> for OrEmptySlot<T> {
    type Value = OrEmpty<T>;

    #[inline]
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let value = read::<OrEmpty<T>, A>(entries, unclaimed)?;
        self.0 = value.unwrap_or_default();
        Ok(())
    }

    #[inline]
    fn into_value(self) -> Option<OrEmpty<T>> {
        Some(self.0)
    }

    #[cold]
    fn restore(&self, key: &'static str, unclaimed: &mut Unclaimed<'de>) {
        if !self.0.is_missing() {
            unclaimed.put(Cow::Borrowed(key), restore(&self.0));
        }
    }
}

/// No other fields.
#[derive(Debug)]
pub struct ClosedSlot;

/// No other fields: other members are rejected.
#[must_use]
pub const fn nothing_else() -> ClosedSlot {
    ClosedSlot
}

impl<'de> Slot<'de> for ClosedSlot {
    type Value = ();

    #[inline]
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let node = Node::read_with(|node| read_value(entries, node))?;
        unclaimed.add(entries, node);
        Ok(())
    }

    #[inline]
    fn into_value(self) -> Option<()> {
        Some(())
    }

    fn restore(&self, _: &'static str, _: &mut Unclaimed<'de>) {}
}

/// All other fields.
#[derive(Debug)]
pub struct AdditionalSlot<S, V>(Additional<S, V>);

/// All other fields, before any member is read.
#[must_use]
pub fn rest<S, V>() -> AdditionalSlot<S, V> {
    AdditionalSlot(Additional::default())
}

impl<'de, S, V: Decode + Serialize> Slot<'de> for AdditionalSlot<S, V> {
    type Value = Additional<S, V>;

    #[inline]
    fn take<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error> {
        let name = entries.key().unwrap_or_default().to_owned();
        if may_be_precise(&name) {
            return ClosedSlot.take(entries, unclaimed);
        }
        match read(entries, unclaimed)? {
            Some(value) => self.0.put(name, value),
            None => self.0.remove(&name),
        };
        Ok(())
    }

    #[inline]
    fn into_value(self) -> Option<Additional<S, V>> {
        Some(self.0)
    }

    fn restore(&self, _: &'static str, unclaimed: &mut Unclaimed<'de>) {
        for (key, value) in &self.0 {
            unclaimed.put(Cow::Owned(key.clone()), restore(value));
        }
    }
}
