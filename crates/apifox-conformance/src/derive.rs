//! Values that are derived from a schema: at its limits, beyond them, and of other types.

use serde_json::{Map, Value, json};

/// How many values are judged of one body.
const MOST: usize = 20_000;
/// How deep a value is made by a schema that contains itself.
const DEEPEST: usize = 6;

/// The values to judge a body by: `bases` and one made by the schema, each with each of its
/// parts changed in turn, and the values of the pool.
pub(crate) fn values(schema: &Value, bases: &[Value], others: &[Value]) -> Vec<Value> {
    let mut pool = pool(schema);
    pool.extend(others.iter().cloned());
    let root = schema;
    let made = sample(root, schema, DEEPEST);
    let full = bases
        .first()
        .map(|base| filled(root, schema, base.clone(), 1));
    let mut values = pool.clone();
    for base in bases.iter().chain([&made]).chain(&full) {
        values.extend(mutants(base, &pool));
    }
    // Of too many, some from everywhere.
    let step = values.len().div_ceil(MOST).max(1);
    values.into_iter().step_by(step).collect()
}

/// Values of each type, and around every limit that a schema has anywhere.
fn pool(schema: &Value) -> Vec<Value> {
    let mut pool = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("1"),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"an extra field": 1}),
    ];
    limits(schema, &mut pool);
    let mut distinct: Vec<Value> = Vec::with_capacity(pool.len());
    for value in pool {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// The longest text that is made for a limit.
const LONGEST: u64 = 5_000;

fn limits(schema: &Value, pool: &mut Vec<Value>) {
    let mut pending = vec![schema];
    while let Some(value) = pending.pop() {
        let Value::Object(members) = value else {
            pending.extend(value.as_array().into_iter().flatten());
            continue;
        };
        for (keyword, value) in members {
            match (keyword.as_str(), value) {
                (
                    "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf",
                    Value::Number(limit),
                ) => around(limit, pool),
                ("minLength" | "maxLength", limit) => texts(limit, pool),
                ("const" | "default" | "example", value) => pool.push(value.clone()),
                ("enum" | "examples", Value::Array(values)) => pool.extend(values.clone()),
                _ => pending.push(value),
            }
        }
    }
}

/// A number, and its neighbours.
fn around(limit: &serde_json::Number, pool: &mut Vec<Value>) {
    if let Some(whole) = limit.as_i64() {
        let neighbours = [whole.checked_sub(1), Some(whole), whole.checked_add(1)];
        pool.extend(neighbours.into_iter().flatten().map(Value::from));
    }
    pool.push(Value::Number(limit.clone()));
    // Beyond it a double may be another integer than the one that was written.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if let Some(float) = limit.as_f64().filter(|float| float.abs() < LARGEST) {
        let neighbours = [float.next_down(), float, float.next_up(), float + 0.5];
        pool.extend(neighbours.map(Value::from));
    }
}

/// Texts as long as a limit, one shorter and one longer.
fn texts(limit: &Value, pool: &mut Vec<Value>) {
    let Some(length) = limit.as_u64().filter(|length| *length <= LONGEST) else {
        return;
    };
    for length in [length.saturating_sub(1), length, length + 1] {
        let length = usize::try_from(length).unwrap_or_default();
        pool.push("x".repeat(length).into());
        pool.push("图".repeat(length).into());
    }
}

/// The schema that a chain of references leads to.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let mut schema = schema;
    for _ in 0..16 {
        let target = schema["$ref"]
            .as_str()
            .and_then(|target| target.strip_prefix('#'));
        let target = target.map(apifox_document::pointer::decoded);
        match target.and_then(|target| root.pointer(&target)) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

/// A value that a schema may well accept, with every member that it names.
fn sample(root: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(root, schema);
    for given in ["const", "default", "example"] {
        if let Some(value) = schema.get(given) {
            return value.clone();
        }
    }
    for listed in ["enum", "examples"] {
        if let Some(value) = schema[listed].as_array().and_then(|values| values.first()) {
            return value.clone();
        }
    }
    for combined in ["oneOf", "anyOf", "allOf"] {
        if let Some(part) = schema[combined].as_array().and_then(|parts| parts.first())
            && depth > 0
        {
            return sample(root, part, depth - 1);
        }
    }
    let named = match &schema["type"] {
        Value::Array(types) => types.first().and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match named {
        Some("string") => {
            let length = schema["minLength"].as_u64().unwrap_or(1).clamp(1, LONGEST);
            "x".repeat(usize::try_from(length).unwrap_or(1)).into()
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        Some("array") if depth > 0 => {
            let count = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 8);
            (0..count)
                .map(|_| sample(root, &schema["items"], depth - 1))
                .collect()
        }
        Some("array") => json!([]),
        Some("object") if depth > 0 => members(root, schema, depth, |_| true).into(),
        None if schema["properties"].is_object() && depth > 0 => {
            members(root, schema, depth, |_| true).into()
        }
        Some("object") => json!({}),
        _ => json!(null),
    }
}

fn members(
    root: &Value,
    schema: &Value,
    depth: usize,
    is_wanted: impl Fn(&str) -> bool,
) -> Map<String, Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let wanted = properties.filter(|(name, _)| is_wanted(name));
    wanted
        .map(|(name, property)| (name.clone(), sample(root, property, depth - 1)))
        .collect()
}

/// An example with every member that its schema names, so that each rule has a place where it
/// can be broken: in it and in so many levels below.
fn filled(root: &Value, schema: &Value, mut value: Value, levels: usize) -> Value {
    let schema = resolved(root, schema);
    if let Some(own) = value.as_object_mut() {
        let missing = members(root, schema, DEEPEST, |name| !own.contains_key(name));
        for (name, member) in own.iter_mut() {
            if let (Some(property), 1..) = (schema["properties"].get(name), levels) {
                *member = filled(root, property, member.take(), levels - 1);
            }
        }
        own.extend(missing);
    }
    value
}

/// A value with one change: each place holding each value of the pool, each member or item
/// left out, one of them twice, and one too many.
fn mutants(base: &Value, pool: &[Value]) -> Vec<Value> {
    let mut mutants = vec![base.clone()];
    for pointer in places(base) {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut mutant = base.clone();
            if let Some(place) = mutant.pointer_mut(&pointer) {
                change(place);
                mutants.push(mutant);
            }
        };
        for value in pool {
            with(&|place| *place = value.clone());
        }
        match base.pointer(&pointer) {
            Some(Value::Object(members)) => {
                for name in members.keys() {
                    with(&|place| {
                        place.as_object_mut().map(|members| members.remove(name));
                    });
                }
                for value in [json!(1), json!(null), json!({"deep": [1]})] {
                    with(&|place| place["an extra field"] = value.clone());
                }
            }
            Some(Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    with(&|place| {
                        place.as_array_mut().map(|items| items.remove(at));
                    });
                    for copies in [1, 2, 3, 8] {
                        with(&|place| {
                            if let Some(items) = place.as_array_mut() {
                                items.extend(vec![item.clone(); copies]);
                            }
                        });
                    }
                }
            }
            _ => {}
        }
    }
    mutants
}

/// How many places of a value are changed.
const MOST_PLACES: usize = 200;

/// The places of a value and all in it, as JSON pointers.
fn places(value: &Value) -> Vec<String> {
    use apifox_document::pointer::JsonPointerExt as _;
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = found.get(at).cloned().filter(|_| found.len() < MOST_PLACES) {
        match value.pointer(&pointer) {
            Some(Value::Object(members)) => {
                found.extend(members.keys().map(|name| pointer.child(name)));
            }
            Some(Value::Array(items)) => {
                found.extend((0..items.len()).map(|index| pointer.child(index)));
            }
            _ => {}
        }
        at += 1;
    }
    found
}
