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
    let mut patch = Patch::empty();
    for (schema, widening) in widenings(context, place, value, violations)? {
        for change in changed_keywords(context, &schema, &widening)? {
            changes.push((change.pointer, change.understood));
            patch = patch.and(change.patch);
        }
    }
    context
        .would_accept(place, &changes, value)?
        .then_some(patch)
}

/// A keyword with another value.
struct Change {
    pointer: String,
    /// Its value in JSON Schema.
    understood: Value,
    /// How the document says that.
    patch: Patch,
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

/// The new values of a schema's keywords.
fn changed_keywords(
    context: &Context<'_>,
    schema: &str,
    widening: &Widening,
) -> Option<Vec<Change>> {
    let written = context.value_at(schema)?;
    let mut changed = Vec::new();
    if let Some(also) = widening.also {
        changed.push(wider_type(context, schema, also)?);
    }
    if !widening.optional.is_empty() {
        let required = written.get("required")?;
        let is_optional = |name: &str| widening.optional.iter().any(|optional| optional == name);
        let is_kept = |name: &&Value| !name.as_str().is_some_and(is_optional);
        let kept: Vec<Value> = required
            .as_array()?
            .iter()
            .filter(is_kept)
            .cloned()
            .collect();
        let kept = Value::from(kept);
        let pointer = schema.child("required");
        changed.push(Change {
            patch: Patch::replace(&pointer, required, kept.clone()),
            pointer,
            understood: kept,
        });
    }
    Some(changed)
}

/// The type of a schema, and this one as well.
fn wider_type(context: &Context<'_>, schema: &str, also: &str) -> Option<Change> {
    let written = context.value_at(schema)?;
    let pointer = schema.child("type");
    let own = written.get("type")?;
    let wider = match (own, also) {
        (Value::String(single), "number") if single == "integer" => json!("number"),
        (Value::String(single), "null") if written.get("enum").is_none() => json!([single, "null"]),
        _ => return None,
    };
    let patch = match (
        wider.is_array() && !context.has_lists_of_types(),
        written.get("nullable"),
    ) {
        (true, None) => Patch::add(schema, written, "nullable", true),
        (true, Some(not)) => Patch::replace(&schema.child("nullable"), not, true),
        (false, _) => Patch::replace(&pointer, own, wider.clone()),
    };
    Some(Change {
        pointer,
        understood: wider,
        patch,
    })
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
