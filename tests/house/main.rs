//! The rules of the house, read from the sources: no modules that import each other in a
//! circle, crates that stand above what they use, vendors named only where they may be,
//! folders that can be read at a glance.

#![allow(clippy::expect_used, clippy::panic)]

mod circles;
mod crates;
mod folders;
mod imports;
mod manuals;
mod modules;
mod once;
mod public_api;
mod requirements;
mod vendors;
mod wasm;
