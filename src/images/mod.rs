//! Pictures: found in replies, fetched, checked, spooled to files, and sent.

pub(crate) mod download;
pub(crate) mod encoding;
mod fields;
pub(crate) mod find;
pub(crate) mod image;
pub(crate) mod input;
pub(crate) mod new_file;
pub(crate) mod picture;
pub(crate) mod shortfall;
pub(crate) mod spool;
