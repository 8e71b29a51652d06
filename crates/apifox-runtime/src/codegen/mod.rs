//! What only generated code calls.

mod alternatives;
mod builder;
mod collections;
mod endpoint;
pub mod fields;
mod object;
pub mod predicates;
mod suggestions;
pub mod view;
mod wrappers;

pub use crate::decode::object::{slot, slots};
pub use serde_json::Number;
