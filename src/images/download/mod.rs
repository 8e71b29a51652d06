//! Brings a picture to disk or into memory: from a server or out of the reply.

mod address;
mod blocking;
mod check;
mod downloader;
mod failure;
mod fetch;
mod file;
mod inline;
mod part;
mod resolve;
mod routes;
mod settings;
mod sink;
mod spooled;

pub(crate) use downloader::Downloader;
#[cfg(test)]
pub(crate) use inline::LENIENT;
pub use settings::{Downloads, Verify};
