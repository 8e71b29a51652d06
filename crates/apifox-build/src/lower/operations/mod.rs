//! From a document to a module: its operations, their bodies and their types.

mod accept;
mod choice;
mod document;
mod encodings;
mod operation;
mod pages;
mod reply_headers;
mod request;
mod responses;

pub(crate) use choice::unknown;
pub(crate) use document::{module, schema};
