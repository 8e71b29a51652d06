//! A parameter of a document, and whether a value follows its schema.

use serde_json::{Value, json};

use crate::documents::schema::Schema;
use crate::documents::violations;
use crate::keywords::validator::SchemaError;

/// A parameter of a path, a query or a form, or a header.
pub struct Parameter {
    pub name: String,
    pub required: bool,
    kind: String,
    schema: Schema,
}

impl Parameter {
    /// The parameter that an item of a document's `parameters` describes.
    pub fn new(json: &Value) -> Result<Self, SchemaError> {
        let kind = json["type"].as_str().unwrap_or("string");
        let schema = match &json["schema"] {
            // A type that JSON does not have, such as a file, has no rules.
            Value::Null if TYPES.contains(&kind) => json!({"type": kind}),
            Value::Null => json!(true),
            schema => schema.clone(),
        };
        let under_schema = |error: SchemaError| SchemaError {
            pointer: format!("/schema{}", error.pointer),
            ..error
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

    /// A text as JSON: a string unless the document gives another type.
    pub fn value(&self, text: &str) -> Value {
        let json = match self.kind.as_str() {
            "string" => None,
            _ => serde_json::from_str(text).ok(),
        };
        json.unwrap_or_else(|| text.into())
    }

    /// What is wrong with a value; for `None`, whether it is missing.
    pub fn problem(&self, text: Option<&str>) -> Option<String> {
        let name = &self.name;
        match text {
            None => self.required.then(|| format!("{name} is missing")),
            Some(text) => {
                let found = violations::find_in(&self.schema, &self.value(text), name)?;
                Some(found.text)
            }
        }
    }
}

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
