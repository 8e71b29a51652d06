//! Rules about what examples show, against their schemas.

use std::collections::{BTreeMap, BTreeSet};

use apifox_runtime::Violation;
use serde_json::{Map, Value};

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::corrections::widen::widen;
use crate::lint::examples::{Example, Subject};
use crate::lint::finding::Findings;
use crate::lint::rules::schemas::values::{Comparable, has_value};
use crate::lint::schemas::SchemaPlace;
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, written_place};

pub(super) fn example_fails_schema(
    context: &Context<'_>,
    example: &Example<'_>,
    findings: &mut Findings<'_>,
) {
    let violations = violations(context, example);
    let Some(first) = violations.first() else {
        return;
    };
    if is_error_under_success(context, example) {
        return;
    }
    let more = match violations.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let message = format!("{} violates its own schema: {first}{more}", example.label());
    let is_reply = matches!(example.subject, Subject::Reply { .. });
    let widening = widen(context, example, &violations).filter(|_| is_reply);
    let (help, patch) = match widening {
        Some(patch) => ("let the schema accept what the vendor shows", patch),
        None => (
            "correct the schema or the example, or remove the example",
            example.removal(context.json),
        ),
    };
    findings.add(&example.value, message, help, patch);
}

/// How an example violates its schema.
fn violations(context: &Context<'_>, example: &Example<'_>) -> Vec<Violation> {
    let (Some(place), Some(value)) = (&example.schema, example.json()) else {
        return Vec::new();
    };
    context.violations(place, value).unwrap_or_default()
}

/// Words in the name of an example that shows an error.
const ERROR_WORDS: [&str; 9] = [
    "error",
    "fail",
    "not found",
    "异常",
    "失败",
    "错误",
    "未找到",
    "无效",
    "拒绝",
];

/// Whether an example of a success shows an error that its schema doesn't describe.
pub(super) fn is_error_under_success(context: &Context<'_>, example: &Example<'_>) -> bool {
    let (Subject::Reply { is_success: true }, Some(Value::Object(members))) =
        (example.subject, example.json())
    else {
        return false;
    };
    let Some(place) = &example.schema else {
        return false;
    };
    let declared = declared_names(context, place);
    let is_declared = |name: &str| declared.contains(name);
    let has_error = match members.get("error") {
        Some(Value::Object(error)) => !error.is_empty(),
        Some(Value::String(error)) => !error.is_empty(),
        _ => false,
    };
    let name = example.name.unwrap_or_default().to_lowercase();
    let is_named_error = ERROR_WORDS.iter().any(|word| name.contains(word));
    let is_undescribed = members.keys().all(|name| !is_declared(name));
    has_error && !is_declared("error") || is_named_error && is_undescribed
}

/// The names of the properties that a schema declares, itself or in its alternatives.
fn declared_names(context: &Context<'_>, place: &SchemaPlace) -> BTreeSet<String> {
    let parts = context.parts(place);
    let schemas = parts
        .iter()
        .filter_map(|part| context.api.json.value_at(part));
    let properties = schemas.filter_map(|schema| schema["properties"].as_object());
    properties.flat_map(Map::keys).cloned().collect()
}

pub(super) fn error_under_success(
    context: &Context<'_>,
    example: &Example<'_>,
    findings: &mut Findings<'_>,
) {
    if is_error_under_success(context, example) {
        let message = format!(
            "{} shows an error, but its response is a success",
            example.label()
        );
        let help = "move it to a response for the error, or remove it";
        let patch = example.removal(context.json);
        findings.add(&example.pointer, message, help, patch);
    }
}

pub(super) fn const_not_in_examples(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (pointer, values) in values_for_constants(context) {
        let (Some(constant), Some(first)) = (context.value_at(&pointer), values.first()) else {
            continue;
        };
        if has_value(values.iter().copied(), constant) {
            continue;
        }
        let message = format!(
            "const is {}, but every example has {}",
            shortened(constant),
            shortened(first)
        );
        let first_compared = Comparable::from(*first);
        let is_first = |value: &&Value| Comparable::from(*value) == first_compared;
        let (help, patch) = match values.iter().all(is_first) {
            true => (
                format!("write {}", shortened(first)),
                Patch::replace(&pointer, constant, (*first).clone()),
            ),
            false => ("remove const".to_owned(), Patch::remove(&pointer, constant)),
        };
        findings.add(&pointer, message, &help, patch);
    }
}

/// The values that examples of requests have for constant properties, by the pointer to
/// `const`.
fn values_for_constants<'l>(context: &'l Context<'_>) -> BTreeMap<String, Vec<&'l Value>> {
    let mut found: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    let examples = context.examples.iter();
    for example in examples.filter(|example| example.subject == Subject::Request) {
        let (Some(place), Some(Value::Object(members))) = (&example.schema, example.json()) else {
            continue;
        };
        let Some((object, schema)) = context.resolve_schema(place) else {
            continue;
        };
        for (name, value) in members {
            if schema["properties"][name].get("const").is_some() {
                let object = written_place(&object);
                let pointer = object.child("properties").child(name).child("const");
                found.entry(pointer).or_default().push(value);
            }
        }
    }
    found
}
