//! `nullable`, which OpenAPI 3.0 lets add `null` to `type` and to nothing else, but which is
//! commonly meant to add it to whatever the schema says.

mod acceptance;
mod admission;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Dialect, SchemaVersion};
use crate::diagnostics::shortened;
use crate::pointer::JsonValueExt as _;
use crate::schema::keywords::applies;

use acceptance::{Acceptance, NULLABLE};
use admission::{Admission, Move, add_to_type};

/// What may refuse `null` besides `type`.
const OTHERS: [&str; 8] = [
    "$ref", "allOf", "anyOf", "const", "enum", "if", "not", "oneOf",
];

impl Dialect<'_> {
    /// Makes an alternative that is nothing but nullable `null`, which alone it is meant to be.
    /// Says whether it is one.
    pub(super) fn null_alternative(
        &mut self,
        schema: &mut Map<String, Value>,
        place: &str,
    ) -> bool {
        if !is_nullable_alone(schema, place) {
            return false;
        }
        let is_extension = schema.contains_key("x-nullable");
        if let Some(reading) = self.version.nullable_alone(is_extension) {
            self.note_read(place, "nullable", &reading);
        }
        schema.clear();
        schema.insert("type".into(), "null".into());
        true
    }

    /// Adds `null` to the type of a schema that is nullable. Whether the rest of it accepts
    /// `null` is known once all schemas are translated; until then it stays nullable.
    pub(super) fn nullable(&mut self, schema: &mut Map<String, Value>, place: &str) {
        match schema.remove(NULLABLE) {
            Some(Value::Bool(true)) => {}
            None | Some(Value::Bool(false) | Value::Null) => return,
            Some(other) => {
                let message = format!("is {}, not true or false; it is skipped", shortened(&other));
                return self.note(place, Some("nullable"), &message);
            }
        }
        add_to_type(schema);
        if OTHERS.iter().any(|name| schema.contains_key(*name)) {
            schema.insert(NULLABLE.into(), true.into());
            self.nullable.insert(place.to_owned(), self.root.clone());
        }
    }

    /// Lets each nullable schema accept `null`, and notes where its version alone would not.
    pub(super) fn admit_nulls(&mut self, json: &mut Value) {
        let nullable = std::mem::take(&mut self.nullable);
        if nullable.is_empty() {
            return;
        }
        let targets = self.references.values();
        let referred: BTreeSet<String> = targets.map(|target| self.moves.current(target)).collect();
        // What is within another schema comes before it, which then knows what it accepts.
        for (place, root) in nullable.iter().rev() {
            self.root.clone_from(root);
            if let Some(Value::Object(members)) = json.pointer_mut(place) {
                members.remove(NULLABLE);
            }
            let Some(schema) = json.value_at(place) else {
                continue;
            };
            let mut acceptance = Acceptance::new(self, json, &nullable);
            if acceptance.of(schema) == Some(true) {
                continue;
            }
            let mut schema = schema.clone();
            let mut admission = Admission {
                acceptance,
                referred: &referred,
                moves: Vec::new(),
            };
            admission.admit(&mut schema, place);
            let moves = admission.moves;
            if let Some(there) = json.pointer_mut(place) {
                *there = schema;
            }
            moves.into_iter().for_each(|it| self.moved_for_null(it));
            if self.version == SchemaVersion::OpenApi30 {
                let message = "has no effect here by OpenAPI 3.0, where the rest of the schema \
                               refuses null; null is accepted, as is commonly meant";
                self.note_read(place, "nullable", message);
            }
        }
    }

    fn moved_for_null(&mut self, schema_or_reference: Move) {
        match schema_or_reference {
            Move::Schema { from, to } => self.schemas_moved(&from, &to),
            Move::Reference { from, to } => {
                if let Some(target) = self.references.remove(&from) {
                    self.references.insert(to, target);
                }
            }
        }
    }
}

/// Whether the schema at `place` is an alternative, and nothing but nullable.
fn is_nullable_alone(schema: &Map<String, Value>, place: &str) -> bool {
    let mut steps = place.rsplit('/');
    let index = steps.next().unwrap_or_default();
    let is_index = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    is_index
        && matches!(steps.next(), Some("anyOf" | "oneOf"))
        && schema.get("nullable") == Some(&Value::Bool(true))
        && schema.keys().all(|name| applies(name).is_none())
}
