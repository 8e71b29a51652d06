//! The least that a reply's schema has to give in for an example to fit.

use std::collections::BTreeMap;

use apifox_runtime::Violation;
use serde_json::{Value, json};

use super::context::Linted;
use super::example::Example;
use super::patch::Patch;
use apifox_document::pointer::{JsonPointerExt as _, steps};

/// What has to change about one schema.
#[derive(Default)]
struct Change {
    /// Names that are no longer required.
    not_required: Vec<String>,
    /// A type that is accepted as well.
    also: Option<&'static str>,
}

/// Lets the schema accept the example, where all that stands against it is what is
/// missing, null, or not whole; `None` otherwise.
pub(super) fn patch(
    linted: &Linted<'_>,
    example: &Example<'_>,
    broken: &[Violation],
) -> Option<Patch> {
    let (root, place) = example.schema.as_ref()?;
    let example = example.json()?;
    let mut changes: BTreeMap<String, Change> = BTreeMap::new();
    for violation in broken {
        let schema = schema_at(linted, root, place, &violation.pointer)?;
        let value = example.pointer(&violation.pointer)?;
        let change = changes.entry(schema.clone()).or_default();
        match (violation.keyword, value) {
            ("required", Value::Object(members)) => {
                let names = linted.at(&schema)?.get("required")?.as_array()?;
                let names = names.iter().filter_map(Value::as_str);
                let missing = names.filter(|it| !members.contains_key(*it));
                change.not_required.extend(missing.map(str::to_owned));
            }
            ("type", Value::Null) => change.also = Some("null"),
            ("type", Value::Number(_)) => change.also = Some("number"),
            _ => return None,
        }
    }
    let mut wider: Vec<(String, Value)> = Vec::new();
    for (schema, change) in changes {
        wider.extend(changed(linted, &schema, &change)?);
    }
    if !linted.would_accept(root, place, &wider, example)? {
        return None;
    }
    let mut patch = Patch::none();
    for (pointer, new) in wider {
        patch = patch.and(Patch::replace(&pointer, linted.at(&pointer)?, new));
    }
    Some(patch)
}

/// What the keywords of a schema become, by their places.
fn changed(linted: &Linted<'_>, schema: &str, change: &Change) -> Option<Vec<(String, Value)>> {
    let written = linted.at(schema)?;
    let mut changed = Vec::new();
    if !change.not_required.is_empty() {
        let names = written.get("required")?.as_array()?;
        let is_left_out = |it: &str| change.not_required.iter().any(|name| name == it);
        let is_kept = |it: &&Value| !it.as_str().is_some_and(is_left_out);
        let kept: Vec<Value> = names.iter().filter(is_kept).cloned().collect();
        changed.push((schema.child("required"), kept.into()));
    }
    if let Some(also) = change.also {
        let wider = match (written.get("type")?, also) {
            (Value::String(one), "number") if one == "integer" => json!("number"),
            (Value::String(one), "null") if written.get("enum").is_none() => json!([one, "null"]),
            _ => return None,
        };
        changed.push((schema.child("type"), wider));
    }
    Some(changed)
}

/// The place of the schema that a value in an instance has to fit.
fn schema_at(linted: &Linted<'_>, root: &str, place: &str, instance: &str) -> Option<String> {
    let (mut place, mut schema) = linted.understood(root, place)?;
    for name in steps(instance) {
        let below = if schema["properties"].get(&name).is_some() {
            place.child("properties").child(&name)
        } else if schema["items"].is_object() && name.parse::<usize>().is_ok() {
            place.child("items")
        } else if schema["additionalProperties"].is_object() {
            place.child("additionalProperties")
        } else {
            return None;
        };
        (place, schema) = linted.understood(root, &below)?;
    }
    Some(place)
}
