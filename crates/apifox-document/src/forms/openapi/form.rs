//! The fields of a form: which there are, and which of them are files.

use std::collections::{BTreeSet, HashMap};
use std::iter::zip;

use serde_json::{Map, Value, json};

use super::reader::Reader;
use crate::api::{Content, FieldEncoding, FormKind, Part, PartValue};
use crate::forms::dialect::SchemaVersion;
use crate::forms::files::{FileField, FormSchemas, is_annotation};
use crate::forms::parameters::{is_deprecated, text};
use crate::forms::path_item::referred;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use crate::schema::keywords::applies;

/// How deep the schemas of a form refer to each other, at most.
const DEEPEST: usize = 16;

const DESCRIBE: &str = "describe the form as one object with its fields in `properties`, and \
                        files as they are, by a correction";

/// What a plain object says that is a list of fields.
const PLAIN: [&str; 8] = [
    "$ref",
    "description",
    "example",
    "examples",
    "properties",
    "required",
    "title",
    "type",
];

/// What else a list of fields says, or nobody needs to know of.
const OF_FIELDS: [&str; 7] = [
    "$anchor",
    "$defs",
    "$id",
    "$schema",
    "allOf",
    "definitions",
    "discriminator",
];

/// What the schema of a form says.
#[derive(Default)]
struct Described {
    /// Its fields, in order, with the place of the schema of each.
    fields: Vec<(String, String)>,
    /// Where each is among them.
    index: HashMap<String, usize>,
    required: BTreeSet<String>,
    /// Whether it lists fields.
    is_list: bool,
    /// Whether it is more than one plain object.
    is_composed: bool,
    /// The keywords that say more than a list of fields does, and the places of their schemas.
    rules: Vec<(String, String)>,
    /// The keywords that have no effect, with the places of their schemas.
    ignored: Vec<(String, String)>,
    /// The places of what was looked at: many may refer to one.
    seen: BTreeSet<String>,
    /// Whether there may be other fields, or one has several schemas.
    is_open: bool,
}

impl Reader<'_> {
    /// The form at `place`, by its fields where its schema is a plain object, or one with files.
    pub(super) fn form(&mut self, place: &str, kind: FormKind) -> Content {
        let schema = place.child("schema");
        self.insert_missing_schema(&schema, json!({"type": "object"}));
        let encoding = self.encodings(place, &kind);
        let mut described = Described::default();
        self.describe(&schema, &mut described, 0);
        let files = self.file_fields(&described, &kind, &encoding);
        let has_files = files.iter().any(Option::is_some);
        let is_plain = described.is_list && !described.is_composed;
        if described.is_open || !is_plain && !has_files {
            self.note_texts(&described, &files);
            let fields = described.fields.into_iter();
            return Content::Form {
                kind,
                schema,
                fields: fields.map(|(name, _)| name).collect(),
                encoding,
            };
        }
        for (place, keyword) in &described.rules {
            let message = "is not supported: the form has files";
            self.note_keyword(place, keyword, message, DESCRIBE);
        }
        for (place, keyword) in &described.ignored {
            self.note_ignored(place, keyword);
        }
        let mut fields = Vec::with_capacity(files.len());
        for ((name, place), file) in zip(described.fields, files) {
            fields.push(Part {
                required: described.required.contains(&name),
                description: text(self.at(&place), "description"),
                is_deprecated: is_deprecated(self.at(&place)),
                value: self.part_value(place, file),
                name,
            });
        }
        Content::Fields {
            kind,
            fields,
            encoding,
        }
    }

    /// Adds what the schema at `place` says of a form.
    fn describe(&self, place: &str, described: &mut Described, depth: usize) {
        let Some(Value::Object(schema)) = self.json.value_at(place) else {
            return;
        };
        if !described.seen.insert(place.to_owned()) {
            return;
        }
        if let Some(target) = referred(&self.json, place) {
            match depth < DEEPEST {
                true => self.describe(&target, described, depth + 1),
                false => described.is_open = true,
            }
            if self.version.ignores_ref_siblings() {
                let names = schema.keys().filter(|name| *name != "$ref");
                let names = names.filter(|name| applies(name).is_some());
                let ignored = names.map(|name| (place.to_owned(), name.clone()));
                return described.ignored.extend(ignored);
            }
        }
        self.own_fields(schema, place, described);
        let names = schema.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        described.required.extend(names.map(str::to_owned));
        for (name, value) in schema {
            let name = name.as_str();
            described.is_composed |= !PLAIN.contains(&name) && !name.starts_with("x-");
            match name {
                "allOf" | "anyOf" | "oneOf" if name == "allOf" || has_fields(value) => {
                    described.is_open |= name != "allOf" || depth >= DEEPEST;
                    let count = value.as_array().map_or(0, Vec::len);
                    let all = place.child(name);
                    let parts = (0..count).filter(|_| depth < DEEPEST);
                    parts.for_each(|part| self.describe(&all.child(part), described, depth + 1));
                }
                "additionalProperties" | "unevaluatedProperties" if says_no_field(value) => {}
                known if PLAIN.contains(&known) || OF_FIELDS.contains(&known) => {}
                known if is_annotation(known) => {}
                _ => described.rules.push((place.to_owned(), name.to_owned())),
            }
        }
    }

    fn own_fields(&self, schema: &Map<String, Value>, place: &str, described: &mut Described) {
        let properties = schema.get("properties").and_then(Value::as_object);
        described.is_list |= properties.is_some();
        for name in properties.into_iter().flat_map(Map::keys) {
            let place = place.child("properties").child(name);
            match described.index.get(name) {
                Some(known) => {
                    let known = described
                        .fields
                        .get(*known)
                        .map(|(_, place)| self.at(place));
                    described.is_open |= known != Some(self.at(&place));
                }
                None => {
                    described.index.insert(name.clone(), described.fields.len());
                    described.fields.push((name.clone(), place));
                }
            }
        }
    }

    /// What each field holds, if that is files.
    fn file_fields(
        &self,
        described: &Described,
        kind: &FormKind,
        encoding: &[FieldEncoding],
    ) -> Vec<Option<FileField>> {
        let is_new = self.version == SchemaVersion::OpenApi31;
        let schemas = FormSchemas {
            json: &self.json,
            has_untyped_files: is_new && *kind != FormKind::UrlEncoded,
            ignores_ref_siblings: self.version.ignores_ref_siblings(),
        };
        let media = encoding.iter();
        let media = media.filter_map(|field| Some((&field.name, field.media.first()?.as_str())));
        let media: HashMap<&String, &str> = media.collect();
        let fields = described.fields.iter();
        let file =
            |(name, place): &(String, String)| schemas.file_field(place, media.get(name).copied());
        fields.map(file).collect()
    }

    fn part_value(&mut self, place: String, file: Option<FileField>) -> PartValue {
        let Some(file) = file else {
            return PartValue::Schema(place);
        };
        for place in &file.unsaid {
            self.note(place, "is not supported: the field takes files", DESCRIBE);
        }
        for (place, keyword) in &file.ignored {
            self.note_ignored(place, keyword);
        }
        file.part_value()
    }

    fn note_ignored(&mut self, place: &str, keyword: &str) {
        let own = self.version.name();
        let message = format!("stands beside $ref, where {own} ignores it; it is skipped");
        self.note_keyword(place, keyword, &message, DESCRIBE);
    }

    /// Notes which files are sent as texts, since the form is more than a list of its fields.
    fn note_texts(&mut self, described: &Described, files: &[Option<FileField>]) {
        for ((_, place), file) in zip(&described.fields, files) {
            if file.is_some() {
                let message = "is sent as a text: whether it is there depends on other fields";
                self.note(place, message, DESCRIBE);
            }
        }
    }
}

/// Whether what further fields are says nothing of them, or that there are none.
fn says_no_field(value: &Value) -> bool {
    value.is_boolean() || value.as_object().is_some_and(Map::is_empty)
}

/// Whether alternatives have fields of their own.
fn has_fields(alternatives: &Value) -> bool {
    let mut all = alternatives.as_array().into_iter().flatten();
    all.any(|one| {
        ["$ref", "properties", "allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| one.get(keyword).is_some())
    })
}
