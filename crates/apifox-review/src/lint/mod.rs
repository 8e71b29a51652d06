//! What contradicts itself in a document, and how it could be corrected.
//!
//! A rule is a row of [`RULES`] and a function that checks the document, or each of its
//! schemas, operations or examples. Each finding has the operations that correct it, for a
//! file `*.bugs.patch.json`: a `test` before each change.

mod context;
mod corrections;
mod examples;
mod find_examples;
mod finding;
mod form_schemas;
pub mod formats;
mod linter;
mod rules;
mod schemas;
mod settings;

pub use self::corrections::suggest::suggestion;
pub use self::finding::Finding;
pub use self::linter::{lint, lint_file};
pub use self::rules::{RULES, Rule};
pub use self::settings::{SETTINGS_FILE, Settings};
