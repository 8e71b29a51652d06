//! Repairs keywords with malformed values. Where the intent is clear the value is replaced, which
//! is noted where no editor writes it so; otherwise the keyword is skipped and noted.

use serde_json::{Map, Number, Value};

use super::{Dialect, SchemaVersion, has_within};
use crate::diagnostics::shortened;
use crate::pointer::{JsonPointerExt as _, member};
use crate::schema::keywords::{Form, Treatment, keyword};
use crate::schema::validate::check_form;

/// Members of schemas that belong to OpenAPI or an editor and not to JSON Schema; they
/// restrict nothing.
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

/// The types of JSON, and other names for each.
const TYPES: [(&str, &str); 7] = [
    ("array", "list"),
    ("boolean", "bool"),
    ("integer", "int int32 int64 long short"),
    ("null", ""),
    ("number", "double float"),
    ("object", "json map"),
    (
        "string",
        "byte char date datetime enum file str text timestamp",
    ),
];

/// Whether a member of a schema is one of those that restrict nothing.
pub fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.contains(&name)
}

/// The JSON type that another name stands for.
pub fn intended_type(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_ascii_lowercase();
    let is_called = |(own, others): &&(&str, &str)| {
        *own == lower || others.split_whitespace().any(|other| other == lower)
    };
    TYPES.iter().find(is_called).map(|(own, _)| *own)
}

impl Dialect<'_> {
    /// Repairs or removes keywords with malformed values; where they are refused, removes what is
    /// no fault.
    pub(super) fn repair(&mut self, schema: &mut Map<String, Value>, place: &str) {
        if self.is_strict {
            let is_kept = |name: &str| name == "nullable" || keyword(name).is_some();
            return schema.retain(|name, _| !is_annotation(name) || is_kept(name));
        }
        self.types(schema, place);
        let names: Vec<String> = schema.keys().cloned().collect();
        self.patterns(schema, place);
        for name in names {
            let Some(value) = member(schema, &name) else {
                continue;
            };
            match self.repaired(&name, value, place) {
                Repaired::Kept => {}
                Repaired::Other(value) => drop(schema.insert(name, value)),
                Repaired::Left => drop(schema.remove(&name)),
                Repaired::Unknown => self.keep_unknown(schema, place, &name),
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
            return Repaired::Unknown;
        };
        if let Treatment::Refused(why) = known.treatment {
            self.note(place, Some(name), &format!("{why}; it is skipped"));
            return Repaired::Left;
        }
        if name == "$schema" || name == "$id" {
            return Repaired::Left;
        }
        if value.is_null() && known.form != Form::Free {
            self.note_unless_apifox(place, name, || "null says nothing; it is skipped".into());
            return Repaired::Left;
        }
        if is_older_draft_form(name, value) {
            return Repaired::Kept;
        }
        match check_form(known.form, value, apifox_runtime::Draft::Latest) {
            Ok(()) => Repaired::Kept,
            Err(expected) => match intended_value(known.form, value) {
                Some(intended) => {
                    if !self.is_apifox() {
                        let (value, intended) = (shortened(value), shortened(&intended));
                        let message =
                            format!("{value} is not {expected}; it is read as {intended}");
                        self.note_read(place, name, &message);
                    }
                    Repaired::Other(intended)
                }
                None => {
                    let message = format!("{} is not {expected}; it is skipped", shortened(value));
                    self.note(place, Some(name), &message);
                    Repaired::Left
                }
            },
        }
    }

    /// Removes a member that is no keyword. Where references lead into it, it is kept as an
    /// extension, which says nothing of values either; where operations do, as it is: documents
    /// keep responses and the like among their schemas.
    fn keep_unknown(&mut self, schema: &mut Map<String, Value>, place: &str, name: &str) {
        if !self.has_used_parts(place, name) {
            schema.remove(name);
        } else if !has_within(&self.operated, &place.child(name))
            && let Some(value) = schema.remove(name)
        {
            let mut own = format!("x-{name}");
            while schema.contains_key(&own) {
                own.push('_');
            }
            self.schemas_moved(&place.child(name), &place.child(&own));
            schema.insert(own, value);
        }
    }

    /// Removes `patternProperties` whose pattern is not a regular expression.
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

    /// Replaces other names of types by those of JSON Schema.
    fn types(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let (Some(types), is_list) = (match member(schema, "type") {
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
                // An unknown type may be any, so the list as a whole allows any value.
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
        if let Some((known, _)) = TYPES.iter().find(|(known, _)| *known == name) {
            return Some(known);
        }
        let lower = name.trim().to_ascii_lowercase();
        if matches!(lower.as_str(), "any" | "" | "mixed") {
            if !self.is_apifox() {
                let message = format!("{name:?} is not a JSON type; it is read as any");
                self.note_read(place, "type", &message);
            }
            return None;
        }
        let intended = intended_type(name);
        match intended {
            Some(intended) => {
                let message = format!("{name:?} is not a JSON type; it is read as {intended:?}");
                self.note_read(place, "type", &message);
            }
            None => {
                let message = format!("{name:?} is not a JSON type; it is skipped");
                self.note(place, Some("type"), &message);
            }
        }
        intended
    }

    /// Notes what Apifox's editor writes itself, and what is a fault in any other document.
    pub(super) fn note_unless_apifox(
        &mut self,
        place: &str,
        name: &str,
        message: impl FnOnce() -> String,
    ) {
        if !self.is_apifox() {
            self.note(place, Some(name), &message());
        }
    }

    fn is_apifox(&self) -> bool {
        self.version == SchemaVersion::Apifox
    }
}

/// The outcome for a keyword.
enum Repaired {
    Kept,
    Other(Value),
    Left,
    /// It is no keyword.
    Unknown,
}

/// Whether the value has the form of an older draft, which is translated later.
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

/// The value that a malformed value stands for, if that is clear.
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
        // Such as the empty list that the editor writes where there is no value.
        _ => None,
    }
}
