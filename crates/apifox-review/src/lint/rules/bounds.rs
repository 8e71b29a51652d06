//! Rules about keywords that have to fit each other.

use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::schema::JsonType;

/// Lower and upper bounds of the same thing.
const BOUNDS: [(&str, &str); 8] = [
    ("minimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
];

pub(super) fn minimum_above_maximum(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        for (lower, upper) in BOUNDS {
            let (Some(least), Some(most)) = (schema.get(lower), schema.get(upper)) else {
                continue;
            };
            let (Some(a), Some(b)) = (least.as_f64(), most.as_f64()) else {
                continue;
            };
            let pointer = schema.below(lower);
            let is_exclusive = lower.starts_with("excl") || upper.starts_with("excl");
            if a > b {
                let message = format!("{lower} {least} lies above {upper} {most}");
                let patch = Patch::replace(&pointer, least, most.clone()).and(Patch::replace(
                    &schema.below(upper),
                    most,
                    least.clone(),
                ));
                found.add(&pointer, message, "swap the two", patch);
            } else if a >= b && is_exclusive {
                let message = format!("nothing lies between {lower} {least} and {upper} {most}");
                let exclusive = if upper.starts_with("excl") {
                    upper
                } else {
                    lower
                };
                let value = if exclusive == upper { most } else { least };
                let patch = Patch::remove(&schema.below(exclusive), value);
                let help = format!("leave {exclusive} out, or widen the bounds");
                found.add(&pointer, message, &help, patch);
            }
        }
    }
}

const OF_NUMBERS: [&str; 4] = ["int32", "int64", "float", "double"];

const OF_STRINGS: [&str; 16] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "password",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

pub(super) fn format_contradicts_type(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(format) = schema.get("format") else {
            continue;
        };
        let Some(types) = schema.get("type").and_then(JsonType::list) else {
            continue;
        };
        let name = format.as_str().unwrap_or_default();
        let has = |one: JsonType| types.contains(&one);
        let is_fine = match name {
            "float" | "double" => has(JsonType::Number),
            it if OF_NUMBERS.contains(&it) => has(JsonType::Number) || has(JsonType::Integer),
            it if OF_STRINGS.contains(&it) => has(JsonType::String),
            _ => true,
        };
        if !is_fine {
            let pointer = schema.below("format");
            let of = schema.get("type").map(shortened).unwrap_or_default();
            let message = format!("format {name} is not one for the type {of}");
            let patch = Patch::remove(&pointer, format);
            found.add(
                &pointer,
                message,
                "leave it out, or correct the type",
                patch,
            );
        }
    }
}

pub(super) fn required_undeclared(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let undeclared = undeclared(schema);
        let Some(Value::Array(names)) = schema.get("required") else {
            continue;
        };
        if undeclared.is_empty() {
            continue;
        }
        let kept: Vec<Value> = names
            .iter()
            .filter(|it| !undeclared.contains(it))
            .cloned()
            .collect();
        let pointer = schema.below("required");
        let told: Vec<String> = undeclared.iter().map(|it| shortened(it)).collect();
        let message = format!(
            "required names {}, which properties does not have",
            told.join(" and ")
        );
        let patch = Patch::replace(&pointer, &Value::from(names.clone()), kept);
        let help = "declare it in properties, or leave it out of required";
        found.add(&pointer, message, help, patch);
    }
}

/// The names in `required` that no property has. Where other schemas have a say
/// in what an object is, they may declare them.
fn undeclared<'d>(schema: &Schema<'d>) -> Vec<&'d Value> {
    const ELSEWHERE: [&str; 8] = [
        "$ref",
        "allOf",
        "anyOf",
        "if",
        "oneOf",
        "patternProperties",
        "x-apifox-refs",
        "dependentSchemas",
    ];
    let has_others = ELSEWHERE.iter().any(|it| schema.members.contains_key(*it));
    if has_others || schema.is_branch {
        return Vec::new();
    }
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return Vec::new();
    };
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter(|it| it.as_str().is_some_and(|it| !properties.contains_key(it)))
        .collect()
}
