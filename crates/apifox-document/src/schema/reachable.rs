//! Which schemas a schema refers to, and the part of the document that they are in.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::pointer::{JsonValueExt as _, decoded, steps};

/// The places of the schemas at `starts`, and of all that they refer to.
pub fn reachable_schemas(document: &Value, starts: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = starts;
    while let Some(pointer) = pending.pop() {
        if found.contains(&pointer) {
            continue;
        }
        if let Some(schema) = document.value_at(&pointer) {
            references(schema, &mut pending);
        }
        found.insert(pointer);
    }
    found
}

/// Adds the places that references in a schema lead to.
pub fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(pointer) = members.get("$ref").and_then(target) {
                found.push(pointer);
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn target(reference: &Value) -> Option<String> {
    reference.as_str()?.strip_prefix('#').map(decoded)
}

/// A document with only the parts at `places`, which keep their places. Arrays around them
/// become objects: a JSON pointer reads both alike.
pub fn pruned(document: &Value, places: &BTreeSet<String>) -> Value {
    let mut kept = Value::Object(Map::new());
    let mut last: Option<&str> = None;
    for place in places {
        let is_below = |last: &str| {
            place
                .strip_prefix(last)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if last.is_some_and(is_below) {
            continue;
        }
        if let Some(part) = document.value_at(place) {
            insert(&mut kept, place, part.clone());
            last = Some(place);
        }
    }
    kept
}

/// A schema with what it refers to in the document beside its keywords, so that its references
/// start from itself. What refers to all of the document has nothing to be put beside it.
#[must_use]
pub fn standing_alone(document: &Value, schema: &Value) -> Value {
    let mut starts = Vec::new();
    references(schema, &mut starts);
    starts.retain(|start| !start.is_empty());
    let mut places = reachable_schemas(document, starts);
    places.remove("");
    let mut alone = schema.clone();
    if let (Value::Object(members), Value::Object(parts)) = (&mut alone, pruned(document, &places))
    {
        for (name, part) in parts {
            members.entry(name).or_insert(part);
        }
    }
    alone
}

fn insert(into: &mut Value, place: &str, part: Value) {
    let mut at = into;
    for step in steps(place) {
        let Value::Object(members) = at else {
            return;
        };
        at = members
            .entry(step)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *at = part;
}
