//! Drafts of JSON Schema, and why a schema can't be compiled.

use std::fmt;

use serde_json::Value;

/// The draft of JSON Schema that a schema is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Draft {
    /// Draft 7.
    Seven,
    /// Draft 2020-12.
    #[default]
    Latest,
}

impl Draft {
    /// The draft that `$schema` names; 2020-12 where it is missing, and `None`
    /// for any other.
    #[must_use]
    pub fn of_schema(schema: &Value) -> Option<Self> {
        match schema.get("$schema") {
            None => Some(Self::Latest),
            Some(Value::String(uri)) => match uri.trim_end_matches('#') {
                "https://json-schema.org/draft/2020-12/schema" => Some(Self::Latest),
                "http://json-schema.org/draft-07/schema"
                | "https://json-schema.org/draft-07/schema" => Some(Self::Seven),
                _ => None,
            },
            Some(_) => None,
        }
    }
}

/// Why a schema can't be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// JSON pointer to the schema.
    pub pointer: String,
    /// The keyword at fault.
    pub keyword: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.pointer, self.keyword, self.message)
    }
}

impl std::error::Error for Unsupported {}
