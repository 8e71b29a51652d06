//! Optional fields whose empty string means that they are missing.

use serde::ser::Serialize;

/// An optional field of a reply whose empty string means that there is none.
///
/// Missing and empty are distinguished, so that a reply encodes to what it was decoded
/// from; [`value`](Self::value) treats them alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrEmpty<T> {
    /// The field is not there.
    #[default]
    Missing,
    /// The field is the empty string.
    Empty,
    /// The field has a value.
    Value(T),
}

impl<T> OrEmpty<T> {
    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Empty => None,
        }
    }

    /// Whether the field is not there at all.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<T: Serialize> Serialize for OrEmpty<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            // Objects omit missing fields.
            Self::Missing | Self::Empty => serializer.serialize_str(""),
        }
    }
}
