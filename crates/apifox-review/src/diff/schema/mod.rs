//! Compares what two schemas accept.

mod bounds;
mod comparison;
mod conjunction;
mod equivalence;
mod inclusion;
mod keywords;
mod kinds;
mod mismatch;
mod node;
mod numbers;

pub(crate) use comparison::Differences;
pub(crate) use inclusion::SchemaComparison;
pub(crate) use mismatch::{Mismatch, MismatchKind};
pub(crate) use node::{NodeId, Side};
