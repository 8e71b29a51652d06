//! Reads Apifox's documents, OpenAPI and JSON Schema, whatever way they are written in,
//! applies the corrections beside them, and says what is wrong with them and where.
//!
//! [`sources`] finds and reads the files; [`forms::read`] makes an [`api::Api`] of one:
//! its operations, and its schemas as plain JSON Schema 2020-12 at their places.
//! [`schema::validate`] looks a schema over. What is wrong is a
//! [`Diagnostic`], whose place in the text is found at the end.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

pub mod api;
mod corrections;
pub mod diagnostics;
mod document;
pub mod forms;
mod parse;
pub mod pointer;
pub mod schema;
pub mod sources;
pub mod text;

pub use diagnostics::{ColorChoice, Diagnostic, Diagnostics, Severity};
pub use document::Document;
pub use sources::Sources;
pub use text::Location;
