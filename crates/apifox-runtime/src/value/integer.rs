//! Integers of any size.

use std::cmp::Ordering;
use std::fmt;
use std::num::TryFromIntError;

use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::value::number::{compare, whole};

/// An integer of any size: what `"type": "integer"` accepts without bounds.
///
/// Of more than 64 bits only those with at most 15 digits before zeros are accepted, such as
/// `1e30`: of others serde reads a double, and they would be another number when they are
/// written again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer(Number);

impl Integer {
    /// The value, where it fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        whole(&self.0).and_then(|value| value.try_into().ok())
    }

    /// The value, where it fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        whole(&self.0).and_then(|value| value.try_into().ok())
    }

    /// The number as JSON has it.
    #[must_use]
    pub fn as_number(&self) -> &Number {
        &self.0
    }

    #[inline]
    pub(crate) fn canonical(number: &Number) -> Self {
        match number.as_i64() {
            Some(value) => Self(value.into()),
            None => Self::canonical_of_large(number),
        }
    }

    fn canonical_of_large(number: &Number) -> Self {
        let whole = whole(number);
        if let Some(value) = whole.and_then(|value| i64::try_from(value).ok()) {
            return Self(value.into());
        }
        match whole.and_then(|value| u64::try_from(value).ok()) {
            Some(value) => Self(value.into()),
            None => Self(number.clone()),
        }
    }
}

/// From and to the integers of Rust.
macro_rules! conversions {
    ($($of:ty),*) => {$(
        impl From<$of> for Integer {
            fn from(value: $of) -> Self {
                Self::canonical(&value.into())
            }
        }

        /// An error where it does not fit.
        impl TryFrom<Integer> for $of {
            type Error = TryFromIntError;

            fn try_from(value: Integer) -> Result<Self, TryFromIntError> {
                // What has more than 128 bits fits as little as the largest that has not.
                whole(&value.0).unwrap_or(i128::MAX).try_into()
            }
        }
    )*};
}

conversions! { i8, i16, i32, i64, isize, u8, u16, u32, u64, usize }

/// By value.
impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
