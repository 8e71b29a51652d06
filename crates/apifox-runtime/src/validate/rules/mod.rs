//! The rules of a schema that no type can say, checked on an instance.
//!
//! A [`Guard`](crate::Guard) is compiled from the schema's own JSON when it is
//! first needed. Every keyword becomes one rule; what a rule asks of a value
//! is in the file of its kind, and is the same code that the types use.

mod array;
mod compile;
pub(crate) mod compiled;
pub(crate) mod draft;
mod evaluate;
mod logic;
mod memo;
mod object;
pub(crate) mod plan;
mod quick;
pub(crate) mod resources;
pub(crate) mod rule;
mod same_length;
mod sum;
