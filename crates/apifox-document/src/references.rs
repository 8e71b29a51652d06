//! The references in a document: where they stand, and where anchors are.

use serde_json::{Map, Value};

use crate::document::{REFERENCED_FILES, place_of_file};
use crate::pointer::push_step;

/// A reference as it is written.
pub(crate) struct Reference {
    /// The pointer to the string.
    pub pointer: String,
    /// The string.
    pub target: String,
    /// Whether it is in the `mapping` of a discriminator, where it may be a plain name.
    pub is_mapping: bool,
}

/// What a document refers to, and what can be referred to in it by a name.
#[derive(Default)]
pub(crate) struct References {
    pub references: Vec<Reference>,
    /// Each `$anchor`, with the pointer to its schema.
    pub anchors: Vec<(String, String)>,
    /// Each `$id`.
    pub ids: Vec<String>,
}

/// Members that hold values and not parts of the document.
const VALUES: [&str; 5] = ["const", "default", "enum", "example", "value"];

/// Members whose own members have names that the document chooses.
const NAMED: [&str; 23] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securityDefinitions",
    "securitySchemes",
    "webhooks",
];

impl References {
    /// The references in a document, and in the files that are read into it. What looks like
    /// one in an example or another value is not a reference.
    pub fn find(json: &Value) -> Self {
        let mut found = Self::default();
        found.collect(json, &mut String::new(), None);
        let files = json.get(REFERENCED_FILES).and_then(Value::as_object);
        for (name, file) in files.into_iter().flatten() {
            found.collect(file, &mut place_of_file(name), None);
        }
        found
    }

    /// Collects from `value`, the member `name` of what it stands in; `None` for the name
    /// where the document chose it. Nesting is as deep as parsing allows, and no deeper;
    /// `pointer` is that of the value, and stays as it is.
    fn collect(&mut self, value: &Value, pointer: &mut String, name: Option<&str>) {
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                let is_named = name.is_some_and(|name| NAMED.contains(&name));
                for (member, value) in members {
                    push_step(pointer, member);
                    match value {
                        Value::String(text) => self.string(text, pointer, member, name),
                        _ if is_named => self.collect(value, pointer, None),
                        _ if holds_values(member, value) => {}
                        _ => self.collect(value, pointer, Some(member)),
                    }
                    pointer.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    push_step(pointer, index);
                    self.collect(item, pointer, None);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, text: &str, pointer: &str, member: &str, around: Option<&str>) {
        let is_mapping = around == Some("mapping");
        if member == "$ref" || is_mapping {
            self.references.push(Reference {
                pointer: pointer.to_owned(),
                target: text.to_owned(),
                is_mapping,
            });
        } else if member == "$anchor" {
            let schema = pointer.strip_suffix("/$anchor").unwrap_or_default();
            self.anchors.push((text.to_owned(), schema.to_owned()));
        } else if member == "$id" {
            self.ids.push(text.to_owned());
        }
    }
}

/// Calls `visit` with each object of a document, and of the files that it refers to, but not
/// with examples and other values, nor with objects whose names the document chooses.
pub(crate) fn visit_objects_mut(json: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    if let Some(Value::Object(files)) = json.get_mut(REFERENCED_FILES) {
        files
            .values_mut()
            .for_each(|file| visit_mut(file, None, visit));
    }
    visit_mut(json, None, visit);
}

/// Visits `value`, the member `name` of what it stands in. Nesting is as deep as parsing
/// allows, and no deeper.
fn visit_mut(
    value: &mut Value,
    name: Option<&str>,
    visit: &mut impl FnMut(&mut Map<String, Value>),
) {
    match value {
        Value::Object(members) => {
            let is_named = name.is_some_and(|name| NAMED.contains(&name));
            if !is_named {
                visit(members);
            }
            for (member, value) in members {
                if is_named {
                    visit_mut(value, None, visit);
                } else if !holds_values(member, value) {
                    visit_mut(value, Some(member), visit);
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| visit_mut(item, None, visit)),
        _ => {}
    }
}

/// Whether a member holds values. `examples` of a schema are a list, those of OpenAPI have
/// names.
fn holds_values(member: &str, value: &Value) -> bool {
    VALUES.contains(&member) || member.starts_with("x-") || member == "examples" && value.is_array()
}
