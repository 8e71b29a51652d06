//! Reads Apifox documents, OpenAPI and JSON Schema, written as JSON, YAML, Markdown or the
//! text of a published page; applies the corrections beside them; and reports what is wrong
//! with them, with file, line and column.
//!
//! [`sources`] finds and reads the files, with those that they refer to, and translates
//! Swagger 2.0 to OpenAPI 3.0; [`forms::read`] makes an [`api::Api`] of one:
//! its operations, and its schemas as plain JSON Schema 2020-12 at their places.
//! [`schema::validate`] checks a schema. What is wrong is reported as a [`Diagnostic`], whose
//! place in the text is looked up at the end.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

pub mod api;
mod corrections;
pub mod diagnostics;
mod document;
mod filled;
pub mod forms;
pub mod media_type;
pub mod members;
mod moves;
mod parse;
mod places;
pub mod pointer;
mod references;
mod repeated;
pub mod schema;
pub mod sources;
pub mod text;
mod version;

pub use diagnostics::{ColorChoice, Diagnostic, Diagnostics, Omission, Severity, Style};
pub use document::{Document, place_name, written_place};
pub use forms::Form;
pub use moves::Moves;
pub use pointer::REFERENCED_FILES;
pub use sources::Sources;
pub use text::Location;
pub use version::OpenApiVersion;
