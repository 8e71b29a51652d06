//! `allOf`, and `$ref` with siblings: several schemas at once, merged into one
//! where that says the same.

use serde_json::{Map, Value};

use super::{Hint, Lowering, Met};
use crate::model::Use;
use crate::schema::{Schema, View};
use apifox_document::schema::JsonType;
use apifox_document::schema::keywords::applies;

/// How often a part may lead to further parts.
const DEEPEST: usize = 16;

/// Keywords that look at each other's properties, or items.
const OBJECT_GROUP: &[&str] = &[
    "additionalProperties",
    "patternProperties",
    "properties",
    "unevaluatedProperties",
];
const ARRAY_GROUP: &[&str] = &[
    "additionalItems",
    "contains",
    "items",
    "maxContains",
    "minContains",
    "prefixItems",
    "unevaluatedItems",
];
const CONDITION_GROUP: &[&str] = &["else", "if", "then"];

impl<'d> Lowering<'d> {
    /// `None` when the schemas can't be merged, or no type says the result.
    pub(super) fn conjunction(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        // A part with a base URI of its own means other schemas by its references.
        if self.references.has_embedded_resources() {
            return None;
        }
        // `allOf` of one, the way to describe a reference: it is no more than that.
        let is_alone = schema
            .keywords()
            .all(|name| name == "allOf" || applies(name).is_none());
        if let ([only], true) = (&schema.children("allOf")[..], is_alone) {
            return self.schema(only, hint);
        }
        let before = self.gathered.len();
        let merged = self.merged(schema, hint);
        self.gathered.truncate(before);
        merged
    }

    fn merged(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let mut merged = Map::new();
        self.gather(schema, &mut merged, DEEPEST)?;
        let merged = Schema {
            value: self.arena.alloc(Value::Object(merged)),
            ..schema.viewed(View {
                merged: true,
                ..View::default()
            })
        };
        self.fresh(&merged, hint)
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
        let own: Map<String, Value> = schema
            .keywords()
            .filter(|name| !matches!(*name, "$ref" | "allOf"))
            .filter(|name| !is_identifier(name))
            .filter_map(|name| Some((name.to_owned(), schema.get(name)?.clone())))
            .collect();
        let only_ref = schema.draft == apifox_runtime::Draft::Seven && schema.has("$ref");
        if !only_ref {
            join(merged, own)?;
            for part in schema.children("allOf") {
                self.gather(&part, merged, depth)?;
            }
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.target(schema, target)?;
            // What contains itself can't be copied into itself.
            let is_open = matches!(self.met.get(&target.pointer), Some(Met::Open(..)));
            if is_open || self.gathered.contains(&target.pointer) {
                return None;
            }
            self.gathered.push(target.pointer.clone());
            self.gather(&target, merged, depth)?;
        }
        Some(())
    }
}

fn is_identifier(name: &str) -> bool {
    matches!(
        name,
        "$anchor" | "$defs" | "$id" | "$schema" | "definitions" | "$dynamicAnchor"
    )
}

/// Merges `part` into `whole`; `None` where one schema would not say the same
/// as the two.
fn join(whole: &mut Map<String, Value>, part: Map<String, Value>) -> Option<()> {
    let has =
        |map: &Map<String, Value>, names: &[&str]| names.iter().any(|it| map.contains_key(*it));
    let only_properties = |map: &Map<String, Value>| {
        !has(
            map,
            &[
                "additionalProperties",
                "patternProperties",
                "unevaluatedProperties",
            ],
        )
    };
    let (both_objects, both_arrays, both_conditions) = (
        has(whole, OBJECT_GROUP) && has(&part, OBJECT_GROUP),
        has(whole, ARRAY_GROUP) && has(&part, ARRAY_GROUP),
        has(whole, CONDITION_GROUP) && has(&part, CONDITION_GROUP),
    );
    let unevaluated = ["unevaluatedItems", "unevaluatedProperties"];
    if both_objects && !(only_properties(whole) && only_properties(&part))
        || both_arrays
        || both_conditions
        || has(whole, &unevaluated)
        || has(&part, &unevaluated)
    {
        return None;
    }
    for (name, value) in part {
        let value = match whole.get(&name) {
            None => value,
            Some(old) if *old == value => continue,
            // The first to describe something is the outermost.
            Some(_) if applies(&name).is_none() => continue,
            Some(old) => both(&name, old, &value)?,
        };
        whole.insert(name, value);
    }
    Some(())
}

/// A value for the keyword `name` that says what two values say together.
fn both(name: &str, a: &Value, b: &Value) -> Option<Value> {
    match name {
        "type" => {
            let (a, b) = (JsonType::list(a)?, JsonType::list(b)?);
            let is_number = |it: &JsonType| *it == JsonType::Number;
            let in_both = |it: &JsonType, other: &[JsonType]| {
                other.contains(it) || *it == JsonType::Integer && other.iter().any(is_number)
            };
            let mut types: Vec<JsonType> = a.iter().copied().filter(|it| in_both(it, &b)).collect();
            types.extend(b.iter().filter(|it| in_both(it, &a) && !a.contains(it)));
            let names: Vec<Value> = types.into_iter().map(|it| it.name().into()).collect();
            (!names.is_empty()).then_some(Value::Array(names))
        }
        "required" => {
            let mut names = a.as_array()?.clone();
            names.extend(b.as_array()?.iter().cloned());
            Some(Value::Array(names))
        }
        "properties" => {
            let mut properties = a.as_object()?.clone();
            for (name, b) in b.as_object()? {
                let both = match properties.get(name) {
                    None => b.clone(),
                    Some(a) if a == b => continue,
                    Some(a) => serde_json::json!({ "allOf": [a, b] }),
                };
                properties.insert(name.clone(), both);
            }
            Some(Value::Object(properties))
        }
        "minimum" | "minLength" | "minItems" | "minProperties" => {
            Some(a.as_i64()?.max(b.as_i64()?).into())
        }
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => {
            Some(a.as_i64()?.min(b.as_i64()?).into())
        }
        _ => None,
    }
}
