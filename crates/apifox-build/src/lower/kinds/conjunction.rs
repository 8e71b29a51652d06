//! `allOf`, and `$ref` with siblings: several schemas at once, merged into one
//! where that says the same.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use super::merge::merge;
use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::lower::type_table::VisitState;
use crate::model::TypeRef;
use crate::schema::{Schema, View};
use apifox_document::schema::keywords::applies;

/// How often a part may lead to further parts.
const DEEPEST: usize = 16;

impl<'d> Lowering<'d> {
    /// `None` when the schemas can't be merged, or no type says the result.
    pub fn conjunction(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        // A part with a base URI of its own means other schemas by its references.
        if self.base.references.has_embedded_resources() {
            return None;
        }
        // `allOf` of one, the way to describe a reference: it is no more than that.
        let is_alone = schema
            .keywords()
            .all(|name| name == "allOf" || applies(name).is_none());
        if let ([only], true) = (&schema.children("allOf")[..], is_alone) {
            return self.schema(only, hint);
        }
        let before = self.progress.merged.len();
        let made = self.merged(schema, hint);
        self.progress.merged.truncate(before);
        made
    }

    fn merged(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let mut merged = Map::new();
        self.gather(schema, &mut merged, DEEPEST)?;
        let view = View {
            merged: true,
            ..View::default()
        };
        let merged = Schema {
            value: self.source.arena.alloc(Value::Object(merged)),
            ..schema.viewed(view)
        };
        self.unvisited(&merged, hint)
    }

    /// Merges a schema, and those that it is a conjunction of, into `merged`.
    fn gather(
        &mut self,
        schema: &Schema<'d>,
        merged: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match schema.value {
            Value::Bool(true) => return Some(()),
            Value::Object(_) => {}
            _ => return None,
        }
        if schema.draft != Draft::Seven || !schema.has("$ref") {
            merge(merged, own_keywords(schema))?;
            for part in schema.children("allOf") {
                self.gather(&part, merged, depth)?;
            }
        }
        match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => self.gather_target(schema, target, merged, depth),
            None => Some(()),
        }
    }

    fn gather_target(
        &mut self,
        schema: &Schema<'d>,
        target: &str,
        merged: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        let target = self.target(schema, target)?;
        // What contains itself can't be copied into itself.
        let visit = self.types.visit(&target.pointer);
        let is_open = matches!(visit, Some(VisitState::Open(..)));
        if is_open || self.progress.merged.contains(&target.pointer) {
            return None;
        }
        self.progress.merged.push(target.pointer.clone());
        self.gather(&target, merged, depth)
    }
}

/// What a schema says itself.
fn own_keywords(schema: &Schema<'_>) -> Map<String, Value> {
    schema
        .keywords()
        .filter(|name| !matches!(*name, "$ref" | "allOf") && !is_identifier(name))
        .filter_map(|name| Some((name.to_owned(), schema.get(name)?.clone())))
        .collect()
}

fn is_identifier(name: &str) -> bool {
    matches!(
        name,
        "$anchor" | "$defs" | "$id" | "$schema" | "definitions" | "$dynamicAnchor"
    )
}
