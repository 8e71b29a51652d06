//! From JSON to types.

pub(crate) mod alternatives;
pub(crate) mod array;
pub(crate) mod constants;
pub(crate) mod decoding;
pub(crate) mod entries;
pub(crate) mod fields;
pub(crate) mod nullable;
pub(crate) mod object;
pub(crate) mod plain;
pub(crate) mod seed;
pub mod slot;
pub(crate) mod tree;
