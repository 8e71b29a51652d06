//! Translates the schemas of Apifox and OpenAPI 3.0 to plain JSON Schema 2020-12.
//!
//! A schema stays at its place in the document, and so do the schemas in it.
//! What cannot be understood is skipped, as other tools do, and reported.

mod dynamic;
mod encodings;
mod foreign;
mod identifiers;
mod mixins;
mod moves;
mod nullable;
mod place;
mod ref_cycles;
pub mod repairs;
mod tags;
mod variables;
mod version;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;

use serde_json::{Map, Value};

use crate::api::{Content, Endpoint, PartValue, Reply, Sequence};
use crate::diagnostics::{Diagnostic, shortened};
use crate::members::{self, ObjectKind};
use crate::moves::Moves;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded, member};
use crate::references::{References, named_by};
use crate::schema::visit_subschemas_mut;

pub use identifiers::Identifiers;
use tags::{keep_tags, names_no_property};
pub use version::SchemaVersion;
pub(super) use version::is_2020_12;

/// How a document's references name its models.
pub(super) enum Models {
    /// By the place of their schema.
    ByPlace,
    /// By an id such as `#/definitions/123`; with the place of each.
    ById(HashMap<String, String>),
    /// There are none: references start from the schema that they stand in.
    Within,
}

/// The schemas of one document while they are translated.
pub(super) struct Dialect<'f> {
    file: &'f str,
    models: Models,
    version: SchemaVersion,
    /// Whether keywords with invalid values are left for validation to refuse.
    is_strict: bool,
    /// The document before it is translated.
    source: Value,
    /// The place of the schema that is being translated, with all that is in it.
    root: String,
    /// Where references lead: the place of each, and of its target.
    references: BTreeMap<String, String>,
    identifiers: Option<Identifiers>,
    /// The places of each `$dynamicAnchor`.
    dynamic_anchors: BTreeMap<String, Vec<String>>,
    /// The places of the schemas of parameters.
    parameters: BTreeSet<String>,
    /// Whether anything in the document says `unevaluatedItems`.
    has_unevaluated_items: bool,
    /// The places that operations and models lead to.
    operated: BTreeSet<String>,
    /// Those, and the places that references lead to.
    used: BTreeSet<String>,
    /// The places of the schemas that are translated.
    translated: BTreeSet<String>,
    /// Where references lead that was not translated when they were.
    targets: Vec<Target>,
    /// The place of each schema that is to accept `null`, and of the outermost one around it.
    nullable: BTreeMap<String, String>,
    /// Where schemas are that stood elsewhere.
    pub moves: Moves,
    pub skipped: Vec<Diagnostic>,
}

/// Where a reference leads.
struct Target {
    place: String,
    /// The outermost schema that the reference is in.
    root: String,
    /// The schema with the reference.
    from: String,
}

impl<'f> Dialect<'f> {
    pub fn new(file: &'f str, models: Models, version: SchemaVersion, is_strict: bool) -> Self {
        Self {
            file,
            models,
            version,
            is_strict,
            source: Value::Null,
            root: String::new(),
            references: BTreeMap::new(),
            identifiers: None,
            dynamic_anchors: BTreeMap::new(),
            parameters: BTreeSet::new(),
            has_unevaluated_items: false,
            operated: BTreeSet::new(),
            used: BTreeSet::new(),
            translated: BTreeSet::new(),
            targets: Vec::new(),
            nullable: BTreeMap::new(),
            moves: Moves::default(),
            skipped: Vec::new(),
        }
    }

    /// Translates every schema of these operations and models, in place.
    pub fn apply<'m>(
        &mut self,
        json: &mut Value,
        operations: &mut [&mut Endpoint],
        models: impl Iterator<Item = &'m String>,
    ) {
        let mut places: BTreeSet<String> = models.cloned().collect();
        operations
            .iter()
            .for_each(|operation| schemas_of(operation, &mut places));
        let parameters = operations
            .iter()
            .flat_map(|operation| &operation.parameters);
        self.parameters = parameters
            .map(|parameter| parameter.schema.clone())
            .collect();
        self.source = json.clone();
        self.has_unevaluated_items = mentions(json, "unevaluatedItems");
        if self.version != SchemaVersion::Apifox {
            self.dynamic_anchors = named_by(json, "$dynamicAnchor");
        }
        self.report_repeated_anchors(json);
        if self.version.has_identifiers() {
            self.identifiers = Identifiers::new(json, &places);
        }
        self.used = self.used_places(json, &places);
        // Translating a schema includes those within it, which must not be translated twice: in
        // this order what is around others comes before them.
        self.operated.clone_from(&places);
        for place in &places {
            self.outermost(json, place, place);
        }
        self.referenced(json);
        self.admit_nulls(json);
        self.follow_moves(json);
        if !self.is_strict {
            self.break_ref_cycles(json);
        }
        for endpoint in operations {
            for schemas in [request_schemas, reply_schemas] {
                let places = schemas(endpoint).into_iter();
                places.for_each(|place| *place = self.moves.current(place));
            }
        }
    }

    /// The places that operations and models, at `places`, and references lead to.
    fn used_places(&self, json: &Value, places: &BTreeSet<String>) -> BTreeSet<String> {
        let mut used = places.clone();
        let is_by_root = matches!(self.models, Models::Within);
        let roots = if is_by_root {
            places.iter().map(String::as_str).collect()
        } else {
            vec![""]
        };
        for root in roots {
            let within = json
                .value_at(root)
                .map(References::find)
                .unwrap_or_default();
            for reference in within.references {
                let target = reference.target.strip_prefix('#').map(decoded);
                used.extend(target.map(|target| format!("{root}{target}")));
                let schema = reference.pointer.strip_suffix("/$ref");
                used.extend(schema.and_then(|place| self.named(&reference.target, place)));
            }
        }
        used
    }

    /// Translates the schemas that references lead to where no schemas are expected, such as in
    /// `definitions` or an extension of a document.
    fn referenced(&mut self, json: &mut Value) {
        while let Some(Target { place, root, from }) = self.targets.pop() {
            let place = self.moves.current(&place);
            let from = self.moves.current(&from);
            let there = json.value_at(&place).and_then(Value::as_object);
            if there.is_some() && self.is_no_schema(&place) {
                self.note_no_schema(&from, &place);
                self.references.remove(&from);
                if let Some(Value::Object(members)) = json.pointer_mut(&from) {
                    members.remove("$ref");
                }
            } else if there.is_some() {
                let root = match self.models {
                    Models::Within => &root,
                    Models::ById(_) | Models::ByPlace => &place,
                };
                self.outermost(json, &place, root);
            }
        }
    }

    /// Whether a place is known to be none of a schema: that of the document, of an operation or
    /// of a shared part of another kind, or the value of a keyword that only holds schemas, as
    /// `properties`, or is data.
    fn is_no_schema(&self, place: &str) -> bool {
        if self.translated.contains(place) {
            return false;
        }
        let is_openapi = matches!(self.models, Models::ByPlace);
        let steps: Vec<&str> = place.split('/').skip(1).collect();
        let is_translated = |length: &usize| {
            let around = steps[..*length].join("/");
            self.translated.contains(&format!("/{around}"))
        };
        let around = match steps.as_slice() {
            []
            | ["paths" | "components" | "definitions"]
            | ["components", "schemas"]
            | ["paths", _]
            | ["paths", _, _]
                if is_openapi =>
            {
                return true;
            }
            ["components", section, _] if *section != "schemas" => {
                return !section.starts_with("x-");
            }
            ["components", "schemas", _, ..] if is_openapi => Some(3),
            ["definitions", _, ..] if is_openapi => Some(2),
            _ => None,
        };
        let innermost = (1..steps.len()).rev().find(is_translated);
        let around = innermost.max(around);
        around.is_some_and(|length| place::leads_to_no_schema(&steps[length..]))
    }

    /// Translates the schema at a place, whose references start from `root`.
    fn outermost(&mut self, json: &mut Value, place: &str, root: &str) {
        if self.translated.contains(place) {
            return;
        }
        root.clone_into(&mut self.root);
        if let Some(schema) = json.pointer_mut(place) {
            self.schema(schema, place);
        }
    }

    /// Translates a schema and those in it.
    fn schema(&mut self, schema: &mut Value, place: &str) {
        if schema.is_boolean() || !self.translated.insert(place.to_owned()) {
            return;
        }
        let Value::Object(members) = schema else {
            let message = "is not a schema; anything is accepted here";
            self.note(place, None, message);
            *schema = Value::Bool(true);
            return;
        };
        self.translate_swagger(members);
        if self.null_alternative(members, place) {
            return;
        }
        self.mix_in(members, place);
        if self.parameters.contains(place) {
            self.variables(members, place);
        }
        self.ref_siblings(members, place);
        self.report_foreign(members, place);
        self.report_discriminator(members, place);
        self.report_malformed_marks(members, place);
        keep_tags(members);
        self.repair(members, place);
        self.translate(members, place);
        self.rewrite_reference(members, place);
        self.rewrite_dynamic_reference(members, place);
        visit_subschemas_mut(members, |pointer, subschema| {
            self.schema(subschema, &format!("{place}{pointer}"));
        });
    }

    /// Reports a discriminator without a property, and members that it can't have.
    fn report_discriminator(&mut self, schema: &Map<String, Value>, place: &str) {
        let Some(discriminator) = member(schema, "discriminator") else {
            return;
        };
        if names_no_property(discriminator) {
            let message = "names no property; it is skipped";
            self.note(place, Some("discriminator"), message);
        }
        let place = self.moves.original(place).child("discriminator");
        let kind = ObjectKind::Discriminator;
        let (wrong, _) = members::report_at(self.file, &self.source, kind, &place);
        self.skipped.extend(wrong);
    }

    /// Whether the member `name` of the schema at `place`, or something in it, is used.
    fn has_used_parts(&self, place: &str, name: &str) -> bool {
        has_within(&self.used, &place.child(name))
    }

    /// Reports marks of one direction that are not `true` or `false`, where they have an effect.
    fn report_malformed_marks(&mut self, schema: &Map<String, Value>, place: &str) {
        for name in ["readOnly", "writeOnly"] {
            let mark = member(schema, name).filter(|_| self.version.has_directions());
            if let Some(other) = mark.filter(|mark| !mark.is_boolean() && !mark.is_null()) {
                let message = format!("is {}, not true or false; it is skipped", shortened(other));
                self.note(place, Some(name), &message);
            }
        }
    }

    /// Makes a reference lead to the place of its target, or skips it if there is none.
    fn rewrite_reference(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let Some(target) = member(schema, "$ref").and_then(Value::as_str) else {
            return;
        };
        let named = self.named(target, place);
        if named.is_none() && self.is_embedded(place) {
            let message = format!("{target} is read from the document, not from the $id around it");
            self.note_read(place, "$ref", &message);
        }
        let Some(resolved) = named.or_else(|| self.resolved(target)) else {
            let message = format!("{target} does not resolve; anything is accepted here");
            self.note(place, Some("$ref"), &message);
            schema.remove("$ref");
            return;
        };
        let target = self.absolute(&resolved);
        if self.is_no_schema(&target) {
            self.note_no_schema(place, &target);
            schema.remove("$ref");
            return;
        }
        if !self.translated.contains(&target) {
            self.targets.push(Target {
                place: target.clone(),
                root: self.root.clone(),
                from: place.to_owned(),
            });
        }
        self.references.insert(place.to_owned(), target);
        schema.insert("$ref".into(), resolved.into());
    }

    /// The reference in the schema at `place`, rewritten to the place that `$id` or `$anchor`
    /// give to its target.
    fn named(&self, target: &str, place: &str) -> Option<String> {
        let named = self.identifiers.as_ref()?.target(place, target)?;
        self.source.value_at(&named)?;
        Some(format!("#{}", encoded(&named)))
    }

    /// Whether references in the schema at `place` start from a schema with an `$id`.
    fn is_embedded(&self, place: &str) -> bool {
        let identifiers = self.identifiers.as_ref();
        identifiers.is_some_and(|identifiers| identifiers.target(place, "#").is_some())
    }

    /// The reference, rewritten to the place of its target; `None` if it does not resolve.
    fn resolved(&self, target: &str) -> Option<String> {
        let exists = |pointer: &str| self.source.value_at(pointer).is_some();
        let pointer = target.strip_prefix('#').map(decoded);
        match &self.models {
            Models::ById(models) if models.contains_key(target) => {
                Some(format!("#{}", encoded(&models[target])))
            }
            Models::ById(_) | Models::ByPlace => {
                let pointer = pointer?;
                let known = Some(pointer.clone()).filter(|pointer| exists(pointer));
                let moved = || self.definition(&pointer).filter(|pointer| exists(pointer));
                Some(format!("#{}", encoded(&known.or_else(moved)?)))
            }
            // An anchor, or a schema with an id, may be anywhere.
            Models::Within => match pointer {
                Some(pointer) if pointer.starts_with('/') => {
                    let is_there = exists(&format!("{}{pointer}", self.root));
                    is_there.then(|| format!("#{}", encoded(&pointer)))
                }
                _ => Some(target.to_owned()),
            },
        }
    }

    /// The place in the document that a reference leads to.
    fn absolute(&self, reference: &str) -> String {
        let pointer = decoded(reference.strip_prefix('#').unwrap_or(reference));
        match self.models {
            Models::Within => format!("{}{pointer}", self.root),
            Models::ById(_) | Models::ByPlace => pointer,
        }
    }

    /// Notes that the reference at `place` leads to what is no schema.
    fn note_no_schema(&mut self, place: &str, target: &str) {
        let shown = if target.is_empty() { "#" } else { target };
        let message = format!("{shown} is not a schema; anything is accepted here");
        self.note(place, Some("$ref"), &message);
    }

    /// Notes what is skipped.
    fn note(&mut self, place: &str, keyword: Option<&str>, message: &str) {
        let skipped = self.diagnostic(place, message).with_keyword(keyword);
        self.skipped.push(skipped);
    }

    /// Notes a keyword that counts all the same, read as it is meant.
    fn note_read(&mut self, place: &str, keyword: &str, message: &str) {
        let read = self.diagnostic(place, message).with_keyword(keyword);
        self.skipped.push(read.read_as_meant());
    }

    fn diagnostic(&self, place: &str, message: &str) -> Diagnostic {
        let help = "fix the document, or add a correction beside it";
        Diagnostic::new(self.file, self.moves.original(place), message, help)
    }
}

/// Whether one of these places is that of `member`, or within it.
fn has_within(places: &BTreeSet<String>, member: &str) -> bool {
    let within = format!("{member}/");
    let mut following = places.range(within.clone()..);
    let next = following.next();
    places.contains(member) || next.is_some_and(|next| next.starts_with(&within))
}

/// Whether a member of this name is anywhere in a document.
fn mentions(json: &Value, name: &str) -> bool {
    match json {
        Value::Object(members) => {
            members.contains_key(name) || members.values().any(|value| mentions(value, name))
        }
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        _ => false,
    }
}

/// Adds the places of the schemas of an operation: of its parameters, body and replies.
pub fn schemas_of(endpoint: &Endpoint, places: &mut BTreeSet<String>) {
    let mut endpoint = endpoint.clone();
    for schemas in [request_schemas, reply_schemas] {
        places.extend(schemas(&mut endpoint).into_iter().map(mem::take));
    }
}

/// The places of the schemas of an operation's parameters and body.
pub(super) fn request_schemas(endpoint: &mut Endpoint) -> Vec<&mut String> {
    let mut places: Vec<&mut String> = Vec::new();
    for parameter in &mut endpoint.parameters {
        places.push(&mut parameter.schema);
    }
    let contents = endpoint.body.iter_mut().flat_map(|body| &mut body.contents);
    for media in contents {
        match &mut media.content {
            Content::Json(schema)
            | Content::Form { schema, .. }
            | Content::Text {
                schema: Some(schema),
                ..
            }
            | Content::Sequence {
                values: Sequence::Each(schema) | Sequence::All(schema),
                ..
            } => places.push(schema),
            Content::Fields { fields, .. } => {
                let fields = fields.iter_mut();
                places.extend(fields.filter_map(|field| match &mut field.value {
                    PartValue::Schema(schema) => Some(schema),
                    PartValue::File | PartValue::Files(_) => None,
                }));
            }
            Content::Text { schema: None, .. } | Content::Binary(_) => {}
        }
    }
    places
}

/// The places of the schemas of an operation's replies.
pub(super) fn reply_schemas(endpoint: &mut Endpoint) -> Vec<&mut String> {
    let mut places: Vec<&mut String> = Vec::new();
    for response in &mut endpoint.responses {
        let headers = response.headers.iter_mut();
        places.extend(headers.map(|header| &mut header.schema));
        let contents = response.contents.iter_mut();
        places.extend(contents.filter_map(|media| match &mut media.content {
            Reply::Json(schema) | Reply::Text { schema, .. } => schema.as_mut(),
            Reply::Events { schema, .. } => Some(schema),
            Reply::Binary(_) => None,
        }));
    }
    places
}
