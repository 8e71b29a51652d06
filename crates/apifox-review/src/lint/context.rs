//! A document as the rules see it: as it is written, and as it is understood.

use apifox_document::pointer::JsonPointerExt as _;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use apifox_runtime::{Checker, Draft, Violation};
use serde_json::Value;

use super::example::Example;
use super::schemas::{self, Schema};
use apifox_document::Document;
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::forms;
use apifox_document::forms::dialect::schemas_of;
use apifox_document::schema::reachable::{pruned, reachable_schemas};

pub(crate) struct Linted<'d> {
    /// The document as it is written.
    pub json: &'d Value,
    /// What is made of it, with its schemas as plain JSON Schema at their places.
    pub api: Api,
    /// Every schema in it, as it is written.
    pub schemas: Vec<Schema<'d>>,
    /// What is no schema where one has to be.
    pub no_schemas: Vec<(String, &'d Value)>,
    /// None until they are looked for.
    pub examples: Vec<Example<'d>>,
    /// Whether it is a JSON Schema and nothing else.
    pub is_bare: bool,
    /// What of its file is not whole.
    pub faults: &'d [Diagnostic],
    checkers: RefCell<HashMap<String, Option<Rc<Checker>>>>,
}

impl<'d> Linted<'d> {
    /// # Errors
    ///
    /// That it can't be read at all.
    pub fn new(document: &'d Document) -> Result<Self, Diagnostics> {
        let json = &document.json;
        let is_bare = !forms::is_document(json) && !is_error_body(json);
        let api = match is_bare {
            true => Api {
                json: json.clone(),
                ..Api::default()
            },
            false => forms::read(document, false)?,
        };
        let mut linted = Self {
            json,
            api,
            schemas: Vec::new(),
            no_schemas: Vec::new(),
            examples: Vec::new(),
            is_bare,
            faults: &document.faults,
            checkers: RefCell::default(),
        };
        let roots = linted.roots();
        (linted.schemas, linted.no_schemas) = schemas::all(json, &roots);
        Ok(linted)
    }

    /// The places of the schemas that are part of no other one.
    fn roots(&self) -> BTreeSet<String> {
        let mut roots: BTreeSet<String> = self.api.models.keys().cloned().collect();
        let operations = &self.api.operations;
        operations.iter().for_each(|it| schemas_of(it, &mut roots));
        if self.is_bare {
            roots.insert(String::new());
        } else if operations.is_empty() && self.api.models.is_empty() {
            roots.insert("/jsonSchema".to_owned());
        }
        roots
    }

    /// The value at a place of the document as it is written.
    pub fn at(&self, pointer: &str) -> Option<&'d Value> {
        self.json.pointer(pointer)
    }

    /// The places of what the value at a place holds.
    pub fn below(&self, pointer: &str) -> Vec<String> {
        match self.at(pointer) {
            Some(Value::Array(items)) => (0..items.len()).map(|it| pointer.child(it)).collect(),
            Some(Value::Object(members)) => members.keys().map(|it| pointer.child(it)).collect(),
            _ => Vec::new(),
        }
    }

    /// The schema at a place, as it is understood, once references are followed;
    /// and where it stands then.
    pub fn understood(&self, root: &str, place: &str) -> Option<(String, &Value)> {
        const FARTHEST: usize = 16;
        let mut place = place.to_owned();
        for _ in 0..FARTHEST {
            let schema = self.api.json.pointer(&place)?;
            match schema.get("$ref").and_then(Value::as_str) {
                Some(target) => place = self.target(root, target)?,
                None => return Some((place, schema)),
            }
        }
        None
    }

    /// Where a reference leads, from a schema in that at `root`.
    pub fn target(&self, root: &str, reference: &str) -> Option<String> {
        let local = reference.strip_prefix('#')?;
        let base = if self.api.is_shared { "" } else { root };
        Some(format!("{base}{local}"))
    }

    /// The rules of the schema at `place` in that at `root` which a value breaks;
    /// `None` where there are no rules to be had.
    pub fn violations(&self, root: &str, place: &str, value: &Value) -> Option<Vec<Violation>> {
        Some(self.checker(root, place)?.violations(value))
    }

    fn checker(&self, root: &str, place: &str) -> Option<Rc<Checker>> {
        if let Some(known) = self.checkers.borrow().get(place) {
            return known.clone();
        }
        let checker = self.compiled(root, place).map(Rc::new);
        let mut checkers = self.checkers.borrow_mut();
        checkers.insert(place.to_owned(), checker.clone());
        checker
    }

    fn compiled(&self, root: &str, place: &str) -> Option<Checker> {
        if self.api.is_shared {
            let needed = self.needed(place)?;
            return Checker::new(&needed, place, Draft::Latest).ok();
        }
        let schema = self.api.json.pointer(root)?;
        let draft = Draft::of_schema(schema)?;
        Checker::new(schema, place.strip_prefix(root)?, draft).ok()
    }

    /// As much of the document as the schema at `place` refers to.
    fn needed(&self, place: &str) -> Option<Value> {
        let json = &self.api.json;
        json.pointer(place)?;
        Some(pruned(
            json,
            &reachable_schemas(json, vec![place.to_owned()]),
        ))
    }

    /// Whether the schema at `place` in that at `root` would accept a value if it
    /// had these values at these places.
    pub fn would_accept(
        &self,
        root: &str,
        place: &str,
        changes: &[(String, Value)],
        value: &Value,
    ) -> Option<bool> {
        let (mut json, base) = match self.api.is_shared {
            true => (self.needed(place)?, ""),
            false => (self.api.json.pointer(root)?.clone(), root),
        };
        for (pointer, changed) in changes {
            *json.pointer_mut(pointer.strip_prefix(base)?)? = changed.clone();
        }
        let draft = Draft::of_schema(&json)?;
        let checker = Checker::new(&json, place.strip_prefix(base)?, draft).ok()?;
        Some(checker.accepts(value))
    }
}

/// Whether a document is the body of an API's errors: a schema in an object.
fn is_error_body(json: &Value) -> bool {
    json.get("jsonSchema").is_some()
}
