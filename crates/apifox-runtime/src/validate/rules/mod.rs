//! Schemas that are compiled at run time and checked on instances, for guards.
//!
//! `compile` makes rules of keywords, `evaluate` checks them on a value, with the same
//! code that generated types use; `predicate` reduces them for the generator.

mod array;
pub(crate) mod compile;
pub(crate) mod compiled;
pub(crate) mod draft;
mod evaluate;
mod listed;
mod logic;
pub(crate) mod memo;
mod object;
pub(crate) mod predicate;
pub(crate) mod resources;
pub(crate) mod rule;
pub(crate) mod same_length;
pub(crate) mod sum;
