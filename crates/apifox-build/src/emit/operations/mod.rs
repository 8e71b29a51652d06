//! Operations, and the lists of all of them.

pub(super) mod operation;
pub(super) mod registry;
pub(super) mod reply_headers;
mod serialization;
