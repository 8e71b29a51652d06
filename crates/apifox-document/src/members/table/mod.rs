//! The rows of the table, by the specification that they are from.

pub(super) mod openapi;
pub(super) mod project;
pub(super) mod security;
pub(super) mod swagger;

/// Why the addresses that parts of a document have of their own are skipped.
pub(crate) const ONE_ADDRESS: &str = "the client sends all operations to one address";
pub(crate) const ONE_ADDRESS_HELP: &str = "make a client with that address for these operations";
