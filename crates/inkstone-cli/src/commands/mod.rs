//! The commands, a file or a folder each; `batch`, `serve`, `mcp` and `studio` have folders beside this one.

pub mod check;
pub mod check_lines;
pub mod describe_rules;
pub mod doctor;
pub mod field_rules;
pub mod generate;
pub mod man;
pub mod models;
pub mod sandbox;
pub mod schema;
pub mod task;
