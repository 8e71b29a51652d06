//! The versions of OpenAPI.

use std::fmt;

use serde_json::Value;

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenApiVersion {
    /// Swagger 2.0.
    V2_0,
    /// OpenAPI 3.0.
    V3_0,
    /// OpenAPI 3.1.
    V3_1,
    /// OpenAPI 3.2, and what may come after it.
    V3_2,
}

impl OpenApiVersion {
    /// The version that a document says; `None` where it is not OpenAPI.
    #[must_use]
    pub fn of(json: &Value) -> Option<Self> {
        if json.get("swagger").is_some() {
            return Some(Self::V2_0);
        }
        // In YAML a version without quotes is a number.
        let version = match json.get("openapi")? {
            Value::String(version) => version.clone(),
            other => other.to_string(),
        };
        Some(match version.get(..3) {
            Some("3.0") => Self::V3_0,
            Some("3.1") => Self::V3_1,
            _ => Self::V3_2,
        })
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

impl fmt::Display for OpenApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::V2_0 => "Swagger",
            _ => "OpenAPI",
        };
        write!(f, "{name} {}", self.number())
    }
}
