//! Compares what two schemas accept.

mod bounds;
mod comparison;
mod conjunction;
mod equivalence;
mod inclusion;
mod keywords;
mod kinds;
mod listing;
mod memory;
mod mismatch;
mod node;
mod numbers;
mod path;
mod remembered;

pub(crate) use comparison::Differences;
pub(crate) use inclusion::SchemaComparison;
pub(crate) use mismatch::{Mismatch, MismatchKind};
pub(crate) use node::{IMAGE, NodeId, Side};
pub(crate) use path::{Path, Paths};
