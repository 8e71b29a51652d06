//! Reviews Apifox and OpenAPI documents without generating anything: what contradicts
//! itself in one ([`lint`](mod@lint)), what changed between two ([`diff`]), and whether one accepts
//! a body ([`check`]). [`draft`](mod@draft) makes a first document of a page of prose.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod check;
mod diff;
pub mod draft;
pub mod lint;

pub use check::{BodySelector, check};
pub use diff::{Change, Diff, Effect, Relation, Role, Verdict, diff, diff_files};
pub use lint::{Finding, lint, lint_file};
