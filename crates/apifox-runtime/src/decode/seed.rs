//! Reading values straight from a deserializer, without a tree in between.
//!
//! What a schema accepts, as it mostly does, is read once and nothing else is built. What
//! it does not accept is returned as a tree, including the parts that were read already,
//! and [`Decode::decode`] then explains what is wrong. So a reader may give up wherever
//! that is simpler, but must never accept what `decode` does not.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer};

use crate::decode::decoding::{Decode, Read};

/// Reads a `T` where serde wants a seed.
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<T> {
    type Value = Read<'de, T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// A visitor's methods for everything but arrays and objects: they decode a tree. An
/// option or newtype is read as its content, where the type is named that does so. The
/// visitor's method `done` returns what was read.
macro_rules! scalars_as_tree {
    ($of:ty) => {
        $crate::decode::seed::scalars_as_tree!();

        fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
            Ok(self.done(<$of>::read(inner)?))
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            inner: D,
        ) -> Result<Self::Value, D::Error> {
            Ok(self.done(<$of>::read(inner)?))
        }
    };
    () => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($crate::decode::tree::ANY)
        }

        $crate::decode::seed::scalars_as_tree!(@
            visit_unit(),
            visit_none(),
            visit_bool(value: bool),
            visit_u64(value: u64),
            visit_i64(value: i64),
            visit_f64(value: f64),
            visit_str(value: &str),
            visit_borrowed_str(value: &'de str),
            visit_string(value: String),
        );
    };
    (@ $($visit:ident($($value:ident: $ty:ty)?),)*) => {$(
        fn $visit<E: serde::de::Error>(self, $($value: $ty)?) -> Result<Self::Value, E> {
            Ok(self.done($crate::Read::from_tree(|node| node.$visit($($value)?))?))
        }
    )*};
}

pub(crate) use scalars_as_tree;
