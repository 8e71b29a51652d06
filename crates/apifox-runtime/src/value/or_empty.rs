//! A field whose empty string is as good as none.

use serde::ser::Serialize;

/// An optional field of a reply whose empty string means that there is none.
///
/// Both ways of saying so are told apart, so that a reply encodes to what it
/// was decoded from; [`value`](Self::value) treats them alike.
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
            // A missing field is left out by the object that it belongs to.
            Self::Missing | Self::Empty => serializer.serialize_str(""),
        }
    }
}
