//! A document as the rules see it: as it is written, and as it is understood.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use apifox_runtime::{Checker, Draft, Schemas, Violation};
use serde_json::Value;

use super::examples::Example;
use super::schemas::{self, Schema, SchemaPlace};
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::forms;
use apifox_document::forms::dialect::schemas_of;
use apifox_document::pointer::{
    JsonPointerExt as _, JsonValueExt as _, REQUEST_FORMS, decoded, written_place,
};
use apifox_document::schema::extensions::misspelt;
use apifox_document::schema::reachable::{pruned, reachable_schemas};
use apifox_document::{Document, Form, OpenApiVersion};

/// A document while it is checked.
pub(crate) struct Context<'d> {
    /// The document as it is written.
    pub json: &'d Value,
    /// The document as it is understood, with its schemas as plain JSON Schema at
    /// their places.
    pub api: &'d Api,
    /// Every schema in it, as it is written.
    pub schemas: Vec<Schema<'d>>,
    /// The values that are not schemas where a schema has to be, by pointer.
    pub invalid_schemas: Vec<(String, &'d Value)>,
    /// Empty until they are looked for.
    pub examples: Vec<Example<'d>>,
    /// Which form the document has.
    pub form: Form,
    /// The diagnostics from when the document was read.
    pub read_diagnostics: &'d [Diagnostic],
    checkers: RefCell<HashMap<String, Option<Rc<Checker>>>>,
    /// The schemas that were compiled, by the place that their references start from: what
    /// many share is compiled once.
    compiled: RefCell<HashMap<String, Option<Schemas<'d>>>>,
}

/// The document as it is understood; of a bare schema, its JSON alone.
///
/// # Errors
///
/// The document can't be read at all.
pub(super) fn read(document: &Document) -> Result<Api, Diagnostics> {
    match document.form() {
        Form::Schema => Ok(Api {
            json: document.json.clone(),
            skipped: misspelt(document),
            ..Api::default()
        }),
        _ => forms::read(document, false),
    }
}

impl<'d> Context<'d> {
    /// A document, and what [`read`] made of it.
    pub fn new(document: &'d Document, api: &'d Api) -> Self {
        let json = &document.json;
        let form = document.form();
        let roots = schema_roots(api, form == Form::Schema);
        let (schemas, invalid_schemas) = schemas::find_schemas(json, &roots);
        Self {
            json,
            api,
            schemas,
            invalid_schemas,
            examples: Vec::new(),
            form,
            read_diagnostics: &document.faults,
            checkers: RefCell::default(),
            compiled: RefCell::default(),
        }
    }

    /// Whether the document is a JSON Schema and nothing else.
    pub fn is_bare_schema(&self) -> bool {
        self.form == Form::Schema
    }

    /// Whether `type` may list several types, which OpenAPI 3.0 does not know.
    pub fn has_lists_of_types(&self) -> bool {
        OpenApiVersion::of(self.json) != Some(OpenApiVersion::V3_0)
    }

    /// The value at a pointer, as it is written.
    pub fn value_at(&self, pointer: &str) -> Option<&'d Value> {
        self.json.value_at(written_place(pointer))
    }

    /// The pointers to the items or members of the value at a pointer.
    pub fn child_pointers(&self, pointer: &str) -> Vec<String> {
        match self.value_at(pointer) {
            Some(Value::Array(items)) => {
                (0..items.len()).map(|index| pointer.child(index)).collect()
            }
            Some(Value::Object(members)) => {
                members.keys().map(|name| pointer.child(name)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The schema at a place, as it is understood, with references followed; and its
    /// pointer after that.
    pub fn resolve_schema(&self, place: &SchemaPlace) -> Option<(String, &'d Value)> {
        const MOST_REFERENCES: usize = 16;
        let mut pointer = place.pointer.clone();
        for _ in 0..MOST_REFERENCES {
            let schema = self.api.json.value_at(&pointer)?;
            match schema.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer = self.reference_target(&place.root, reference)?,
                None => return Some((pointer, schema)),
            }
        }
        None
    }

    /// The places of the schemas that say something of the values of one: its own, with
    /// references followed, and those of its alternatives.
    pub fn parts(&self, place: &SchemaPlace) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut pending = vec![place.clone()];
        while let Some(place) = pending.pop() {
            let Some((pointer, schema)) = self.resolve_schema(&place) else {
                continue;
            };
            if !seen.insert(pointer.clone()) {
                continue;
            }
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let count = schema[keyword].as_array().map_or(0, Vec::len);
                let parts = (0..count).map(|index| SchemaPlace {
                    root: place.root.clone(),
                    pointer: pointer.child(keyword).child(index),
                });
                pending.extend(parts);
            }
        }
        seen
    }

    /// The pointer that a reference in the schema at `root` resolves to.
    pub fn reference_target(&self, root: &str, reference: &str) -> Option<String> {
        let local = reference.strip_prefix('#')?;
        let base = if self.api.is_shared { "" } else { root };
        Some(format!("{base}{}", decoded(local)))
    }

    /// How a value violates a schema; `None` where the schema can't be compiled. Where requests
    /// have a form of it of their own, the value may fit that instead.
    pub fn violations(&self, place: &SchemaPlace, value: &Value) -> Option<Vec<Violation>> {
        let violations = self.checker(place)?.violations(value);
        match self.request_form(place) {
            Some(form) if !violations.is_empty() && self.accepts(&form, value) => Some(Vec::new()),
            _ => Some(violations),
        }
    }

    /// Whether a schema accepts a value, in requests or in replies; false where the schema can't
    /// be compiled.
    pub fn accepts(&self, place: &SchemaPlace, value: &Value) -> bool {
        let accepts = |place: &SchemaPlace| {
            let checker = self.checker(place);
            checker.is_some_and(|checker| checker.accepts(value))
        };
        accepts(place) || self.request_form(place).is_some_and(|form| accepts(&form))
    }

    /// The form that a schema has in requests, where it is another one than in replies.
    fn request_form(&self, place: &SchemaPlace) -> Option<SchemaPlace> {
        let pointer = format!("{REQUEST_FORMS}{}", place.pointer);
        let members = |pointer: &str| Some(self.api.json.value_at(pointer)?.as_object()?.len());
        // What is around a form has its other members missing; a form lacks `required` at most.
        let is_form = members(&pointer)? + 1 >= members(&place.pointer)?;
        is_form.then(|| SchemaPlace::root(&pointer))
    }

    fn checker(&self, place: &SchemaPlace) -> Option<Rc<Checker>> {
        if let Some(known) = self.checkers.borrow().get(&place.pointer) {
            return known.clone();
        }
        let checker = self.compile(place).map(Rc::new);
        let mut checkers = self.checkers.borrow_mut();
        checkers.insert(place.pointer.clone(), checker.clone());
        checker
    }

    fn compile(&self, place: &SchemaPlace) -> Option<Checker> {
        let base = match self.api.is_shared {
            true => "",
            false => place.root.as_str(),
        };
        let local = place.pointer.strip_prefix(base)?;
        let mut compiled = self.compiled.borrow_mut();
        let schemas = compiled.entry(base.to_owned()).or_insert_with(|| {
            let root = self.api.json.value_at(base)?;
            let draft = match self.api.is_shared {
                true => Draft::Latest,
                false => Draft::of_schema(root)?,
            };
            Some(Schemas::new(root, draft))
        });
        schemas.as_mut()?.checker(local).ok()
    }

    /// As much of the document as the schema at `pointer` refers to.
    fn reachable_document(&self, pointer: &str) -> Option<Value> {
        let json = &self.api.json;
        json.value_at(pointer)?;
        Some(pruned(
            json,
            &reachable_schemas(json, vec![pointer.to_owned()]),
        ))
    }

    /// Whether a schema would accept a value if these values stood at these pointers;
    /// `None` where that is not known.
    pub fn would_accept(
        &self,
        place: &SchemaPlace,
        changes: &[(String, Value)],
        value: &Value,
    ) -> Option<bool> {
        let SchemaPlace { root, pointer } = place;
        let (mut json, base) = match self.api.is_shared {
            true => (self.reachable_document(pointer)?, ""),
            false => (self.api.json.value_at(root)?.clone(), root.as_str()),
        };
        for (changed, new) in changes {
            *json.pointer_mut(changed.strip_prefix(base)?)? = new.clone();
        }
        let draft = Draft::of_schema(&json)?;
        let checker = Checker::new(&json, pointer.strip_prefix(base)?, draft).ok()?;
        Some(checker.accepts(value))
    }
}

/// The pointers to the schemas that are not part of another one.
fn schema_roots(api: &Api, is_bare_schema: bool) -> BTreeSet<String> {
    let mut roots: BTreeSet<String> = api.models.keys().cloned().collect();
    for operation in api.operations.iter().chain(&api.incoming) {
        schemas_of(operation, &mut roots);
    }
    if is_bare_schema {
        roots.insert(String::new());
    } else if roots.is_empty() && api.operations.is_empty() && api.incoming.is_empty() {
        roots.insert("/jsonSchema".to_owned());
    }
    let written = roots.iter().map(|root| written_place(root).to_owned());
    written.collect()
}
