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
        Some(match Self::minor(&written(json.get("openapi")?)) {
            Some("0") => Self::V3_0,
            Some("1") => Self::V3_1,
            _ => Self::V3_2,
        })
    }

    /// The second number of a version 3, as in `3.1.0-rc1`.
    pub(crate) fn minor(version: &str) -> Option<&str> {
        let rest = version.strip_prefix("3.")?;
        let end = rest.find(|c: char| !c.is_ascii_digit());
        Some(&rest[..end.unwrap_or(rest.len())])
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

/// A version as a document says it: in YAML one without quotes is a number.
pub(crate) fn written(version: &Value) -> String {
    match version {
        Value::String(version) => version.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::OpenApiVersion;
    use crate::{forms, sources};

    #[test]
    fn a_version_is_known_by_its_second_number() {
        for (written, version) in [
            (json!("3.0.3"), OpenApiVersion::V3_0),
            (json!("3.1"), OpenApiVersion::V3_1),
            (json!(3.1), OpenApiVersion::V3_1),
            (json!("3.1.0-rc1"), OpenApiVersion::V3_1),
            (json!("3.2.0"), OpenApiVersion::V3_2),
            (json!("3.10.0"), OpenApiVersion::V3_2),
        ] {
            let of = OpenApiVersion::of(&json!({"openapi": written}));
            assert_eq!(of, Some(version), "{written}");
        }
    }

    #[test]
    fn a_version_without_quotes_is_read_as_one_with_them() {
        let answered = "info: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      \
            responses: {'200': {description: d}}\n";
        let cut = format!("{answered}  /b:\n    get:\n      summary: s\n");
        let omitted = "is omitted: the text ends before its responses, so it may be cut off";
        for (written, text, expected) in [
            (
                "3.5",
                answered,
                vec![r#"is version "3.5", which is read as 3.2"#],
            ),
            ("3.2", answered, vec![]),
            ("3.0", &cut, vec![omitted]),
            ("3.1", &cut, vec![]),
        ] {
            for quote in ["", "'"] {
                let text = format!("openapi: {quote}{written}{quote}\n{text}");
                let document = sources::read_text("d.yaml", &text).expect("a document");
                let api = forms::read(&document, false).expect("an API");
                let said = document.faults.iter().chain(&api.skipped);
                let said: Vec<&str> = said.map(|said| said.message.as_str()).collect();
                assert_eq!(said, expected, "{text}");
            }
        }
    }
}
