//! The commands, a file each; `batch` has a folder of its own.

pub mod check;
pub mod describe_rules;
pub mod field_rules;
pub mod generate;
pub mod models;
pub mod sandbox;
pub mod schema_diff;
pub mod schema_draft;
pub mod schema_import;
pub mod schema_lint;
pub mod schema_rust;
pub mod task;
pub mod wrap;
