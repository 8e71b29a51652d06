//! JSON Schema as documents hold it: its keywords, whether one is well formed, and
//! which schemas refer to which.

pub mod draft_marks;
pub mod extensions;
pub mod image_keyword;
mod json_type;
pub mod keywords;
mod only_value;
pub mod pattern_literal;
pub mod reachable;
mod subschemas;
pub mod validate;

pub use json_type::JsonType;
pub use only_value::only_value;
pub use subschemas::{Subschema, subschemas, subschemas_of_keyword, visit_subschemas_mut};

/// A schema and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct SchemaRef<'d> {
    /// The schema.
    pub value: &'d serde_json::Value,
    /// Its place in its document, as a JSON pointer.
    pub pointer: &'d str,
}
