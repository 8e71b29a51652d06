//! Operations, and their requests as HTTP.

mod body;
mod encode;
pub(crate) mod encoded;
pub(crate) mod error;
pub(crate) mod file;
pub mod media_type;
pub(crate) mod operation;
pub(crate) mod pages;
pub(crate) mod parameters;
mod parts;
pub(crate) mod reply;
pub(crate) mod server;
mod statuses;
pub mod token;
