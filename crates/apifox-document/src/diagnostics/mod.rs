//! What is wrong with documents: as data, found in their texts, and shown to a reader.

mod diagnostic;
mod locate;
#[cfg(test)]
mod locate_tests;
mod names;
mod references;
mod render;

pub use diagnostic::{Diagnostic, Diagnostics, Omission, Repeats, Severity, grouped};
pub(crate) use names::cut;
pub use names::{closest, listed, shortened};
pub use render::{ColorChoice, Style};
