//! Whether a request is as its operation describes it.

pub mod body;
pub mod parameters;
pub mod security;
mod text;
pub mod typed;
