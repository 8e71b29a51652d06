//! Which fields of a form are files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::media::Kind;
use super::path_item::referred;
use crate::api::{FileCount, PartValue};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use crate::schema::keywords::applies;

/// How deep the schemas of a field lie in each other, at most.
const DEEPEST: usize = 16;

/// What says nothing of a value.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Whether a member of a schema says nothing of a value, as far as forms go.
pub(super) fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.contains(&name) || name.starts_with("x-")
}

/// What a field may hold that may hold files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileField {
    /// How many files; `None` where it is one.
    pub several: Option<FileCount>,
    /// The places of what restricts or widens it, which types of files don't say.
    pub unsaid: BTreeSet<String>,
    /// The keywords that have no effect, with the places of their schemas.
    pub ignored: BTreeSet<(String, String)>,
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
    /// Whether what restricts values beside `$ref` is ignored.
    pub ignores_ref_siblings: bool,
}

impl<'j> FormSchemas<'j> {
    /// What the field with the schema at `place` may hold, if that may be files; `media` is what
    /// the form says that it is sent as.
    pub fn file_field(self, place: &str, media: Option<&str>) -> Option<FileField> {
        let mut search = Search {
            form: self,
            media,
            found: BTreeMap::new(),
        };
        search.field(place, 0)
    }
}

/// Looks for files in the schemas of one field.
struct Search<'s> {
    form: FormSchemas<'s>,
    media: Option<&'s str>,
    /// What schemas were found to be, by their place: many may refer to one.
    found: BTreeMap<String, Option<FileField>>,
}

impl Search<'_> {
    fn field(&mut self, place: &str, depth: usize) -> Option<FileField> {
        if depth >= DEEPEST {
            return None;
        }
        if let Some(known) = self.found.get(place) {
            return known.clone();
        }
        // Of a circle.
        self.found.insert(place.to_owned(), None);
        let found = match referred(self.form.json, place) {
            Some(target) => self.beside(place, &target, depth),
            None => self.described(place, depth),
        };
        self.found.insert(place.to_owned(), found.clone());
        found
    }

    /// What the schema at `place` is that refers to another.
    fn beside(&mut self, place: &str, target: &str, depth: usize) -> Option<FileField> {
        let mut found = self.field(target, depth + 1)?;
        let own = self.form.json.value_at(place)?.as_object()?;
        if self.form.ignores_ref_siblings {
            let names = own.keys().filter(|name| *name != "$ref");
            let names = names.filter(|name| applies(name).is_some());
            found
                .ignored
                .extend(names.map(|name| (place.to_owned(), name.clone())));
        } else {
            found.unsaid.extend(others(own, place, &["$ref"]));
        }
        Some(found)
    }

    fn described(&mut self, place: &str, depth: usize) -> Option<FileField> {
        let schema = self.form.json.value_at(place)?.as_object()?;
        if are_bytes(schema) || self.is_untyped_file(schema) {
            let said = ["type", "format", "contentMediaType"];
            return Some(FileField {
                unsaid: others(schema, place, &said).collect(),
                ..FileField::default()
            });
        }
        if types(schema).contains(&"array") {
            return self.array(schema, place, depth);
        }
        let both = ["anyOf", "oneOf"].into_iter();
        let mut both = both.filter_map(|keyword| Some((keyword, schema.get(keyword)?.as_array()?)));
        let (keyword, mut found) = match both.next() {
            Some((keyword, all)) => (keyword, self.either(all, &place.child(keyword), depth)?),
            None => {
                let parts = schema.get("allOf")?.as_array()?;
                ("allOf", self.all(parts, &place.child("allOf"), depth)?)
            }
        };
        let is_file = types(schema)
            .iter()
            .all(|name| ["string", "file"].contains(name));
        let kind = (found.several.is_none() && is_file).then_some("type");
        let said: Vec<&str> = kind.into_iter().chain([keyword]).collect();
        found.unsaid.extend(others(schema, place, &said));
        Some(found)
    }

    /// An array of files, if it is one.
    fn array(
        &mut self,
        schema: &Map<String, Value>,
        place: &str,
        depth: usize,
    ) -> Option<FileField> {
        let items = schema.get("items").and_then(Value::as_object);
        let is_untyped = self.form.has_untyped_files
            && items.is_some_and(Map::is_empty)
            && self.media.is_none_or(is_binary);
        let mut item = match is_untyped {
            true => FileField::default(),
            false => self.field(&place.child("items"), depth + 1)?,
        };
        if item.several.is_some() {
            return None;
        }
        let (least, most) = (count(schema, "minItems"), count(schema, "maxItems"));
        item.several = Some(FileCount {
            at_least: least.unwrap_or(0),
            at_most: most,
        });
        let mut said = vec!["items"];
        said.extend((types(schema).len() == 1).then_some("type"));
        said.extend(
            (schema.get("uniqueItems") == Some(&Value::Bool(false))).then_some("uniqueItems"),
        );
        said.extend(least.map(|_| "minItems"));
        said.extend(most.map(|_| "maxItems"));
        item.unsaid.extend(others(schema, place, &said));
        Some(item)
    }

    /// What alternatives have in common, `null` aside: several files where one has several.
    fn either(&mut self, all: &[Value], place: &str, depth: usize) -> Option<FileField> {
        let others = all.iter().enumerate().filter(|(_, one)| !is_null(one));
        let places: Vec<String> = others.map(|(index, _)| place.child(index)).collect();
        let (mut files, mut unsaid) = (Vec::new(), BTreeSet::new());
        for place in places {
            match self.field(&place, depth + 1) {
                Some(found) => files.push(found),
                None => drop(unsaid.insert(place)),
            }
        }
        let several = match files.iter().any(|field| field.several.is_some()) {
            true => files.iter().map(FileField::count).reduce(FileCount::or),
            false => None,
        };
        let mut field = FileField {
            several,
            unsaid,
            ..FileField::default()
        };
        let is_file = !files.is_empty();
        for one in files {
            field.unsaid.extend(one.unsaid);
            field.ignored.extend(one.ignored);
        }
        is_file.then_some(field)
    }

    /// What the first part that is of files says; others are not heard.
    fn all(&mut self, parts: &[Value], place: &str, depth: usize) -> Option<FileField> {
        let mut file: Option<FileField> = None;
        let mut unheard = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let place = place.child(index);
            let found = file.is_none().then(|| self.field(&place, depth + 1));
            match found.flatten() {
                Some(found) => file = Some(found),
                None if part.as_object().is_some_and(says_nothing) => {}
                None => unheard.push(place),
            }
        }
        let mut file = file?;
        file.unsaid.extend(unheard);
        Some(file)
    }

    /// Whether a schema without a type is of bytes by the media type that they are sent as.
    fn is_untyped_file(&self, schema: &Map<String, Value>) -> bool {
        self.form.has_untyped_files && self.media.is_some_and(is_binary) && says_nothing(schema)
    }
}

/// The places of what else than `said` restricts or widens a schema.
fn others(schema: &Map<String, Value>, place: &str, said: &[&str]) -> impl Iterator<Item = String> {
    let names = schema.keys().filter(|name| !is_annotation(name));
    names
        .filter(|name| !said.contains(&name.as_str()))
        .map(|name| place.child(name))
}

/// A count of items, which JSON may also write as `3.0`.
fn count(schema: &Map<String, Value>, name: &str) -> Option<u64> {
    let count = schema.get(name)?;
    let whole = count.as_f64().filter(|it| it.fract() == 0.0 && *it >= 0.0);
    // As far as doubles count by ones.
    let whole = whole.filter(|it| *it < 9e15).map(|it| it as u64);
    count.as_u64().or(whole)
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
        [] => is_binary || is_media,
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

fn says_nothing(schema: &Map<String, Value>) -> bool {
    schema.keys().all(|name| is_annotation(name))
}

fn is_binary(media: &str) -> bool {
    matches!(Kind::from_media_type(media), Kind::Binary(_))
}
