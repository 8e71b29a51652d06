//! The references in a document: where they stand, and where anchors are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::document::place_of_file;
use crate::pointer::{REFERENCED_FILES, push_step};
use crate::schema::keywords::{Form, keyword};

/// A reference as it is written.
pub(crate) struct Reference {
    /// The pointer to the string.
    pub pointer: String,
    /// The string.
    pub target: String,
    /// Whether it is in the `mapping` of a discriminator, where it may be a plain name.
    pub is_mapping: bool,
    /// Whether it is in place of an object of schemas, under names of the document's own.
    pub is_map: bool,
}

/// What a document refers to, and what can be referred to in it by a name.
#[derive(Default)]
pub(crate) struct References {
    pub references: Vec<Reference>,
    /// Each `$anchor` and `$dynamicAnchor`, with the pointer to its schema.
    pub anchors: Vec<(String, String)>,
    /// Each `$id`.
    pub ids: Vec<String>,
}

/// Members that hold values and not parts of the document.
const VALUES: [&str; 6] = ["const", "dataValue", "default", "enum", "example", "value"];

/// Members whose own members have names that the document chooses.
const NAMED: [&str; 26] = [
    "$defs",
    "additionalOperations",
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
    "mediaTypes",
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
    "variables",
    "webhooks",
];

impl References {
    /// The references in a document, and in the files that are read into it. What looks like
    /// one in an example or another value is not a reference.
    pub fn find(json: &Value) -> Self {
        let mut found = Self::default();
        visit_objects(json, &mut |pointer, members, name| {
            for (member, value) in members {
                let may_refer = name == Some("mapping") || member.starts_with('$');
                if may_refer && let Value::String(text) = value {
                    let length = pointer.len();
                    push_step(pointer, member);
                    found.string(text, pointer, member, name);
                    pointer.truncate(length);
                }
            }
        });
        found
    }

    fn string(&mut self, text: &str, pointer: &str, member: &str, around: Option<&str>) {
        let is_mapping = around == Some("mapping");
        if member == "$ref" || is_mapping {
            self.references.push(Reference {
                pointer: pointer.to_owned(),
                target: text.to_owned(),
                is_mapping,
                is_map: around
                    .and_then(keyword)
                    .is_some_and(|around| matches!(around.form, Form::NamedSchemas)),
            });
        } else if matches!(member, "$anchor" | "$dynamicAnchor") {
            let (schema, _) = pointer.rsplit_once('/').unwrap_or_default();
            self.anchors.push((text.to_owned(), schema.to_owned()));
        } else if member == "$id" {
            self.ids.push(text.to_owned());
        }
    }
}

/// What [`visit_objects`] calls: with the pointer to an object, which has to stay as it is, the
/// object, and the name of the member that it is; `None` for the name where the document chose
/// it.
type Visit<'v> = dyn FnMut(&mut String, &Map<String, Value>, Option<&str>) + 'v;

/// Calls `visit` with each object of a document, and of the files that are read into it, but not
/// with examples and other values.
pub(crate) fn visit_objects(json: &Value, visit: &mut Visit<'_>) {
    visit_within(json, &mut String::new(), None, visit);
    let files = json.get(REFERENCED_FILES).and_then(Value::as_object);
    for (name, file) in files.into_iter().flatten() {
        visit_within(file, &mut place_of_file(name), None, visit);
    }
}

/// Visits `value`, the member `name` of what it stands in. Nesting is as deep as parsing
/// allows, and no deeper.
fn visit_within(value: &Value, pointer: &mut String, name: Option<&str>, visit: &mut Visit<'_>) {
    let length = pointer.len();
    match value {
        Value::Object(members) => {
            visit(pointer, members, name);
            let is_named = has_own_names(name);
            for (member, value) in members {
                let is_whole = value.is_object() || value.is_array();
                if is_whole && (is_named || !holds_values(member, value)) {
                    push_step(pointer, member);
                    let name = (!is_named).then_some(member.as_str());
                    visit_within(value, pointer, name, visit);
                    pointer.truncate(length);
                }
            }
        }
        Value::Array(items) => {
            let whole = |(_, item): &(usize, &Value)| item.is_object() || item.is_array();
            for (index, item) in items.iter().enumerate().filter(whole) {
                push_step(pointer, index);
                visit_within(item, pointer, None, visit);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// The places of the schemas that a keyword names, by their names.
pub(crate) fn named_by(json: &Value, keyword: &str) -> BTreeMap<String, Vec<String>> {
    let mut anchors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    visit_objects(json, &mut |pointer, members, _| {
        if let Some(Value::String(name)) = members.get(keyword) {
            let places = anchors.entry(name.clone()).or_default();
            places.push(pointer.clone());
        }
    });
    anchors
}

/// Whether the members of the object of this name have names that the document chooses.
pub(crate) fn has_own_names(name: Option<&str>) -> bool {
    name.is_some_and(|name| NAMED.contains(&name))
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
            let is_named = has_own_names(name);
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
