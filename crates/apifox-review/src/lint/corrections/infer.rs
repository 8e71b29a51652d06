//! Infers a schema from examples.

use serde_json::{Map, Value, json};

/// The schema that all of these values fit. No field is required: an example shows what
/// may be there, not what has to be.
pub(in crate::lint) fn infer_schema(values: &[&Value]) -> Value {
    let types = types_of(values);
    let mut schema = Map::new();
    match types[..] {
        // Nothing was shown, or nothing but `null`.
        [] | ["null"] => return json!({}),
        [single] => drop(schema.insert("type".into(), single.into())),
        _ => drop(schema.insert("type".into(), types.clone().into())),
    }
    if types.contains(&"object") {
        schema.insert("properties".into(), infer_properties(values));
    }
    if types.contains(&"array") {
        let items = values.iter().filter_map(|value| value.as_array()).flatten();
        schema.insert("items".into(), infer_schema(&items.collect::<Vec<_>>()));
    }
    schema.into()
}

fn infer_properties(values: &[&Value]) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    let objects: Vec<&Map<String, Value>> = values
        .iter()
        .filter_map(|value| value.as_object())
        .collect();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !properties.contains_key(name) {
            let values: Vec<&Value> = objects
                .iter()
                .filter_map(|object| object.get(name))
                .collect();
            properties.insert(name.clone(), infer_schema(&values));
        }
    }
    properties.into()
}

/// The types of these values, each once.
fn types_of(values: &[&Value]) -> Vec<&'static str> {
    let mut types: Vec<&str> = Vec::new();
    for value in values {
        let name = type_of(value);
        if !types.contains(&name) {
            types.push(name);
        }
    }
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    types
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
