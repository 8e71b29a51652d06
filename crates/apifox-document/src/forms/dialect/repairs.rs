//! Keywords with malformed values. Of some the intent is clear;
//! the others restrict nothing, and are noted.

use serde_json::{Map, Number, Value};

use super::Dialect;
use crate::diagnostics::shortened;
use crate::schema::keywords::{Form, Treatment, keyword};
use crate::schema::validate::check_form;

/// Members of schemas that are no keywords of JSON Schema, but OpenAPI's or an
/// editor's; they restrict nothing.
const ANNOTATIONS: [&str; 12] = [
    "additionalPropertiesName",
    "discriminator",
    "displayName",
    "enumDesc",
    "enumNames",
    "example",
    "externalDocs",
    "hidden",
    "id",
    "key",
    "nullable",
    "xml",
];

/// What types are called elsewhere.
const TYPES: [(&str, &str); 20] = [
    ("bool", "boolean"),
    ("byte", "string"),
    ("char", "string"),
    ("date", "string"),
    ("datetime", "string"),
    ("double", "number"),
    ("enum", "string"),
    ("file", "string"),
    ("float", "number"),
    ("int", "integer"),
    ("int32", "integer"),
    ("int64", "integer"),
    ("json", "object"),
    ("list", "array"),
    ("long", "integer"),
    ("map", "object"),
    ("short", "integer"),
    ("str", "string"),
    ("text", "string"),
    ("timestamp", "string"),
];

/// Whether a member of a schema is one of those that restrict nothing.
pub fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.contains(&name)
}

/// The type of JSON that was meant by another name.
pub fn intended_type(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_ascii_lowercase();
    let own = NAMES.iter().find(|known| **known == lower).copied();
    let synonym = TYPES.iter().find(|(other, _)| *other == lower);
    own.or_else(|| synonym.map(|(_, intended)| *intended))
}

/// The types of JSON.
const NAMES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

impl Dialect<'_> {
    /// Leaves only keywords whose values they can have.
    pub(super) fn repair(&mut self, schema: &mut Map<String, Value>, place: &str) {
        self.types(schema, place);
        let names: Vec<String> = schema.keys().cloned().collect();
        self.patterns(schema, place);
        for name in names {
            let Some(value) = schema.get(&name) else {
                continue;
            };
            match self.repaired(&name, value, place) {
                Repaired::Kept => {}
                Repaired::Other(value) => drop(schema.insert(name, value)),
                Repaired::Left => drop(schema.remove(&name)),
            }
        }
    }

    fn repaired(&mut self, name: &str, value: &Value, place: &str) -> Repaired {
        let Some(known) = keyword(name) else {
            if name == "nullable" {
                return Repaired::Kept;
            }
            if !ANNOTATIONS.contains(&name) {
                let message = "is not a keyword of JSON Schema; it is skipped";
                self.note(place, Some(name), message);
            }
            return Repaired::Left;
        };
        if matches!(known.treatment, Treatment::Refused(_)) || name == "$schema" || name == "$id" {
            return Repaired::Left;
        }
        if value.is_null() && known.form != Form::Free {
            return Repaired::Left;
        }
        if is_older_draft_form(name, value) {
            return Repaired::Kept;
        }
        match check_form(known.form, value, apifox_runtime::Draft::Latest) {
            Ok(()) => Repaired::Kept,
            Err(expected) => match intended_value(known.form, value) {
                Some(intended) => Repaired::Other(intended),
                None => {
                    let message = format!("{} is not {expected}; it is skipped", shortened(value));
                    self.note(place, Some(name), &message);
                    Repaired::Left
                }
            },
        }
    }

    /// Patterns of names that are none name nothing.
    fn patterns(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let Some(Value::Object(patterns)) = schema.get_mut("patternProperties") else {
            return;
        };
        let is_valid = |pattern: &String| apifox_runtime::Pattern::is_valid(pattern);
        let invalid: Vec<String> = patterns
            .keys()
            .filter(|pattern| !is_valid(pattern))
            .cloned()
            .collect();
        patterns.retain(|pattern, _| is_valid(pattern));
        for pattern in invalid {
            let message = format!("{pattern:?} is not a regular expression; it is skipped");
            self.note(place, Some("patternProperties"), &message);
        }
    }

    /// Types by the names that JSON Schema has for them.
    fn types(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let (Some(types), is_list) = (match schema.get("type") {
            Some(Value::String(one)) => (Some(vec![one.clone()]), false),
            Some(Value::Array(types)) => {
                let types = types.iter().filter_map(Value::as_str);
                (Some(types.map(str::to_owned).collect::<Vec<_>>()), true)
            }
            _ => (None, false),
        }) else {
            return;
        };
        let mut named: Vec<Value> = Vec::new();
        for name in &types {
            match self.type_name(name, place) {
                Some(name) if !named.contains(&name.into()) => named.push(name.into()),
                Some(_) => {}
                // Any value is of one of the types then.
                None => {
                    schema.remove("type");
                    return;
                }
            }
        }
        match (named.len(), is_list) {
            (0, _) => drop(schema.remove("type")),
            (1, false) => drop(schema.insert("type".into(), named.remove(0))),
            _ => drop(schema.insert("type".into(), named.into())),
        }
    }

    fn type_name(&mut self, name: &str, place: &str) -> Option<&'static str> {
        if let Some(known) = NAMES.iter().find(|known| **known == name) {
            return Some(known);
        }
        let lower = name.trim().to_ascii_lowercase();
        let is_any = matches!(lower.as_str(), "any" | "" | "mixed");
        let intended = intended_type(name);
        if !is_any {
            let message = match intended {
                Some(intended) => {
                    format!("{name:?} is not a JSON type; it is read as {intended:?}")
                }
                None => format!("{name:?} is not a JSON type; it is skipped"),
            };
            self.note(place, Some("type"), &message);
        }
        intended
    }
}

/// What becomes of a keyword.
enum Repaired {
    Kept,
    Other(Value),
    Left,
}

/// Whether an older draft has this value; it is translated later.
pub fn is_older_draft_form(name: &str, value: &Value) -> bool {
    match name {
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean(),
        "items" => value.is_array(),
        "pattern" => value
            .as_str()
            .is_some_and(|pattern| pattern.starts_with('/')),
        _ => false,
    }
}

/// What was meant by a value that a keyword can't have.
pub fn intended_value(form: Form, value: &Value) -> Option<Value> {
    match (form, value) {
        (Form::Number | Form::Count | Form::Positive, Value::String(text)) => {
            let number: Number = serde_json::from_str(text.trim()).ok()?;
            let number = Value::from(number);
            check_form(form, &number, apifox_runtime::Draft::Latest).ok()?;
            Some(number)
        }
        (Form::Flag, Value::String(text)) => match text.as_str() {
            "true" => Some(true.into()),
            "false" => Some(false.into()),
            _ => None,
        },
        (Form::Names, Value::Array(names)) => {
            let names = names.iter().filter(|name| name.is_string());
            Some(names.cloned().collect::<Vec<_>>().into())
        }
        // The editor writes an empty list for none.
        _ => None,
    }
}
