//! Two schemas as one that says the same.

use serde_json::{Map, Value, json};

use apifox_document::schema::JsonType;
use apifox_document::schema::keywords::applies;

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
const UNEVALUATED: &[&str] = &["unevaluatedItems", "unevaluatedProperties"];

type Keywords = Map<String, Value>;

/// Merges `part` into `whole`; `None` where one schema would not say the same
/// as the two.
pub(super) fn merge(whole: &mut Keywords, part: Keywords) -> Option<()> {
    if interfere(whole, &part) {
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

/// Whether keywords of one schema would look at what the other says.
fn interfere(a: &Keywords, b: &Keywords) -> bool {
    let in_both = |group| has_any(a, group) && has_any(b, group);
    in_both(OBJECT_GROUP) && !(has_only_properties(a) && has_only_properties(b))
        || in_both(ARRAY_GROUP)
        || in_both(CONDITION_GROUP)
        || has_any(a, UNEVALUATED)
        || has_any(b, UNEVALUATED)
}

fn has_any(keywords: &Keywords, names: &[&str]) -> bool {
    names.iter().any(|name| keywords.contains_key(*name))
}

fn has_only_properties(keywords: &Keywords) -> bool {
    let mut others = OBJECT_GROUP.iter().filter(|name| **name != "properties");
    !others.any(|name| keywords.contains_key(*name))
}

/// A value for the keyword `name` that says what two values say together.
fn both(name: &str, a: &Value, b: &Value) -> Option<Value> {
    match name {
        "type" => types(a, b),
        "required" => {
            let mut names = a.as_array()?.clone();
            names.extend(b.as_array()?.iter().cloned());
            Some(Value::Array(names))
        }
        "properties" => properties(a, b),
        "minimum" | "minLength" | "minItems" | "minProperties" => {
            Some(a.as_i64()?.max(b.as_i64()?).into())
        }
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => {
            Some(a.as_i64()?.min(b.as_i64()?).into())
        }
        _ => None,
    }
}

/// The types that are in both lists; `None` if there are none.
fn types(a: &Value, b: &Value) -> Option<Value> {
    let (a, b) = (JsonType::list(a)?, JsonType::list(b)?);
    let is_in = |one: &JsonType, list: &[JsonType]| {
        list.contains(one) || *one == JsonType::Integer && list.contains(&JsonType::Number)
    };
    let mut types: Vec<JsonType> = a.iter().copied().filter(|one| is_in(one, &b)).collect();
    types.extend(b.iter().filter(|one| is_in(one, &a) && !a.contains(one)));
    let names: Vec<Value> = types.into_iter().map(|one| one.name().into()).collect();
    (!names.is_empty()).then_some(Value::Array(names))
}

fn properties(a: &Value, b: &Value) -> Option<Value> {
    let mut properties = a.as_object()?.clone();
    for (name, b) in b.as_object()? {
        let both = match properties.get(name) {
            None => b.clone(),
            Some(a) if a == b => continue,
            Some(a) => json!({ "allOf": [a, b] }),
        };
        properties.insert(name.clone(), both);
    }
    Some(Value::Object(properties))
}
