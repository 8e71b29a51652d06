//! The arguments of a call.

use serde_json::{Map, Value};

use crate::mcp::result::ToolError;

/// The arguments of a call.
pub struct Arguments(pub Map<String, Value>);

impl Arguments {
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
