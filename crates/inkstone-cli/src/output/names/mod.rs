//! The names of files.

#![cfg_attr(test, allow(clippy::expect_used))]

pub mod name_template;
pub mod safe_stem;
pub mod stamp;
