//! The schema that samples show, with every guess marked.

use serde_json::{Map, Value, json};

/// The member that marks a guess: by keyword, what it is taken from.
pub(super) const MARK: &str = "x-draft";

/// The schema of all these values. A field that several objects have, all of them, is
/// required; of a single object that is not known.
pub(super) fn infer(values: &[&Value]) -> Value {
    let types = types_of(values);
    let mut schema = Map::new();
    match types[..] {
        // What else it may be is not shown.
        [] | ["null"] => {}
        [single] => drop(schema.insert("type".into(), single.into())),
        _ => drop(schema.insert("type".into(), types.clone().into())),
    }
    let objects: Vec<&Map<String, Value>> = values
        .iter()
        .filter_map(|value| value.as_object())
        .collect();
    if !objects.is_empty() {
        schema.insert("properties".into(), properties(&objects));
    }
    let arrays: Vec<&Vec<Value>> = values.iter().filter_map(|value| value.as_array()).collect();
    if !arrays.is_empty() {
        let items: Vec<&Value> = arrays.into_iter().flatten().collect();
        schema.insert("items".into(), infer(&items));
    }
    let mut schema = Value::Object(schema);
    let count = match values.len() {
        _ if types == ["null"] => "only null is shown".to_owned(),
        0 => "no sample shows it".to_owned(),
        1 => "1 sample shows it".to_owned(),
        count => format!("{count} samples show it"),
    };
    mark(&mut schema, "type", count);
    if objects.len() > 1 {
        require_common(&mut schema, &objects);
    }
    schema
}

fn properties(objects: &[&Map<String, Value>]) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !properties.contains_key(name) {
            let values = objects.iter().filter_map(|object| object.get(name));
            properties.insert(name.clone(), infer(&values.collect::<Vec<_>>()));
        }
    }
    properties.into()
}

fn require_common(schema: &mut Value, objects: &[&Map<String, Value>]) {
    let names = objects.first().into_iter().flat_map(|object| object.keys());
    let common = names.filter(|name| objects.iter().all(|object| object.contains_key(*name)));
    let common: Vec<Value> = common.map(|name| name.as_str().into()).collect();
    if !common.is_empty() {
        schema["required"] = common.into();
        mark(
            schema,
            "required",
            format!("all {} samples have them", objects.len()),
        );
    }
}

/// Marks a keyword of a schema as a guess. Reasons for the same keyword are kept side by side.
pub(super) fn mark(schema: &mut Value, keyword: &str, reason: impl Into<String>) {
    let reason = reason.into();
    if !schema[MARK].is_object() {
        schema[MARK] = json!({});
    }
    let reasons = &mut schema[MARK][keyword];
    *reasons = match reasons.as_str() {
        Some(known) if known.contains(&reason) => return,
        Some(known) => format!("{known}; {reason}").into(),
        None => reason.into(),
    };
}

/// The types of these values, each once.
fn types_of(values: &[&Value]) -> Vec<&'static str> {
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
