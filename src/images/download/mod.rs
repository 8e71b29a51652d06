//! Brings a picture to disk or into memory: from a server or out of the reply.

mod blocking;
mod check;
mod downloader;
mod failure;
mod file;
mod inline;
mod remote;
mod settings;
mod sink;
mod spooled;

pub(crate) use downloader::Downloader;
pub(crate) use failure::start_of;
pub use settings::{Downloads, Verify};
