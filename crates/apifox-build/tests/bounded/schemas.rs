//! Schemas of any size.

use serde_json::{Map, Value, json};

/// A schema that is the first of `models`.
pub fn first_of(models: impl Iterator<Item = Value>) -> Value {
    let models: Map<String, Value> = models
        .enumerate()
        .map(|(at, model)| (format!("M{at}"), model))
        .collect();
    json!({"$ref": "#/$defs/M0", "$defs": models})
}

/// An OpenAPI document whose one reply is the first of `models`, which refer to each other
/// in `#/components/schemas`.
pub fn api_of(models: impl Iterator<Item = Value>) -> Value {
    let models: Map<String, Value> = models
        .enumerate()
        .map(|(at, model)| (format!("M{at}"), model))
        .collect();
    let reply = json!({"$ref": "#/components/schemas/M0"});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {
            "description": "", "content": {"application/json": {"schema": reply}}
        }}}}},
        "components": {"schemas": models},
    })
}

/// `#/$defs/M3`
pub fn inner(at: usize) -> Value {
    json!({"$ref": format!("#/$defs/M{at}")})
}

/// `#/components/schemas/M3`
pub fn shared(at: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/M{at}")})
}

/// `count` models, of which each but the last holds the next as `holds` says.
pub fn chain(
    count: usize,
    refer: fn(usize) -> Value,
    holds: fn(Value) -> Value,
) -> impl Iterator<Item = Value> {
    (0..count).map(move |at| match at + 1 < count {
        true => holds(refer(at + 1)),
        false => json!({"type": "string", "minLength": 1}),
    })
}

/// `count` objects with three fields each that refer to any of them.
pub fn graph(count: usize, refer: fn(usize) -> Value) -> impl Iterator<Item = Value> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % count as u64).unwrap()
    };
    (0..count).map(move |_| {
        json!({"type": "object", "properties": {
            "a": refer(next()), "b": refer(next()), "c": refer(next())
        }})
    })
}

/// What holds another schema, in each way that there is.
pub fn field(next: Value) -> Value {
    json!({"type": "object", "required": ["next"], "properties": {"next": next}})
}
pub fn item(next: Value) -> Value {
    json!({"type": "array", "items": next})
}
pub fn all_of(next: Value) -> Value {
    json!({"allOf": [next, {"minLength": 1}]})
}
pub fn any_of(next: Value) -> Value {
    json!({"anyOf": [next, {"type": "null"}]})
}
/// Two alternatives that one value may fit, so that what was made of them is of no use.
pub fn overlapping(next: Value) -> Value {
    json!({
        "type": "object",
        "properties": {"one": {"anyOf": [next, {"type": "object"}]}}
    })
}
pub fn not(next: Value) -> Value {
    json!({"not": next})
}
pub fn alias(next: Value) -> Value {
    next
}
/// A rule across fields, so that the schema itself is compiled and asked.
pub fn guarded(next: Value) -> Value {
    json!({
        "type": "object", "properties": {"next": next, "other": {"type": "string"}},
        "if": {"required": ["other"]}, "then": {"required": ["next"]}
    })
}

/// A schema that accepts `null` although more than one keyword refuses it.
pub fn nullable(next: Value) -> Value {
    json!({"nullable": true, "not": {"required": ["other"]}, "allOf": [next, {"type": "object"}]})
}

/// A schema in which `depth` schemas hold each other.
pub fn nested(depth: usize, holds: fn(Value) -> Value) -> Value {
    (0..depth).fold(json!({"type": "string"}), |inner, _| holds(inner))
}
