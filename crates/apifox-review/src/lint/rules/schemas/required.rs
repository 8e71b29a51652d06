//! Rules about `required`: names that no property declares, and names that stand there twice.

use serde_json::{Map, Value};

use super::values::split_duplicates;
use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::{listed, shortened};

pub fn required_undeclared(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let (Some(properties), Some(Value::Array(names))) =
        (all_properties(schema), schema.get("required"))
    else {
        return;
    };
    let is_undeclared = |name: &&Value| {
        let name = name.as_str();
        name.is_some_and(|name| !properties.contains_key(name))
    };
    let (undeclared, kept): (Vec<&Value>, Vec<&Value>) = names.iter().partition(is_undeclared);
    if undeclared.is_empty() {
        return;
    }
    let kept: Vec<Value> = kept.into_iter().cloned().collect();
    let pointer = schema.member_pointer("required");
    let shown: Vec<String> = undeclared.into_iter().map(shortened).collect();
    let message = format!(
        "required names {}, which properties does not declare",
        listed(&shown, " and ")
    );
    let patch = Patch::replace(&pointer, &Value::from(names.clone()), kept);
    let help = "declare it in properties, or remove it from required";
    findings.add(&pointer, message, help, patch);
}

pub fn required_twice(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(written @ Value::Array(names)) = schema.get("required") else {
        return;
    };
    let (once, twice) = split_duplicates(names);
    if twice.is_empty() {
        return;
    }
    let pointer = schema.member_pointer("required");
    let message = format!("required names {} twice", listed(&twice, " and "));
    let patch = Patch::replace(&pointer, written, once);
    findings.add(&pointer, message, "name it once", patch);
}

/// All properties that the object may have; `None` where other schemas, which may declare
/// more, describe it too.
fn all_properties<'d>(schema: &Schema<'d>) -> Option<&'d Map<String, Value>> {
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
    match is_combined || schema.is_branch {
        true => None,
        false => schema.get("properties").and_then(Value::as_object),
    }
}
