//! What the versions of OpenAPI say differently about schemas. Whatever depends on the version
//! is decided here; docs/versions.md has the table.

use serde_json::Value;

/// The language that the schemas of a document are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaVersion {
    /// The schemas of Apifox's editor, which follow no published version.
    Apifox,
    /// OpenAPI 3.0: a subset of an older JSON Schema, with keywords of its own.
    OpenApi30,
    /// OpenAPI 3.1 and later: JSON Schema 2020-12.
    OpenApi31,
}

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
    /// The version of an OpenAPI document. Swagger 2.0 is translated to 3.0.
    #[must_use]
    pub fn of_openapi(json: &Value) -> Self {
        let version = json.get("openapi").and_then(Value::as_str);
        match version.unwrap_or_default() {
            version if version.starts_with("3.0") => Self::OpenApi30,
            _ if json.get("swagger").is_some() => Self::OpenApi30,
            _ => Self::OpenApi31,
        }
    }

    /// Whether `required` of a `readOnly` property is about replies alone, and of a `writeOnly`
    /// property about requests alone. Where not, both keywords are annotations.
    #[must_use]
    pub fn has_directions(self) -> bool {
        self == Self::OpenApi30
    }

    /// Whether what restricts values beside `$ref` is ignored.
    pub(super) fn ignores_ref_siblings(self) -> bool {
        self == Self::OpenApi30
    }

    /// Whether `$id` and `$anchor` name schemas of the document.
    #[must_use]
    pub fn has_identifiers(self) -> bool {
        self == Self::OpenApi31
    }

    /// How a keyword is read that the version does not have, or not with such a value; `None`
    /// where the version has it.
    pub(super) fn foreign_reading(self, name: &str, value: &Value) -> Option<&'static str> {
        let is_bound = matches!(name, "exclusiveMinimum" | "exclusiveMaximum");
        match (self, name, value) {
            (Self::Apifox, _, _) => None,
            (Self::OpenApi30, "type", Value::Array(_)) => {
                Some("is a list, which OpenAPI 3.0 does not know; it is read as in 3.1")
            }
            (Self::OpenApi30, "type", Value::String(name)) if name == "null" => {
                Some("is \"null\", which OpenAPI 3.0 does not know; it is read as in 3.1")
            }
            (Self::OpenApi30, _, Value::Number(_)) if is_bound => {
                Some("is a number, as in OpenAPI 3.1; it is read as there")
            }
            (Self::OpenApi30, name, _) if SINCE_31.contains(&name) => {
                Some("is not a keyword of OpenAPI 3.0; it is read as in JSON Schema")
            }
            (Self::OpenApi31, "nullable", Value::Bool(true)) => {
                Some("is not a keyword of OpenAPI 3.1; null is accepted here, as in 3.0")
            }
            (Self::OpenApi31, _, Value::Bool(_)) if is_bound => {
                Some("is a boolean, as in OpenAPI 3.0; it is read as there")
            }
            (Self::OpenApi31, "items", Value::Array(_)) => {
                Some("is a list, as in older JSON Schema; it is read as prefixItems")
            }
            (Self::OpenApi31, "additionalItems" | "dependencies", _) => {
                Some("is a keyword of older JSON Schema; it is read as there")
            }
            (Self::OpenApi31, "$schema", Value::String(uri)) if !is_2020_12(uri) => {
                Some("is another dialect; the schema is read as JSON Schema 2020-12")
            }
            _ => None,
        }
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

    use super::SchemaVersion::{Apifox, OpenApi30, OpenApi31};

    #[test]
    fn each_version_has_its_own_keywords() {
        let cases = [
            ("const", json!(1), [false, true, false]),
            ("type", json!(["string", "null"]), [false, true, false]),
            ("type", json!("null"), [false, true, false]),
            ("type", json!("string"), [false, false, false]),
            ("exclusiveMinimum", json!(1), [false, true, false]),
            ("exclusiveMinimum", json!(true), [false, false, true]),
            ("minimum", json!(1), [false, false, false]),
            ("nullable", json!(true), [false, false, true]),
            ("nullable", json!(false), [false, false, false]),
            ("items", json!([{}]), [false, false, true]),
            ("unevaluatedProperties", json!(false), [false, true, false]),
            ("examples", json!([]), [false, false, false]),
            (
                "$schema",
                json!("http://json-schema.org/draft-07/schema#"),
                [false, false, true],
            ),
            (
                "$schema",
                json!("https://json-schema.org/draft/2020-12/schema"),
                [false, false, false],
            ),
        ];
        for (name, value, expected) in cases {
            let found = [Apifox, OpenApi30, OpenApi31]
                .map(|version| version.foreign_reading(name, &value).is_some());
            assert_eq!(found, expected, "{name}: {value}");
        }
    }
}
