//! The schemas that types are guarded with.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use super::lowering::Lowering;
use crate::model::{Guarded, GuardedBy, Shape, Type, TypeRef};
use crate::names;
use crate::schema::Schema;
use apifox_document::schema::keywords::applies;
use apifox_document::schema::reachable::{pruned, reachable_schemas};

/// The longest rules to state in documentation, as JSON: longer ones are better read in
/// the document.
const LONGEST: usize = 200;

/// The largest document, in bytes, that guards read as a whole for the schemas in it: each
/// does when it is first needed.
const LARGEST: usize = 100_000;

impl<'d> Lowering<'d> {
    /// A type guarded by all of a schema, or by what the type doesn't enforce itself.
    pub fn guard(&self, schema: &Schema<'d>, inner: TypeRef, cross_field_only: bool) -> Shape {
        let rule = |name: &str| Some((name.to_owned(), schema.get(name)?.clone()));
        let asserts = schema.keywords().filter(|name| applies(name).is_some());
        let rules: Map<String, Value> = asserts.filter_map(rule).collect();
        let rules = Value::Object(rules).to_string();
        Shape::Guarded(Guarded {
            rules: Some(rules).filter(|rules| rules.len() <= LONGEST),
            of: inner,
            cross_field_only,
            by: self.guards.len() - 1,
            pointer: self.local(&schema.pointer).to_owned(),
        })
    }

    /// Guards are compiled from the document from now on, once it is cut down.
    pub fn add_shared_guards(&mut self) {
        self.guards.push(GuardedBy {
            name: "SCHEMAS".into(),
            json: Value::Null,
            place: None,
            draft: Draft::Latest,
        });
    }

    /// Guards are compiled from this schema from now on.
    pub fn add_guards(&mut self, schema: &Schema<'d>, name: &str) {
        let original = self.source.document.pointer(&schema.pointer);
        let is_same = original == Some(schema.value);
        self.guards.push(GuardedBy {
            name: self.guard_name(name),
            json: schema.value.clone(),
            place: is_same.then(|| schema.pointer.clone()),
            draft: schema.draft,
        });
    }

    /// A name that no guard has yet.
    fn guard_name(&self, name: &str) -> String {
        let name = names::constant_name(&format!("{name}_schema"));
        let is_taken = |name: &str| self.guards.iter().any(|guard| guard.name == name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| !is_taken(name)).unwrap_or(name)
    }

    /// Cuts the document that guards are compiled from down to what they need.
    pub fn prune_guards(&mut self, types: &[Type]) {
        if !self.source.api.is_shared {
            return;
        }
        let pointer = |shape: &Shape| match shape {
            Shape::Guarded(guarded) => Some(guarded.pointer.clone()),
            _ => None,
        };
        let guarded = types.iter().filter_map(|declared| pointer(&declared.shape));
        let needed = reachable_schemas(&self.source.api.json, guarded.collect());
        let is_same = *self.source.document == self.source.api.json;
        let is_small = is_same && self.source.document.to_string().len() <= LARGEST;
        self.guards[0].place = is_small.then(String::new);
        self.guards[0].json = pruned(&self.source.api.json, &needed);
    }
}
