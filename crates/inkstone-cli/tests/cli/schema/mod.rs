//! `inkstone schema`.

mod action;
mod diff;
mod import;
mod lint;
