//! Widens the schema of a reply by the least that makes it accept an example.

use std::collections::BTreeMap;

use apifox_runtime::Violation;
use serde_json::{Value, json};

use super::patch::Patch;
use crate::lint::context::Context;
use crate::lint::examples::Example;
use crate::lint::schemas::SchemaPlace;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};

/// How one schema has to be widened.
#[derive(Default)]
struct Widening {
    /// Properties that may be left out.
    optional: Vec<String>,
    /// A type that is accepted as well.
    also: Option<&'static str>,
}

/// Makes the schema accept the example, where the example only breaks it by what it leaves
/// out, by `null`, or by a fraction; `None` otherwise.
pub fn widen(
    context: &Context<'_>,
    example: &Example<'_>,
    violations: &[Violation],
) -> Option<Patch> {
    let place = example.schema.as_ref()?;
    let value = example.json()?;
    let mut changes: Vec<(String, Value)> = Vec::new();
    for (schema, widening) in widenings(context, place, value, violations)? {
        changes.extend(changed_keywords(context, &schema, &widening)?);
    }
    if !context.would_accept(place, &changes, value)? {
        return None;
    }
    let mut patch = Patch::empty();
    for (pointer, new) in changes {
        patch = patch.and(Patch::replace(&pointer, context.value_at(&pointer)?, new));
    }
    Some(patch)
}

/// What has to change for these violations to go away, by the pointer to the schema.
fn widenings(
    context: &Context<'_>,
    place: &SchemaPlace,
    example: &Value,
    violations: &[Violation],
) -> Option<BTreeMap<String, Widening>> {
    let mut widenings: BTreeMap<String, Widening> = BTreeMap::new();
    for violation in violations {
        let schema = schema_of_value(context, place, &violation.pointer)?;
        let value = example.value_at(&violation.pointer)?;
        let widening = widenings.entry(schema.clone()).or_default();
        match (violation.keyword, value) {
            ("required", Value::Object(members)) => {
                let names = context.value_at(&schema)?.get("required")?.as_array()?;
                let names = names.iter().filter_map(Value::as_str);
                let missing = names.filter(|name| !members.contains_key(*name));
                widening.optional.extend(missing.map(str::to_owned));
            }
            ("type", Value::Null) => widening.also = Some("null"),
            ("type", Value::Number(_)) => widening.also = Some("number"),
            _ => return None,
        }
    }
    Some(widenings)
}

/// The new values of a schema's keywords, by pointer.
fn changed_keywords(
    context: &Context<'_>,
    schema: &str,
    widening: &Widening,
) -> Option<Vec<(String, Value)>> {
    let written = context.value_at(schema)?;
    let mut changed = Vec::new();
    if !widening.optional.is_empty() {
        let names = written.get("required")?.as_array()?;
        let is_optional = |name: &str| widening.optional.iter().any(|optional| optional == name);
        let is_kept = |name: &&Value| !name.as_str().is_some_and(is_optional);
        let kept: Vec<Value> = names.iter().filter(is_kept).cloned().collect();
        changed.push((schema.child("required"), kept.into()));
    }
    if let Some(also) = widening.also {
        let wider = match (written.get("type")?, also) {
            (Value::String(single), "number") if single == "integer" => json!("number"),
            (Value::String(single), "null") if written.get("enum").is_none() => {
                json!([single, "null"])
            }
            _ => return None,
        };
        changed.push((schema.child("type"), wider));
    }
    Some(changed)
}

/// The pointer to the schema that the value at `instance` has to fit.
fn schema_of_value(context: &Context<'_>, place: &SchemaPlace, instance: &str) -> Option<String> {
    let (mut pointer, mut schema) = context.resolve_schema(place)?;
    for name in steps(instance) {
        let below = if schema["properties"].get(&name).is_some() {
            pointer.child("properties").child(&name)
        } else if schema["items"].is_object() && name.parse::<usize>().is_ok() {
            pointer.child("items")
        } else if schema["additionalProperties"].is_object() {
            pointer.child("additionalProperties")
        } else {
            return None;
        };
        (pointer, schema) = context.resolve_schema(&SchemaPlace {
            root: place.root.clone(),
            pointer: below,
        })?;
    }
    Some(pointer)
}
