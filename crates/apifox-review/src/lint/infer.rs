//! A schema that accepts what examples show.

use serde_json::{Map, Value, json};

/// The schema of these values: what all of them are. No field is required, for an
/// example shows what may be there and not what has to be.
pub(super) fn schema(values: &[&Value]) -> Value {
    let mut types: Vec<&str> = Vec::new();
    for value in values {
        let name = type_of(value);
        if !types.contains(&name) {
            types.push(name);
        }
    }
    if types.contains(&"number") {
        types.retain(|it| *it != "integer");
    }
    let mut schema = Map::new();
    match types[..] {
        // Nothing was shown, or nothing but `null`.
        [] | ["null"] => return json!({}),
        [one] => drop(schema.insert("type".into(), one.into())),
        _ => drop(schema.insert("type".into(), types.clone().into())),
    }
    if types.contains(&"object") {
        schema.insert("properties".into(), properties(values));
    }
    if types.contains(&"array") {
        let items = values.iter().filter_map(|it| it.as_array()).flatten();
        schema.insert("items".into(), self::schema(&items.collect::<Vec<_>>()));
    }
    schema.into()
}

fn properties(values: &[&Value]) -> Value {
    let mut shown: Map<String, Value> = Map::new();
    let objects: Vec<&Map<String, Value>> = values.iter().filter_map(|it| it.as_object()).collect();
    for name in objects.iter().flat_map(|it| it.keys()) {
        if !shown.contains_key(name) {
            let of_name: Vec<&Value> = objects.iter().filter_map(|it| it.get(name)).collect();
            shown.insert(name.clone(), schema(&of_name));
        }
    }
    shown.into()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(it) if it.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
