//! What sample values are: their types, and the properties of the objects among them.

use serde_json::{Map, Value};

/// The value of `type` for these values, where they show what they are.
pub(crate) fn infer_type(values: &[&Value]) -> Option<Value> {
    let types = types_of(values);
    match types[..] {
        // What else it may be is not shown.
        [] | ["null"] => None,
        [single] => Some(single.into()),
        _ => Some(types.into()),
    }
}

/// The types of these values, each once.
pub(crate) fn types_of(values: &[&Value]) -> Vec<&'static str> {
    let mut types: Vec<&str> = Vec::new();
    for value in values {
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    types
}

/// The objects among these values.
pub(crate) fn objects<'v>(values: &[&'v Value]) -> Vec<&'v Map<String, Value>> {
    values
        .iter()
        .filter_map(|value| value.as_object())
        .collect()
}

/// What `infer` makes of the values of each property; `None` where there is no object.
pub(crate) fn infer_properties(values: &[&Value], infer: fn(&[&Value]) -> Value) -> Option<Value> {
    let objects = objects(values);
    let mut properties: Map<String, Value> = Map::new();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !properties.contains_key(name) {
            let values = objects.iter().filter_map(|object| object.get(name));
            properties.insert(name.clone(), infer(&values.collect::<Vec<_>>()));
        }
    }
    (!objects.is_empty()).then(|| properties.into())
}

/// What `infer` makes of all items; `None` where there is no array.
pub(crate) fn infer_items(values: &[&Value], infer: fn(&[&Value]) -> Value) -> Option<Value> {
    let arrays: Vec<&Vec<Value>> = values.iter().filter_map(|value| value.as_array()).collect();
    let items: Vec<&Value> = arrays.iter().copied().flatten().collect();
    (!arrays.is_empty()).then(|| infer(&items))
}
