//! The arguments of a call.

use rmcp::model::Tool;
use serde_json::{Map, Value};

use crate::mcp::result::ToolError;

/// The arguments of a call.
pub struct Arguments(pub Map<String, Value>);

impl Arguments {
    /// Fails where one is not the tool's: what was meant would be left out, and the rest billed.
    pub fn are_of(&self, tool: &Tool) -> Result<(), ToolError> {
        let taken = tool
            .input_schema
            .get("properties")
            .and_then(Value::as_object);
        let names = || taken.into_iter().flat_map(Map::keys);
        let unknown = |name: &&String| names().all(|known| known != *name);
        let Some(name) = self.0.keys().find(unknown) else {
            return Ok(());
        };
        let taken: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        let taken = taken.join(" and ");
        let why = format!("is not an argument of `{}`, which takes {taken}", tool.name);
        Err(wrong(name, &why))
    }

    /// A text, if there is one.
    pub fn text(&self, name: &str) -> Result<Option<&str>, ToolError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name, "is not a text")),
        }
    }

    /// A text that has to be there.
    pub fn required_text(&self, name: &str) -> Result<&str, ToolError> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| wrong(name, "is missing"))
    }

    /// A whole number from 1 to `most`.
    pub fn number(&self, name: &str, most: u64) -> Result<Option<u64>, ToolError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64().filter(|number| (1..=most).contains(number));
                let why = format!("is not a whole number from 1 to {most}");
                number.map(Some).ok_or_else(|| wrong(name, &why))
            }
        }
    }

    /// The request.
    pub fn take_request(&mut self) -> Result<Value, ToolError> {
        match self.0.remove("request") {
            Some(request @ Value::Object(_)) => Ok(request),
            Some(_) => Err(wrong("request", "is not an object")),
            None => Err(wrong("request", "is missing")),
        }
    }
}

fn wrong(name: &str, why: &str) -> ToolError {
    ToolError::new("invalid_arguments", format!("/{name}: {why}"))
}
