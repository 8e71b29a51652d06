//! Writes into a document what a caller wants of its schemas, as keywords of them.

pub(crate) mod formats;
pub(crate) mod given_names;
