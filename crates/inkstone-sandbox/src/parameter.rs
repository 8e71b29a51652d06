//! What does a document say of a parameter, and does a value follow it?

use serde_json::{Value, json};

use crate::keywords::SchemaFault;
use crate::schema::Schema;
use crate::violation;

/// A parameter of a path, a query or a form, or a header.
pub struct Parameter {
    pub name: String,
    pub required: bool,
    kind: String,
    schema: Schema,
}

impl Parameter {
    /// The parameter that an item of a document's `parameters` describes.
    pub fn new(json: &Value) -> Result<Self, SchemaFault> {
        let kind = json["type"].as_str().unwrap_or("string");
        let schema = match &json["schema"] {
            // What has no type of JSON, such as a file, follows no rule.
            Value::Null if TYPES.contains(&kind) => json!({"type": kind}),
            Value::Null => json!(true),
            schema => schema.clone(),
        };
        let under_schema = |fault: SchemaFault| SchemaFault {
            pointer: format!("/schema{}", fault.pointer),
            ..fault
        };
        Ok(Self {
            name: json["name"].as_str().unwrap_or_default().to_owned(),
            required: json["required"] == true,
            kind: kind.to_owned(),
            schema: Schema::new(&schema).map_err(under_schema)?,
        })
    }

    pub fn is_file(&self) -> bool {
        self.kind == "file"
    }

    pub fn schema(&self) -> &Value {
        self.schema.at(&[])
    }

    /// A value as JSON has it: text unless the document gives another type.
    pub fn value(&self, text: &str) -> Value {
        let json = match self.kind.as_str() {
            "string" => None,
            _ => serde_json::from_str(text).ok(),
        };
        json.unwrap_or_else(|| text.into())
    }

    /// What is wrong with a value, or with its absence.
    pub fn fault(&self, text: Option<&str>) -> Option<String> {
        let name = &self.name;
        match text {
            None => self.required.then(|| format!("{name} is missing")),
            Some(text) => {
                let found = violation::find_in(&self.schema, &self.value(text), name)?;
                Some(found.text)
            }
        }
    }
}

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
