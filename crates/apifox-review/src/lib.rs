//! Says things of Apifox and OpenAPI documents without generating anything: what
//! contradicts itself in one ([`lint`]), what changed between two ([`diff`]), and
//! whether a body is what one accepts ([`check`]).

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod check;
mod diff;
pub mod lint;

pub use check::{Meant, check};
pub use diff::{Change, Diff, Effect, Relation, Role, Verdict, diff, diff_files};
pub use lint::{Finding, lint, lint_file};
