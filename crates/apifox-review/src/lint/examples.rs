//! An example in a document, and what it is an example of.

use serde_json::Value;

use super::corrections::patch::Patch;
use super::schemas::SchemaPlace;
use apifox_document::pointer::JsonValueExt as _;

/// An example, as it is written and as it is understood.
pub(crate) struct Example<'d> {
    /// The pointer to what has to be removed to remove the example.
    pub pointer: String,
    /// The pointer to its value or its text.
    pub value: String,
    pub name: Option<&'d str>,
    pub written: &'d Value,
    pub content: ExampleContent,
    pub subject: Subject,
    /// The schema that it has to fit.
    pub schema: Option<SchemaPlace>,
}

/// What is in an example.
pub(crate) enum ExampleContent {
    Json(Value),
    Empty,
    /// Text that is not JSON: the error of the parser.
    Invalid(String),
}

/// What something is an example of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Request,
    /// Whether the reply is a success.
    Reply {
        is_success: bool,
    },
    Parameter,
    Schema,
    /// A reply whose response doesn't exist.
    MissingResponse,
}

impl Example<'_> {
    pub fn json(&self) -> Option<&Value> {
        match &self.content {
            ExampleContent::Json(value) => Some(value),
            _ => None,
        }
    }

    /// The example as messages name it.
    pub fn label(&self) -> String {
        match self.name.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => format!("the example {name:?}"),
            None => "the example".to_owned(),
        }
    }

    /// Removes the example from the document.
    pub fn removal(&self, document: &Value) -> Patch {
        let value = document.value_at(&self.pointer);
        value.map_or_else(Patch::empty, |value| Patch::remove(&self.pointer, value))
    }
}

/// The value in a wrapper `{name, value}`, as the editor writes it.
pub(super) fn unwrapped(item: &Value) -> Option<&Value> {
    const MEMBERS: [&str; 5] = ["name", "value", "description", "summary", "mediaType"];
    let members = item.as_object()?;
    let is_wrapper =
        members.contains_key("name") && members.keys().all(|name| MEMBERS.contains(&name.as_str()));
    members.get("value").filter(|_| is_wrapper)
}
