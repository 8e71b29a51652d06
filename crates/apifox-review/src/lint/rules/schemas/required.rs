//! Rules about `required`: names that no property declares, and names that stand there twice.

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;

pub fn required_undeclared(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let undeclared = undeclared(schema);
    let Some(Value::Array(names)) = schema.get("required").filter(|_| !undeclared.is_empty())
    else {
        return;
    };
    let is_declared = |name: &&Value| !undeclared.contains(name);
    let kept: Vec<Value> = names.iter().filter(is_declared).cloned().collect();
    let pointer = schema.member_pointer("required");
    let shown: Vec<String> = undeclared.iter().map(|name| shortened(name)).collect();
    let message = format!(
        "required names {}, which properties does not declare",
        shown.join(" and ")
    );
    let patch = Patch::replace(&pointer, &Value::from(names.clone()), kept);
    let help = "declare it in properties, or remove it from required";
    findings.add(&pointer, message, help, patch);
}

pub fn required_twice(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(written @ Value::Array(names)) = schema.get("required") else {
        return;
    };
    let mut once: Vec<Value> = Vec::new();
    let mut twice: Vec<String> = Vec::new();
    for name in names {
        match once.contains(name) {
            true => twice.push(shortened(name)),
            false => once.push(name.clone()),
        }
    }
    if twice.is_empty() {
        return;
    }
    twice.dedup();
    let pointer = schema.member_pointer("required");
    let message = format!("required names {} twice", twice.join(" and "));
    let patch = Patch::replace(&pointer, written, once);
    findings.add(&pointer, message, "name it once", patch);
}

/// The names in `required` that are not in `properties`; none where other schemas, which
/// may declare them, describe the object too.
fn undeclared<'d>(schema: &Schema<'d>) -> Vec<&'d Value> {
    const COMBINING: [&str; 8] = [
        "$ref",
        "allOf",
        "anyOf",
        "if",
        "oneOf",
        "patternProperties",
        "x-apifox-refs",
        "dependentSchemas",
    ];
    let is_combined = COMBINING
        .iter()
        .any(|name| schema.members.contains_key(*name));
    if is_combined || schema.is_branch {
        return Vec::new();
    }
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return Vec::new();
    };
    let is_undeclared = |name: &&Value| {
        let name = name.as_str();
        name.is_some_and(|name| !properties.contains_key(name))
    };
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter(is_undeclared).collect()
}
