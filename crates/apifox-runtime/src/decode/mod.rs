//! From JSON to types.

pub(crate) mod alternatives;
pub(crate) mod array;
pub(crate) mod bounded;
pub(crate) mod constants;
pub(crate) mod decoding;
pub(crate) mod nullable;
pub mod object;
pub(crate) mod plain;
pub(crate) mod seed;
pub(crate) mod tree;
