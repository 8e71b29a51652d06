//! Where the bodies of an operation hold what a command's flags ask for.

use inkstone::Operation;

use crate::request::document;

/// Where a body holds its prompt.
pub enum Shape {
    /// At the top level, like every field.
    Flat,
    /// In a message, together with the pictures; the other fields are parameters.
    Messages,
    /// In `input`; the other fields are parameters.
    Prompt,
}

impl Shape {
    pub fn for_operation(operation: &Operation) -> Self {
        let schema = document::request_schema(operation);
        let has = |pointer| schema.pointer(pointer).is_some();
        if has("/properties/input/properties/prompt") {
            Self::Prompt
        } else if has("/properties/input") {
            Self::Messages
        } else {
            Self::Flat
        }
    }
}
