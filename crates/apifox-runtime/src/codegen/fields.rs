//! Serializes the fields of an object: a function for each kind of presence.

use serde::ser::{Serialize, SerializeMap};

use crate::value::or_empty::OrEmpty;

/// Writes a required field.
///
/// # Errors
///
/// The serializer's.
#[inline]
pub fn required<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    value: &impl Serialize,
) -> Result<(), M::Error> {
    map.serialize_key(key)?;
    map.serialize_value(value)
}

/// Writes an optional field.
///
/// # Errors
///
/// The serializer's.
#[inline]
pub fn optional<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    value: &Option<impl Serialize>,
) -> Result<(), M::Error> {
    match value {
        Some(value) => required(map, key, value),
        None => Ok(()),
    }
}

/// Writes an optional field whose empty string means that it is missing.
///
/// # Errors
///
/// The serializer's.
#[inline]
pub fn or_empty<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    value: &OrEmpty<impl Serialize>,
) -> Result<(), M::Error> {
    match value {
        OrEmpty::Missing => Ok(()),
        value => required(map, key, value),
    }
}
