//! The names of files.

pub mod name_template;
pub mod safe_stem;
pub mod stamp;
