//! The record of all requests.

pub mod entry;
pub mod recorder;
pub mod request_ids;
pub mod stats;
pub mod store;
