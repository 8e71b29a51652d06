//! Reading values straight from a deserializer, without a tree in between.
//!
//! What a schema accepts, as it mostly does, is read once and nothing else is built. What
//! it does not accept is returned as a tree, including the parts that were read already,
//! and [`Decode::decode`] then explains what is wrong. So a reader may give up wherever
//! that is simpler, but must never accept what `decode` does not.

use serde::de::{DeserializeSeed, Deserializer};

use crate::decode::decoding::{Decode, Rejected};

/// Reads a `T` into its place where serde wants a seed.
pub(crate) struct Seed<'p, T>(pub &'p mut Option<T>);

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = Rejected<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer, self.0)
    }
}
