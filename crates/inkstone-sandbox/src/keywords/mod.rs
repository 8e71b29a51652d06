//! Our own schema keywords, written anew for the crate `jsonschema`.

pub mod any_keyword;
pub mod format;
pub mod pattern;
pub mod same_length;
pub mod size;
pub mod size_bounds;
pub mod sum;
pub mod validator;
