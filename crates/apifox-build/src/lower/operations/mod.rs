//! From a document to a module: its operations, their bodies and their types.

mod document;
mod operation;
mod reply_headers;
mod request;
mod responses;

pub(crate) use document::{module, schema};
