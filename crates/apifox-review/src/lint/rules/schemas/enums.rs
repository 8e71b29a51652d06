//! Rules about `enum`, `x-apifox-enum` and `const`.

use std::collections::HashSet;

use serde_json::Value;

use super::values::{
    Comparable, coerce, enum_values, has_type, has_value, split_duplicates, types,
};
use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::{listed, shortened};
use apifox_document::schema::JsonType;

/// The values that `x-apifox-enum` describes.
fn described_values<'d>(schema: &Schema<'d>) -> Vec<&'d Value> {
    let entries = schema.get("x-apifox-enum").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get("value"))
        .collect()
}

pub fn const_against_enum(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(constant) = schema.get("const") else {
        return;
    };
    let (keyword, values) = match enum_values(schema) {
        Some(values) if !values.is_empty() => ("enum", values.iter().collect()),
        _ => ("x-apifox-enum", described_values(schema)),
    };
    if values.is_empty() || has_value(values.iter().copied(), constant) {
        return;
    }
    let pointer = schema.member_pointer("const");
    let message = format!(
        "const {} is not among the values of {keyword}",
        shortened(constant)
    );
    let (help, patch) = match values[..] {
        [single] => (
            format!("write {}, the only value of {keyword}", shortened(single)),
            Patch::replace(&pointer, constant, single.clone()),
        ),
        _ => (
            format!("remove const, or add its value to {keyword}"),
            Patch::remove(&pointer, constant),
        ),
    };
    findings.add(&pointer, message, &help, patch);
}

pub fn empty_enum(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    if enum_values(schema).is_some_and(Vec::is_empty) {
        let pointer = schema.member_pointer("enum");
        let message = "enum is empty, so no value is accepted";
        let patch = Patch::remove(&pointer, &Value::Array(Vec::new()));
        findings.add(&pointer, message, "remove it, or list the values", patch);
    }
}

pub fn enum_duplicates(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(values) = enum_values(schema) else {
        return;
    };
    let (distinct, again) = split_duplicates(values);
    if again.is_empty() {
        return;
    }
    let pointer = schema.member_pointer("enum");
    let message = format!("enum lists {} more than once", listed(&again, " and "));
    let patch = Patch::replace(&pointer, &Value::from(values.clone()), distinct);
    findings.add(&pointer, message, "list each value once", patch);
}

pub fn enum_wrong_type(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(values) = enum_values(schema) else {
        return;
    };
    let Some(types) = types(context, schema) else {
        return;
    };
    let wrong: Vec<String> = values
        .iter()
        .filter(|value| !is_allowed(&types, value))
        .map(shortened)
        .collect();
    if wrong.is_empty() {
        return;
    }
    let pointer = schema.member_pointer("enum");
    let written = schema.get("type").map(shortened).unwrap_or_default();
    let message = format!("enum lists {}, not of type {written}", listed(&wrong, ", "));
    let old = Value::from(values.clone());
    let kept = coerced_values(&types, values);
    let patch = match kept.is_empty() {
        true => Patch::remove(&pointer, &old),
        false => Patch::replace(&pointer, &old, kept),
    };
    let help = "write the values in that type, or correct the type";
    findings.add(&pointer, message, help, patch);
}

/// OpenAPI lets a schema be nullable by `enum` alone.
fn is_allowed(types: &[JsonType], value: &Value) -> bool {
    value.is_null() || has_type(types, value)
}

/// The values in one of these types, as far as they can be written in one, each once.
fn coerced_values(types: &[JsonType], values: &[Value]) -> Vec<Value> {
    let coerced = |value: &Value| match is_allowed(types, value) {
        true => Some(value.clone()),
        false => coerce(types, value),
    };
    let coerced: Vec<Value> = values.iter().filter_map(coerced).collect();
    split_duplicates(&coerced).0
}

pub fn described_outside_enum(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(values) = enum_values(schema).filter(|values| !values.is_empty()) else {
        return;
    };
    let Some(Value::Array(entries)) = schema.get("x-apifox-enum") else {
        return;
    };
    let values: HashSet<_> = values.iter().map(Comparable::from).collect();
    let is_listed = |entry: &Value| {
        let value = entry.get("value");
        value.is_none_or(|value| values.contains(&Comparable::from(value)))
    };
    let (kept, outside): (Vec<Value>, Vec<Value>) = entries.iter().cloned().partition(is_listed);
    if outside.is_empty() {
        return;
    }
    let pointer = schema.member_pointer("x-apifox-enum");
    let outside: Vec<String> = outside
        .iter()
        .map(|entry| shortened(&entry["value"]))
        .collect();
    let message = format!(
        "x-apifox-enum describes {}, which enum doesn't list",
        listed(&outside, " and ")
    );
    let patch = Patch::replace(&pointer, &Value::from(entries.clone()), kept);
    let help = "add it to enum, or remove its description";
    findings.add(&pointer, message, help, patch);
}
