//! What the versions of OpenAPI say differently about schemas. Whatever depends on the version
//! is decided here; docs/versions.md has the table.

use serde_json::Value;

use crate::document::Document;
use crate::version::OpenApiVersion;

/// The language that the schemas of a document are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaVersion {
    /// The schemas of Apifox's editor, which follow no published version.
    Apifox,
    /// Swagger 2.0: less of an older JSON Schema.
    Swagger20,
    /// OpenAPI 3.0: a subset of an older JSON Schema, with keywords of its own.
    OpenApi30,
    /// OpenAPI 3.1 and later: JSON Schema 2020-12.
    OpenApi31,
}

/// The keywords that restrict values and came with OpenAPI 3.0.
const SINCE_30: [&str; 4] = ["anyOf", "not", "oneOf", "writeOnly"];

/// The keywords that restrict values and came with OpenAPI 3.1.
const SINCE_31: [&str; 17] = [
    "$dynamicRef",
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
    "dependencies",
];

impl SchemaVersion {
    /// The version of an OpenAPI document.
    #[must_use]
    pub fn of_openapi(document: &Document) -> Self {
        match OpenApiVersion::of(&document.json) {
            Some(OpenApiVersion::V2_0) => Self::Swagger20,
            Some(OpenApiVersion::V3_0) if document.is_translated() => Self::Swagger20,
            Some(OpenApiVersion::V3_0) => Self::OpenApi30,
            _ => Self::OpenApi31,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Apifox => "Apifox",
            Self::Swagger20 => "Swagger 2.0",
            Self::OpenApi30 => "OpenAPI 3.0",
            Self::OpenApi31 => "OpenAPI since 3.1",
        }
    }

    /// Whether it is older than JSON Schema 2020-12.
    fn is_old(self) -> bool {
        matches!(self, Self::Swagger20 | Self::OpenApi30)
    }

    /// Whether `required` of a `readOnly` property is about replies alone, and of a `writeOnly`
    /// property about requests alone. Where not, both keywords are annotations.
    #[must_use]
    pub fn has_directions(self) -> bool {
        self.is_old()
    }

    /// Whether what restricts values beside `$ref` is ignored.
    pub(crate) fn ignores_ref_siblings(self) -> bool {
        self.is_old()
    }

    /// Whether `$id` and `$anchor` name schemas of the document.
    #[must_use]
    pub fn has_identifiers(self) -> bool {
        self == Self::OpenApi31
    }

    /// How an alternative is read that is nothing but nullable, by Swagger's extension or not;
    /// `None` where there is no other way to read it.
    pub(super) fn nullable_alone(self, is_extension: bool) -> Option<String> {
        let own = self.name();
        Some(match self {
            Self::Apifox => return None,
            Self::Swagger20 if is_extension => return None,
            Self::OpenApi30 => format!(
                "says nothing without a type, by {own}; it is read as null, as is commonly meant"
            ),
            Self::Swagger20 | Self::OpenApi31 => {
                format!("is not a keyword of {own}; it is read as null, as is commonly meant")
            }
        })
    }

    /// How a keyword is read that the version does not have, or not with such a value; `None`
    /// where the version has it.
    pub(super) fn foreign_reading(self, name: &str, value: &Value) -> Option<String> {
        let is_bound = matches!(name, "exclusiveMinimum" | "exclusiveMaximum");
        let own = self.name();
        Some(match (self, name, value) {
            (Self::Apifox, _, _) => return None,
            (Self::Swagger20, "nullable", Value::Bool(true)) => {
                format!("is not a keyword of {own}; null is accepted here, as in OpenAPI 3.0")
            }
            (Self::Swagger20, name, value)
                if SINCE_30.contains(&name) && *value != Value::Bool(false) =>
            {
                format!("is not a keyword of {own}; it is read as in OpenAPI 3.0")
            }
            (_, "type", Value::Array(_)) if self.is_old() => {
                format!("is a list, which {own} does not know; it is read as in 3.1")
            }
            (_, "type", Value::String(name)) if self.is_old() && name == "null" => {
                format!("is \"null\", which {own} does not know; it is read as in 3.1")
            }
            (_, _, Value::Number(_)) if self.is_old() && is_bound => {
                "is a number, as in OpenAPI 3.1; it is read as there".to_owned()
            }
            (_, name, _) if self.is_old() && SINCE_31.contains(&name) => {
                format!("is not a keyword of {own}; it is read as in JSON Schema")
            }
            (Self::OpenApi31, "nullable", Value::Bool(true)) => {
                format!("is not a keyword of {own}; null is accepted here, as in 3.0")
            }
            (Self::OpenApi31, _, Value::Bool(_)) if is_bound => {
                "is a boolean, as in OpenAPI 3.0; it is read as there".to_owned()
            }
            (Self::OpenApi31, "items", Value::Array(_)) => {
                "is a list, as in older JSON Schema; it is read as prefixItems".to_owned()
            }
            (Self::OpenApi31, "additionalItems" | "dependencies", _) => {
                "is a keyword of older JSON Schema; it is read as there".to_owned()
            }
            (Self::OpenApi31, "$schema", Value::String(uri)) if !is_2020_12(uri) => {
                "is another dialect; the schema is read as JSON Schema 2020-12".to_owned()
            }
            _ => return None,
        })
    }
}

/// Whether a dialect is that of OpenAPI 3.1, or JSON Schema 2020-12, which it is based on.
pub(crate) fn is_2020_12(uri: &str) -> bool {
    let uri = uri.trim_end_matches('#');
    uri.starts_with("https://spec.openapis.org/oas/3.")
        || uri == "https://json-schema.org/draft/2020-12/schema"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::SchemaVersion::{Apifox, OpenApi30, OpenApi31, Swagger20};

    #[test]
    fn each_version_has_its_own_keywords() {
        let cases = [
            ("const", json!(1), [false, true, true, false]),
            (
                "type",
                json!(["string", "null"]),
                [false, true, true, false],
            ),
            ("type", json!("null"), [false, true, true, false]),
            ("type", json!("string"), [false, false, false, false]),
            ("exclusiveMinimum", json!(1), [false, true, true, false]),
            ("exclusiveMinimum", json!(true), [false, false, false, true]),
            ("minimum", json!(1), [false, false, false, false]),
            ("nullable", json!(true), [false, true, false, true]),
            ("nullable", json!(false), [false, false, false, false]),
            ("items", json!([{}]), [false, false, false, true]),
            (
                "unevaluatedProperties",
                json!(false),
                [false, true, true, false],
            ),
            ("oneOf", json!([{}]), [false, true, false, false]),
            ("not", json!({}), [false, true, false, false]),
            ("writeOnly", json!(true), [false, true, false, false]),
            ("writeOnly", json!(false), [false, false, false, false]),
            ("readOnly", json!(true), [false, false, false, false]),
            ("examples", json!([]), [false, false, false, false]),
            (
                "$schema",
                json!("http://json-schema.org/draft-07/schema#"),
                [false, false, false, true],
            ),
            (
                "$schema",
                json!("https://json-schema.org/draft/2020-12/schema"),
                [false, false, false, false],
            ),
        ];
        for (name, value, expected) in cases {
            let found = [Apifox, Swagger20, OpenApi30, OpenApi31]
                .map(|version| version.foreign_reading(name, &value).is_some());
            assert_eq!(found, expected, "{name}: {value}");
        }
    }
}
