//! The commands, a file each; `batch` has a folder of its own.

pub mod check;
pub mod check_lines;
pub mod describe_rules;
pub mod doctor;
pub mod field_rules;
pub mod generate;
pub mod models;
pub mod sandbox;
pub mod schema;
pub mod task;
