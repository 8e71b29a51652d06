//! What changed between two documents, and what it means.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed test may panic"
)]

mod callbacks;
mod cases;
mod circles;
mod components;
mod documents;
mod long;
mod random;
mod replies;
mod shared;
mod third_opinion;
mod unread;

use apifox_document::{Document, sources};
use apifox_review::{Diff, Role, diff};
use serde_json::Value;

/// What changed from one document, or bare schema, to another.
fn compared(old: &Value, new: &Value, role: Role) -> Diff {
    let read = |json: &Value| -> Document {
        sources::read_text("it.json", &json.to_string()).expect("a document")
    };
    diff(&read(old), &read(new), role).unwrap_or_else(|error| panic!("{old}\n{new}\n{error}"))
}
