//! `inkstone schema`.

mod diff;
mod import;
mod lint;
