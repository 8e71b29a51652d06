//! Values that may be at or beyond a limit of a schema, wherever they are put.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::sample::LONGEST;

/// Values of each type, around every limit that a schema has anywhere, and `others`; each once.
pub(crate) fn pool(schema: &Value, others: &[Value]) -> Vec<Value> {
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
    pool.extend_from_slice(others);
    let mut known = HashSet::new();
    pool.retain(|value| known.insert(value.to_string()));
    pool
}

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
