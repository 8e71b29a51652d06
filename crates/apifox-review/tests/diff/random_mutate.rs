//! Schemas that differ a little, and schemas that say the same in other words.

use proptest::prelude::Rng as _;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value, json};

fn below(rng: &mut TestRng, bound: usize) -> usize {
    rng.next_u32() as usize % bound.max(1)
}

/// The schema with one to three things changed.
pub fn mutated(schema: &Value, rng: &mut TestRng) -> Value {
    let mut schema = schema.clone();
    for _ in 0..=below(rng, 3) {
        let mut places = Vec::new();
        schemas(&schema, String::new(), &mut places);
        if places.is_empty() {
            return json!({"type": ["string", "object"]});
        }
        let place = places[below(rng, places.len())].clone();
        let target = schema.pointer_mut(&place).expect("a place of the schema");
        if let Value::Object(members) = target {
            change(members, rng, place.is_empty());
        }
    }
    schema
}

/// The places of the schemas in a schema.
fn schemas(schema: &Value, place: String, found: &mut Vec<String>) {
    let Value::Object(members) = schema else {
        return;
    };
    for (name, value) in members {
        let below = format!("{place}/{name}");
        match (name.as_str(), value) {
            ("items" | "additionalProperties" | "not", value) => schemas(value, below, found),
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    schemas(item, format!("{below}/{index}"), found);
                }
            }
            ("properties" | "$defs", Value::Object(named)) => {
                for (name, value) in named {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    schemas(value, format!("{below}/{name}"), found);
                }
            }
            _ => {}
        }
    }
    found.push(place);
}

fn change(members: &mut Map<String, Value>, rng: &mut TestRng, is_root: bool) {
    let names: Vec<String> = members
        .keys()
        .filter(|it| !is_root || *it != "$defs")
        .cloned()
        .collect();
    if names.is_empty() || below(rng, 4) == 0 {
        let (name, value) = keyword(rng);
        members.insert(name.into(), value);
        return;
    }
    let name = &names[below(rng, names.len())];
    if below(rng, 3) == 0 {
        members.remove(name);
        return;
    }
    let value = members[name].clone();
    members.insert(name.clone(), altered(name, value, rng));
}

fn keyword(rng: &mut TestRng) -> (&'static str, Value) {
    let all = [
        ("minimum", json!(0)),
        ("exclusiveMaximum", json!(3)),
        ("multipleOf", json!(2)),
        ("maxLength", json!(2)),
        ("pattern", json!("^a")),
        ("minItems", json!(1)),
        ("uniqueItems", json!(true)),
        ("items", json!({"type": "integer"})),
        (
            "prefixItems",
            json!([{"type": "string"}, {"type": "integer"}]),
        ),
        ("contains", json!({"type": "integer"})),
        ("required", json!(["a"])),
        ("additionalProperties", json!(false)),
        (
            "additionalProperties",
            json!({"type": ["string", "integer"]}),
        ),
        ("patternProperties", json!({"^a": {"type": "integer"}})),
        (
            "patternProperties",
            json!({"^[a-c]*$": {"type": ["integer", "null"]}}),
        ),
        ("propertyNames", json!({"maxLength": 1})),
        ("minProperties", json!(1)),
        ("maxProperties", json!(1)),
        ("dependentRequired", json!({"a": ["b"]})),
        (
            "dependentSchemas",
            json!({"a": {"required": ["b"], "maxProperties": 2}}),
        ),
        ("not", json!({"type": "null"})),
        ("not", json!({"required": ["a"]})),
        ("not", json!({"const": 1})),
        (
            "properties",
            json!({"a": {"type": "integer"}, "b": {"type": "string"}}),
        ),
        ("type", json!(["object", "array"])),
        ("type", json!(["number", "string"])),
        ("enum", json!([1, "a", null, {"a": 1}])),
        (
            "anyOf",
            json!([{"type": "string"}, {"type": "number", "minimum": 1}, {"type": "object"}]),
        ),
        (
            "oneOf",
            json!([{"type": "integer"}, {"type": "object", "required": ["a"]}, {"type": "array"}]),
        ),
        ("description", json!("of something")),
    ];
    all[below(rng, all.len())].clone()
}

fn altered(name: &str, value: Value, rng: &mut TestRng) -> Value {
    match (name, value) {
        (_, Value::Number(number)) => {
            let by = [-1.0, 1.0, 0.5, -0.5][below(rng, 4)];
            let moved = number.as_f64().unwrap_or_default() + by;
            match name {
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => json!(moved),
                "multipleOf" => [json!(2), json!(0.5), json!(6)][below(rng, 3)].clone(),
                _ => json!(below(rng, 4)),
            }
        }
        ("type", Value::String(one)) => match one.as_str() {
            "integer" => json!("number"),
            "number" => json!("integer"),
            other => json!([other, "null"]),
        },
        ("required" | "enum" | "anyOf" | "oneOf" | "allOf", Value::Array(mut items)) => {
            match below(rng, 3) {
                0 if items.len() > 1 => drop(items.remove(below(rng, items.len()))),
                1 if name == "required" => items = vec![json!("b")],
                1 if name == "enum" => items.push(json!("b")),
                1 => items.push(json!({"type": "boolean"})),
                _ => items.reverse(),
            }
            items.into()
        }
        ("properties", Value::Object(mut named)) => {
            let names: Vec<String> = named.keys().cloned().collect();
            match names.first() {
                Some(first) if below(rng, 2) == 0 => drop(named.remove(first)),
                _ => drop(named.insert("c".into(), json!({"type": "string"}))),
            }
            named.into()
        }
        ("additionalProperties" | "items", _) => {
            [json!(true), json!(false), json!({"type": "string"})][below(rng, 3)].clone()
        }
        (_, value) => value,
    }
}

/// The same schema in other words: types as lists, constants as `enum`, keys in
/// another order, everything in an `allOf` of one, and annotated.
pub fn rewritten(schema: &Value) -> Value {
    let root = reworded(schema);
    let (Value::Object(mut members), Some(definitions)) = (root, schema.get("$defs")) else {
        return reworded(schema);
    };
    members.remove("$defs");
    let definitions = definitions.as_object().into_iter().flatten();
    let renamed = definitions.map(|(name, it)| (format!("{name}{name}"), reworded(it)));
    json!({"allOf": [members], "$defs": renamed.collect::<Map<_, _>>()})
}

fn reworded(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut other = Map::new();
    other.insert("description".into(), "other words".into());
    for (name, value) in members.iter().rev() {
        let value = match (name.as_str(), value) {
            ("type", Value::String(one)) => json!([one]),
            ("required" | "enum", Value::Array(items)) => items.iter().rev().cloned().collect(),
            ("const", value) => {
                other.insert("enum".into(), json!([value]));
                continue;
            }
            ("$ref", Value::String(target)) => {
                let name = target.rsplit('/').next().unwrap_or_default();
                json!(format!("{}{name}", target))
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(items)) => {
                items.iter().map(reworded).collect()
            }
            ("items" | "additionalProperties", value) => reworded(value),
            ("properties" | "$defs", Value::Object(named)) => {
                let named = named.iter().rev();
                let named = named.map(|(name, it)| (name.clone(), reworded(it)));
                named.collect::<Map<_, _>>().into()
            }
            (_, value) => value.clone(),
        };
        other.insert(name.clone(), value);
    }
    other.into()
}
