//! Tasks: one layer over all APIs that answer with one.
//!
//! Which operation answers with a task, and where an API is asked about its tasks, is what
//! the [documents](routes) say; where a reply tells of one is [found](place) in it, whoever
//! wrote it.

pub(crate) mod calls;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod routes;
pub(crate) mod status;
pub(crate) mod task;
