//! Reviews Apifox and OpenAPI documents without generating anything: what contradicts
//! itself in one ([`lint`](mod@lint)), what changed between two ([`diff`]), and whether one accepts
//! a body ([`check`]). [`select`] takes one operation out of a document, for those who
//! send it or serve it without generating anything. [`draft`](mod@draft) makes a first document of a page of prose.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod bodies;
mod check;
mod diff;
pub mod draft;
mod infer;
pub mod lint;
mod operation;
mod select;
mod skipped;

pub use check::{BodyChecker, BodySelector, Judgement, check, checker};
pub use diff::{Change, Diff, DistinctChange, Effect, Relation, Role, Verdict, diff, diff_files};
pub use lint::{Finding, lint, lint_file};
pub use select::{Query, SelectedOperation, SelectedSchema, select};
