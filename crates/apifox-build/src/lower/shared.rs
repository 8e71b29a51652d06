//! Documents whose schemas share others: references start from the document.

use std::collections::BTreeSet;

use apifox_runtime::{Draft, References};
use serde_json::{Map, Value};

use super::{Hint, Lowering};
use crate::form::decoded;
use crate::model::{GuardedBy, Shape, Space, Use};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    pub(super) fn start_from_the_document(&mut self) {
        self.references = References::new(self.document, Draft::Latest);
        self.guards.push(GuardedBy {
            name: "SCHEMAS".into(),
            json: Value::Null,
            draft: Draft::Latest,
        });
    }

    /// Lowers a schema that others refer to; its type is in the document's module.
    pub(super) fn model(&mut self, schema: &Schema<'d>, name: &str) -> Option<Use> {
        let around = std::mem::replace(&mut self.space, Space::Document);
        let of = self.schema(schema, &Hint::new(name, ""));
        self.space = around;
        if let Some(Use::Declared(id)) = of {
            self.of_models.insert(id);
        }
        of
    }

    /// Cuts the document that guards are compiled from down to what they need.
    pub(super) fn prune_guards(&mut self) {
        if !self.is_shared {
            return;
        }
        let shapes = self.types.iter().flatten().map(|it| &it.shape);
        let guarded = shapes.filter_map(|it| match it {
            Shape::Guarded(guarded) => Some(guarded.pointer.clone()),
            _ => None,
        });
        let needed = closure(self.document, guarded.collect());
        self.guards[0].json = pruned(self.document, &needed);
    }
}

/// The places of the schemas at `starts`, and of all that they refer to.
pub(crate) fn closure(document: &Value, starts: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = starts;
    while let Some(pointer) = pending.pop() {
        if found.contains(&pointer) {
            continue;
        }
        if let Some(schema) = document.pointer(&pointer) {
            references(schema, &mut pending);
        }
        found.insert(pointer);
    }
    found
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(pointer) = members.get("$ref").and_then(target) {
                found.push(pointer);
            }
            members.values().for_each(|it| references(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, found)),
        _ => {}
    }
}

fn target(reference: &Value) -> Option<String> {
    reference.as_str()?.strip_prefix('#').map(decoded)
}

/// The parts of a document at these places, and at the same places. Arrays on
/// the way become objects, which JSON pointers don't tell apart.
pub(crate) fn pruned(document: &Value, places: &BTreeSet<String>) -> Value {
    let mut kept = Value::Object(Map::new());
    let mut last: Option<&str> = None;
    for place in places {
        let is_below = |last: &str| {
            place
                .strip_prefix(last)
                .is_some_and(|it| it.starts_with('/'))
        };
        if last.is_some_and(is_below) {
            continue;
        }
        if let Some(part) = document.pointer(place) {
            insert(&mut kept, place, part.clone());
            last = Some(place);
        }
    }
    kept
}

fn insert(into: &mut Value, place: &str, part: Value) {
    let mut at = into;
    for step in place.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let Value::Object(members) = at else {
            return;
        };
        at = members
            .entry(step)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *at = part;
}
