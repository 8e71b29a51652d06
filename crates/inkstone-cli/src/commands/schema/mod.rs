//! `inkstone schema`, a file for each of its commands.

pub mod diff;
pub mod draft;
pub mod import;
pub mod lint;
pub mod markdown;
pub mod operations;
mod places;
pub mod rust;
