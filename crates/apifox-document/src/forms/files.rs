//! Which fields of a form are files.

use serde_json::{Map, Value};

use super::media::Kind;
use super::path_item::resolve_refs;
use crate::api::{FileCount, PartValue};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// How deep the schemas of a field refer to each other, at most.
const DEEPEST: usize = 8;

/// What says nothing of a value.
const ANNOTATIONS: [&str; 13] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "format",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// What a field may hold that may hold files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileField {
    /// How many files; `None` where it is one.
    pub several: Option<FileCount>,
    /// The places of what restricts or widens it, which types of files don't say.
    pub unsaid: Vec<String>,
}

impl FileField {
    fn count(&self) -> FileCount {
        self.several.unwrap_or(FileCount {
            at_least: 1,
            at_most: Some(1),
        })
    }

    pub fn part_value(&self) -> PartValue {
        match self.several {
            Some(count) => PartValue::Files(count),
            None => PartValue::File,
        }
    }
}

/// How a form says what its fields are.
#[derive(Clone, Copy)]
pub(super) struct FormSchemas<'j> {
    pub json: &'j Value,
    /// Whether a schema that says nothing is one of bytes, as OpenAPI has it since 3.1.
    pub has_untyped_files: bool,
}

impl FormSchemas<'_> {
    /// What the field with the schema at `place` may hold, if that may be files; `media` is what
    /// the form says that it is sent as.
    pub fn file_field(self, place: &str, media: Option<&str>) -> Option<FileField> {
        self.field(place, media, 0)
    }

    fn field(self, place: &str, media: Option<&str>, depth: usize) -> Option<FileField> {
        let place = resolve_refs(self.json, place).filter(|_| depth < DEEPEST)?;
        let schema = self.json.value_at(&place)?.as_object()?;
        if are_bytes(schema) || self.is_untyped_file(schema, media) {
            return Some(FileField::default());
        }
        if types(schema).contains(&"array") {
            return self.array(schema, &place, media, depth);
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(all)) = schema.get(keyword) {
                return self.either(all, &place.child(keyword), media, depth);
            }
        }
        let parts = schema.get("allOf").and_then(Value::as_array)?;
        let places = (0..parts.len()).map(|index| place.child("allOf").child(index));
        let mut found = places.filter_map(|place| self.field(&place, media, depth + 1));
        found.next()
    }

    /// An array of files, if it is one.
    fn array(
        self,
        schema: &Map<String, Value>,
        place: &str,
        media: Option<&str>,
        depth: usize,
    ) -> Option<FileField> {
        let items = place.child("items");
        let is_anything = schema
            .get("items")
            .and_then(Value::as_object)
            .is_some_and(Map::is_empty);
        let is_untyped = self.has_untyped_files && is_anything && media.is_none_or(is_binary);
        let item = match is_untyped {
            true => FileField::default(),
            false => self.field(&items, media, depth + 1)?,
        };
        if item.several.is_some() {
            return None;
        }
        let count = |name: &str| schema.get(name).and_then(Value::as_u64);
        let mut unsaid = item.unsaid;
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            unsaid.push(place.child("uniqueItems"));
        }
        Some(FileField {
            several: Some(FileCount {
                at_least: count("minItems").unwrap_or(0),
                at_most: count("maxItems"),
            }),
            unsaid,
        })
    }

    /// What alternatives have in common, `null` aside: several files where one has several.
    fn either(
        self,
        all: &[Value],
        place: &str,
        media: Option<&str>,
        depth: usize,
    ) -> Option<FileField> {
        let others = all.iter().enumerate().filter(|(_, one)| !is_null(one));
        let places: Vec<String> = others.map(|(index, _)| place.child(index)).collect();
        let (mut files, mut unsaid) = (Vec::new(), Vec::new());
        for place in places {
            match self.field(&place, media, depth + 1) {
                Some(found) => files.push(found),
                None => unsaid.push(place),
            }
        }
        let several = match files.iter().any(|field| field.several.is_some()) {
            true => files.iter().map(FileField::count).reduce(FileCount::or),
            false => None,
        };
        let of_files = files.iter().flat_map(|field| field.unsaid.iter().cloned());
        unsaid.extend(of_files);
        (!files.is_empty()).then_some(FileField { several, unsaid })
    }

    /// Whether a schema without a type is of bytes by the media type that they are sent as.
    fn is_untyped_file(self, schema: &Map<String, Value>, media: Option<&str>) -> bool {
        self.has_untyped_files && media.is_some_and(is_binary) && is_annotation(schema)
    }
}

/// Whether a schema says that it is of bytes as they are.
pub(super) fn is_file(schema: &Value) -> bool {
    schema.as_object().is_some_and(are_bytes)
}

fn are_bytes(schema: &Map<String, Value>) -> bool {
    let types = types(schema);
    let is_binary = schema
        .get("format")
        .is_some_and(|format| format == "binary");
    let is_media =
        schema.contains_key("contentMediaType") && !schema.contains_key("contentEncoding");
    match types[..] {
        ["file"] => true,
        ["string"] => is_binary || is_media,
        [] => is_binary && is_annotation(schema) || is_media,
        _ => false,
    }
}

/// The types that a schema names, but for `null`.
fn types(schema: &Map<String, Value>) -> Vec<&str> {
    let named = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(only)) => vec![only.as_str()],
        _ => Vec::new(),
    };
    named.into_iter().filter(|name| *name != "null").collect()
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null" || schema["const"].is_null() && schema.get("const").is_some()
}

fn is_annotation(schema: &Map<String, Value>) -> bool {
    let mut names = schema.keys();
    names.all(|name| ANNOTATIONS.contains(&name.as_str()) || name.starts_with("x-"))
}

fn is_binary(media: &str) -> bool {
    matches!(Kind::from_media_type(media), Kind::Binary(_))
}
