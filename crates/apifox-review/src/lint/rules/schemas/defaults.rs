//! Rules about `default`.

use serde_json::Value;

use super::values::{coerce, enum_values, has_type, has_value, types};
use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;

pub fn wrong_type(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(default) = schema.get("default") else {
        return;
    };
    let Some(types) = types(context, schema) else {
        return;
    };
    if !has_type(&types, default) {
        let written = schema.get("type").map(shortened).unwrap_or_default();
        let message = format!("default {} is not of type {written}", shortened(default));
        add(findings, schema, default, message, coerce(&types, default));
    }
}

pub fn outside_enum(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let (Some(default), Some(values)) = (schema.get("default"), enum_values(schema)) else {
        return;
    };
    let is_typed = types(context, schema).is_none_or(|types| has_type(&types, default));
    if !is_typed || values.is_empty() || has_value(values, default) {
        return;
    }
    let message = format!(
        "default {} is not among the values of enum",
        shortened(default)
    );
    let lowercase = |value: &Value| match value.as_str() {
        Some(text) => text.to_lowercase(),
        None => value.to_string(),
    };
    let mut values = values.iter();
    let similar = values.find(|value| lowercase(value) == lowercase(default));
    add(findings, schema, default, message, similar.cloned());
}

pub fn fails_schema(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(default) = schema.get("default") else {
        return;
    };
    let has_own_rule = types(context, schema).is_some_and(|types| !has_type(&types, default))
        || enum_values(schema).is_some_and(|values| !has_value(values, default));
    if has_own_rule {
        return;
    }
    let violations = context.violations(&schema.place, default);
    if let Some(first) = violations.unwrap_or_default().first() {
        let message = format!("default violates its own schema: {first}");
        add(findings, schema, default, message, None);
    }
}

/// Adds a finding about a default, which is replaced by what was meant, or else removed.
fn add(
    findings: &mut Findings<'_>,
    schema: &Schema<'_>,
    default: &Value,
    message: String,
    meant: Option<Value>,
) {
    let pointer = schema.member_pointer("default");
    let (help, patch) = match meant {
        Some(meant) => (
            format!("write {}", shortened(&meant)),
            Patch::replace(&pointer, default, meant),
        ),
        None => (
            "remove the default, or correct it".to_owned(),
            Patch::remove(&pointer, default),
        ),
    };
    findings.add(&pointer, message, &help, patch);
}
