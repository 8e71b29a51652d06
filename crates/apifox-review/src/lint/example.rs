//! An example of a document, and what it is an example of.

use serde_json::Value;

use super::patch::Patch;

/// An example, and what it is one of.
pub(crate) struct Example<'d> {
    /// What has to go for it to be gone.
    pub pointer: String,
    /// Where its value or its text stands.
    pub value: String,
    pub name: Option<&'d str>,
    pub written: &'d Value,
    pub content: Written,
    pub of: Of,
    /// The place of the schema that it has to fit, and of that one's root.
    pub schema: Option<(String, String)>,
}

/// What is in an example.
pub(crate) enum Written {
    Json(Value),
    Empty,
    /// Why it is no JSON.
    Other(String),
}

/// What something is an example of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Request,
    /// Whether the reply is a success.
    Reply {
        is_success: bool,
    },
    Parameter,
    Schema,
    /// A reply whose response isn't there.
    Nothing,
}

impl Example<'_> {
    pub fn json(&self) -> Option<&Value> {
        match &self.content {
            Written::Json(value) => Some(value),
            _ => None,
        }
    }

    /// The example as it is called in messages.
    pub fn called(&self) -> String {
        match self.name.map(str::trim).filter(|it| !it.is_empty()) {
            Some(name) => format!("the example {name:?}"),
            None => "the example".to_owned(),
        }
    }

    /// Takes the example out of the document.
    pub fn removal(&self, document: &Value) -> Patch {
        let there = document.pointer(&self.pointer);
        there.map_or_else(Patch::none, |value| Patch::remove(&self.pointer, value))
    }
}
