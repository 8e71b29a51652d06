//! Operations, and their requests as HTTP.

mod body;
mod cookie;
mod encode;
pub(crate) mod encoded;
pub(crate) mod error;
pub(crate) mod file;
mod header;
pub(crate) mod operation;
mod parts;
mod query;
mod spelling;
mod template;
mod token;
