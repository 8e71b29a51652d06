//! What only generated code calls.

mod alternatives;
mod builder;
pub mod fields;
mod object;
pub mod predicates;
pub mod view;
mod wrappers;

pub use crate::decode::slot;
