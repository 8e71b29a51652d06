//! Types as a page names them.

use serde_json::{Value, json};

/// The types that a name stands for alone.
const NAMES: [&str; 6] = ["string", "integer", "number", "boolean", "object", "null"];

/// The schema of a type as a page names it: `string`, `array[object]`, `enum<string>`,
/// `string <date-time>`, `object (Pet) {3}`, `integer | null`.
pub(super) fn schema(text: &str) -> Option<Value> {
    let alternatives: Vec<&str> = text.split(" | ").collect();
    if let [first, "null"] = alternatives[..] {
        let schema = schema(first)?;
        return Some(json!({"anyOf": [schema, {"type": "null"}]}));
    }
    let (name, rest) = match text.find(|c: char| !c.is_ascii_alphabetic()) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let rest = rest.trim();
    match name {
        "array" => Some(json!({"type": "array", "items": items(rest)?})),
        "enum" => schema(within(rest)?),
        "any" if rest.is_empty() => Some(json!({})),
        "file" if rest.is_empty() => Some(json!({"type": "string", "format": "binary"})),
        name if NAMES.contains(&name) => of_name(name, rest),
        _ => None,
    }
}

fn of_name(name: &str, rest: &str) -> Option<Value> {
    let mut schema = json!({"type": name});
    match rest {
        "" => {}
        rest if name == "object" && rest.starts_with(['(', '{']) => {}
        rest if rest.starts_with('<') => {
            let format = within(rest)?;
            let is_format = format
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            schema["format"] = is_format.then(|| format.into())?;
        }
        _ => return None,
    }
    Some(schema)
}

/// The schema of an array's items.
fn items(rest: &str) -> Option<Value> {
    match rest {
        "" => Some(json!({})),
        rest => schema(within(rest)?),
    }
}

/// What stands between brackets.
fn within(text: &str) -> Option<&str> {
    let text = text.split(" {").next().unwrap_or(text).trim();
    let inner = text.strip_prefix(['[', '<', '('])?;
    Some(inner.strip_suffix([']', '>', ')'])?.trim())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::schema;

    #[test]
    fn types_are_named_in_many_ways() {
        let cases = [
            ("string", Some(json!({"type": "string"}))),
            (
                "string<uri>",
                Some(json!({"type": "string", "format": "uri"})),
            ),
            (
                "integer <int64>",
                Some(json!({"type": "integer", "format": "int64"})),
            ),
            ("object (Pet) {3}", Some(json!({"type": "object"}))),
            (
                "array[string]",
                Some(json!({"type": "array", "items": {"type": "string"}})),
            ),
            (
                "array [object (Pet) {3}]",
                Some(json!({"type": "array", "items": {"type": "object"}})),
            ),
            ("enum<string>", Some(json!({"type": "string"}))),
            (
                "integer | null",
                Some(json!({"anyOf": [{"type": "integer"}, {"type": "null"}]})),
            ),
            ("any", Some(json!({}))),
            ("file", Some(json!({"type": "string", "format": "binary"}))),
            ("strings", None),
            ("string of text", None),
            ("必需", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(schema(text), expected, "{text}");
        }
    }
}
