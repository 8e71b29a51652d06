//! Puts what a client sent into a reply, as far as its schema allows.

use serde_json::{Map, Value};

use apifox_document::pointer::JsonPointerExt as _;

use crate::documents::schema::Schema;

/// How many places of a reply are looked at, and how deep.
const MOST_PLACES: usize = 300;
const DEEPEST: usize = 4;
/// How many members are tried one by one.
const MOST_MEMBERS: usize = 64;

/// The places of a value's objects and arrays, the outermost first.
pub fn places(value: &Value) -> Vec<String> {
    let mut found = vec![(String::new(), 0)];
    let mut at = 0;
    while let Some((pointer, depth)) = found.get(at).cloned() {
        at += 1;
        if depth == DEEPEST || found.len() > MOST_PLACES {
            continue;
        }
        let below = value.pointer(&pointer).and_then(Value::as_object);
        for (name, member) in below.into_iter().flatten() {
            if member.is_object() || member.is_array() {
                found.push((pointer.child(name), depth + 1));
            }
        }
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}

/// The object in a reply that has most members of these names, if one has any.
pub fn likest(reply: &Value, members: &Map<String, Value>) -> Option<String> {
    let shared = |pointer: &String| {
        let object = reply.pointer(pointer).and_then(Value::as_object);
        object.map_or(0, |own| {
            members
                .keys()
                .filter(|name| own.contains_key(*name))
                .count()
        })
    };
    let counted = places(reply)
        .into_iter()
        .map(|pointer| (shared(&pointer), pointer));
    let best = counted.rev().max_by_key(|(count, _)| *count)?;
    (best.0 > 0).then_some(best.1)
}

/// Sets members of the object at a place: all where the reply is still valid then, or else
/// each for which it is.
pub fn put(schema: &Schema, reply: &mut Value, place: &str, members: &Map<String, Value>) {
    if set(schema, reply, place, members.clone()) {
        return;
    }
    for (name, value) in members.iter().take(MOST_MEMBERS) {
        set(
            schema,
            reply,
            place,
            Map::from_iter([(name.clone(), value.clone())]),
        );
    }
}

/// Replaces the value at a place, unless the reply were no longer valid.
pub fn replace(schema: &Schema, reply: &mut Value, place: &str, value: Value) -> bool {
    let Some(slot) = reply.pointer_mut(place) else {
        return false;
    };
    let before = std::mem::replace(slot, value);
    let is_valid = schema.accepts(reply);
    if let (false, Some(slot)) = (is_valid, reply.pointer_mut(place)) {
        *slot = before;
    }
    is_valid
}

fn set(schema: &Schema, reply: &mut Value, place: &str, members: Map<String, Value>) -> bool {
    let object = reply.pointer(place).and_then(Value::as_object);
    let Some(mut object) = object.cloned() else {
        return false;
    };
    object.extend(members);
    replace(schema, reply, place, object.into())
}
