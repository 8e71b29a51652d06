//! Rules about the form of examples.

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::corrections::repair_json;
use crate::lint::examples::{Example, ExampleContent, Subject, unwrapped};
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::JsonPointerExt as _;

pub(super) fn wrapper(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(list @ Value::Array(items)) = schema.get("examples") else {
        return;
    };
    // The schema may describe such objects.
    let is_wrapped =
        |item: &Value| unwrapped(item).is_some() && !context.accepts(&schema.place, item);
    if !items.iter().any(is_wrapped) {
        return;
    }
    // A wrapper may hold another one.
    let plain = |item: &Value| {
        let mut item = item;
        while let Some(value) = unwrapped(item).filter(|_| is_wrapped(item)) {
            item = value;
        }
        item.clone()
    };
    let pointer = schema.member_pointer("examples");
    let message = "the examples are wrapped as {name, value}, which the schema does not describe";
    let values: Vec<Value> = items.iter().map(plain).collect();
    let patch = Patch::replace(&pointer, list, values);
    findings.add(&pointer, message, "write the values alone", patch);
}

pub(super) fn of_no_response(
    context: &Context<'_>,
    example: &Example<'_>,
    findings: &mut Findings<'_>,
) {
    if example.subject != Subject::MissingResponse {
        return;
    }
    let id = context.value_at(&example.pointer.child("responseId"));
    let message = format!(
        "{} belongs to response {}, which does not exist",
        example.label(),
        id.map(shortened).unwrap_or_default()
    );
    let patch = example.removal(context.json);
    let help = "remove it, or give it the id of a response";
    findings.add(&example.pointer, message, help, patch);
}

pub(super) fn empty(context: &Context<'_>, example: &Example<'_>, findings: &mut Findings<'_>) {
    if matches!(example.content, ExampleContent::Empty) {
        let message = format!("{} is empty", example.label());
        let patch = example.removal(context.json);
        findings.add(&example.value, message, "remove it, or write one", patch);
    }
}

pub(super) fn not_json(context: &Context<'_>, example: &Example<'_>, findings: &mut Findings<'_>) {
    let ExampleContent::Invalid(error) = &example.content else {
        return;
    };
    let text = example.written.as_str().unwrap_or_default();
    let label = example.label();
    let (message, help, patch) = match repair_json::repair(text) {
        Some((json, repairs)) => (
            format!("{label} is not JSON: it has {repairs}"),
            "write it as JSON",
            Patch::replace(&example.value, example.written, json),
        ),
        None => (
            format!("{label} is not JSON: {error}"),
            "remove it, or write it as JSON",
            example.removal(context.json),
        ),
    };
    findings.add(&example.value, message, help, patch);
}
