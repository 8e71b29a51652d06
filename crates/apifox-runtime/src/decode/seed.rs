//! Reading a value straight from a deserializer, without a [`Node`] in between.
//!
//! What fits its schema, as nearly everything does, is read once and nothing else is
//! built. What does not fit is handed back as a [`Node`], with what was read of it so
//! far put back: only [`Decode::decode`] decides what is wrong, and says where. So a
//! reader may give up whenever that is simpler, but may never take what `decode`
//! would not.

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

/// The visits of all that is neither array nor object: decoded from a tree. What is
/// wrapped is read as what is wrapped.
macro_rules! scalars_as_tree {
    ($of:ty) => {
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

        fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
            <$of>::read(inner)
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            inner: D,
        ) -> Result<Self::Value, D::Error> {
            <$of>::read(inner)
        }
    };
    (@ $($visit:ident($($value:ident: $ty:ty)?),)*) => {$(
        fn $visit<E: serde::de::Error>(self, $($value: $ty)?) -> Result<Self::Value, E> {
            $crate::Read::from_tree(|node| node.$visit($($value)?))
        }
    )*};
}

pub(crate) use scalars_as_tree;
