//! Rules about the values that a schema lists: `enum`, `const` and `default`.

use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::schema::JsonType;

/// The values that `x-apifox-enum` describes.
fn described<'d>(schema: &Schema<'d>) -> Vec<&'d Value> {
    let entries = schema.get("x-apifox-enum").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("value"))
        .collect()
}

fn listed<'d>(schema: &Schema<'d>) -> Option<&'d Vec<Value>> {
    schema.get("enum").and_then(Value::as_array)
}

fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(_), Some(_)) if a.is_i64() && b.is_i64() => a == b,
        (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

pub(super) fn const_against_enum(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(only) = schema.get("const") else {
            continue;
        };
        let (keyword, values) = match listed(schema) {
            Some(values) if !values.is_empty() => ("enum", values.iter().collect()),
            _ => ("x-apifox-enum", described(schema)),
        };
        if values.is_empty() || values.iter().any(|it| same(it, only)) {
            continue;
        }
        let pointer = schema.below("const");
        let told = shortened(only);
        let message = format!("const {told} is not among the values of {keyword}");
        match values[..] {
            [one] => {
                let help = format!("write {}, the only value of {keyword}", shortened(one));
                let patch = Patch::replace(&pointer, only, one.clone());
                found.add(&pointer, message, &help, patch);
            }
            _ => {
                let patch = Patch::remove(&pointer, only);
                let help = format!("leave const out, or add its value to {keyword}");
                found.add(&pointer, message, &help, patch);
            }
        }
    }
}

pub(super) fn empty_enum(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        if listed(schema).is_some_and(Vec::is_empty) {
            let pointer = schema.below("enum");
            let message = "enum has no values, so nothing would be accepted";
            let patch = Patch::remove(&pointer, &Value::Array(Vec::new()));
            found.add(&pointer, message, "leave it out, or list the values", patch);
        }
    }
}

pub(super) fn enum_duplicates(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(values) = listed(schema) else {
            continue;
        };
        let mut distinct: Vec<Value> = Vec::new();
        let mut doubles: Vec<String> = Vec::new();
        for value in values {
            match distinct.iter().any(|it| same(it, value)) {
                true => doubles.push(shortened(value)),
                false => distinct.push(value.clone()),
            }
        }
        if doubles.is_empty() {
            continue;
        }
        let pointer = schema.below("enum");
        let message = format!("enum has {} more than once", doubles.join(" and "));
        let patch = Patch::replace(&pointer, &Value::from(values.clone()), distinct);
        found.add(&pointer, message, "list each value once", patch);
    }
}

/// The types of a schema as it is understood: nullable ones have `null` among them.
fn types(linted: &Linted<'_>, schema: &Schema<'_>) -> Option<Vec<JsonType>> {
    let understood = linted.api.json.pointer(&schema.pointer)?;
    understood.get("type").and_then(JsonType::list)
}

fn is_of(types: &[JsonType], value: &Value) -> bool {
    types.iter().any(|one| match one {
        JsonType::Null => value.is_null(),
        JsonType::Boolean => value.is_boolean(),
        JsonType::Integer => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        JsonType::Number => value.is_number(),
        JsonType::String => value.is_string(),
        JsonType::Array => value.is_array(),
        JsonType::Object => value.is_object(),
    })
}

/// The value of one of these types that is written as `value` is.
fn coerced(types: &[JsonType], value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    let as_json = serde_json::from_str::<Value>(&text).ok();
    let as_json = as_json.filter(|it| !it.is_null());
    let candidates = [as_json, Some(Value::from(text))];
    candidates.into_iter().flatten().find(|it| is_of(types, it))
}

pub(super) fn enum_wrong_type(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let (Some(values), Some(types)) = (listed(schema), types(linted, schema)) else {
            continue;
        };
        // Nullable by `enum` alone is what OpenAPI says a document may be.
        let is_fine = |it: &&Value| is_of(&types, it) || it.is_null();
        let wrong: Vec<String> = values
            .iter()
            .filter(|it| !is_fine(it))
            .map(shortened)
            .collect();
        if wrong.is_empty() {
            continue;
        }
        let mut kept: Vec<Value> = Vec::new();
        for value in values {
            let fitting = match is_fine(&value) {
                true => Some(value.clone()),
                false => coerced(&types, value),
            };
            kept.extend(fitting.filter(|it| !kept.contains(it)));
        }
        let pointer = schema.below("enum");
        let of = schema.get("type").map(shortened).unwrap_or_default();
        let message = format!("enum has {}, not of the type {of}", wrong.join(", "));
        let old = Value::from(values.clone());
        let patch = match kept.is_empty() {
            true => Patch::remove(&pointer, &old),
            false => Patch::replace(&pointer, &old, kept),
        };
        found.add(
            &pointer,
            message,
            "write the values in that type, or correct the type",
            patch,
        );
    }
}

pub(super) fn described_outside_enum(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(values) = listed(schema).filter(|it| !it.is_empty()) else {
            continue;
        };
        let Some(Value::Array(entries)) = schema.get("x-apifox-enum") else {
            continue;
        };
        let is_listed = |it: &&Value| {
            it.get("value")
                .is_none_or(|value| values.iter().any(|it| same(it, value)))
        };
        let outside: Vec<String> = entries
            .iter()
            .filter(|it| !is_listed(it))
            .map(|it| shortened(&it["value"]))
            .collect();
        if outside.is_empty() {
            continue;
        }
        let pointer = schema.below("x-apifox-enum");
        let message = format!(
            "x-apifox-enum describes {}, which enum doesn't have",
            outside.join(" and ")
        );
        let kept: Vec<Value> = entries.iter().filter(is_listed).cloned().collect();
        let patch = Patch::replace(&pointer, &Value::from(entries.clone()), kept);
        found.add(
            &pointer,
            message,
            "add it to enum, or leave its description out",
            patch,
        );
    }
}

pub(super) fn default_wrong_type(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (schema, default) in defaults(linted) {
        let Some(types) = types(linted, schema).filter(|it| !is_of(it, default)) else {
            continue;
        };
        let of = schema.get("type").map(shortened).unwrap_or_default();
        let message = format!("default {} is not of the type {of}", shortened(default));
        let meant = coerced(&types, default);
        corrected(found, schema, default, message, meant);
    }
}

pub(super) fn default_outside_enum(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (schema, default) in defaults(linted) {
        let is_typed = types(linted, schema).is_none_or(|it| is_of(&it, default));
        let Some(values) = listed(schema).filter(|it| is_typed && !it.is_empty()) else {
            continue;
        };
        if values.iter().any(|it| same(it, default)) {
            continue;
        }
        let message = format!(
            "default {} is not among the values of enum",
            shortened(default)
        );
        let text = |it: &Value| {
            it.as_str()
                .map_or_else(|| it.to_string(), str::to_lowercase)
        };
        let alike = values.iter().find(|it| text(it) == text(default));
        corrected(found, schema, default, message, alike.cloned());
    }
}

pub(super) fn default_fails_schema(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (schema, default) in defaults(linted) {
        let has_own_rule = types(linted, schema).is_some_and(|it| !is_of(&it, default))
            || listed(schema).is_some_and(|it| !it.iter().any(|it| same(it, default)));
        if has_own_rule {
            continue;
        }
        let broken = linted.violations(&schema.root, &schema.pointer, default);
        if let Some(first) = broken.unwrap_or_default().first() {
            let message = format!("default breaks its own schema: {first}");
            corrected(found, schema, default, message, None);
        }
    }
}

fn defaults<'l, 'd>(
    linted: &'l Linted<'d>,
) -> impl Iterator<Item = (&'l Schema<'d>, &'d Value)> + use<'l, 'd> {
    let schemas = linted.schemas.iter();
    schemas.filter_map(|it| Some((it, it.get("default")?)))
}

/// Adds a finding about a default: the value that was meant takes its place, or
/// nothing does.
fn corrected(
    found: &mut Found<'_>,
    schema: &Schema<'_>,
    default: &Value,
    message: String,
    meant: Option<Value>,
) {
    let pointer = schema.below("default");
    match meant {
        Some(meant) => {
            let help = format!("write {}", shortened(&meant));
            let patch = Patch::replace(&pointer, default, meant);
            found.add(&pointer, message, &help, patch);
        }
        None => {
            let patch = Patch::remove(&pointer, default);
            found.add(
                &pointer,
                message,
                "leave the default out, or correct it",
                patch,
            );
        }
    }
}
