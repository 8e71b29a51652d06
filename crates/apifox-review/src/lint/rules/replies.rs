//! Rules about replies, and about blocks that were not read.

use serde_json::Value;

use super::example_contents::is_error_under_success;
use crate::lint::context::Context;
use crate::lint::corrections::infer::infer_schema;
use crate::lint::corrections::patch::Patch;
use crate::lint::examples::{Example, Subject};
use crate::lint::finding::Findings;
use apifox_document::api::Reply;

pub(super) fn block_not_whole(context: &Context<'_>, findings: &mut Findings<'_>) {
    // What is wrong with a block is not a value of the document yet.
    let of_blocks = context.read_diagnostics.iter();
    for diagnostic in of_blocks.filter(|diagnostic| diagnostic.pointer.is_empty()) {
        findings.add_diagnostic(diagnostic.clone());
    }
}

/// The pointers to the schemas of successful replies, each once.
fn success_schemas<'l>(context: &'l Context<'_>) -> Vec<&'l String> {
    let operations = &context.api.operations;
    let responses = operations
        .iter()
        .flat_map(|operation| &operation.responses)
        .filter(|response| response.succeeds());
    let mut schemas: Vec<&String> = responses
        .filter_map(|response| match response.content() {
            Reply::Json(Some(schema)) => Some(schema),
            _ => None,
        })
        .collect();
    schemas.sort();
    schemas.dedup();
    schemas
}

/// Whether nobody has written a schema yet.
fn is_blank(schema: &Value) -> bool {
    let Value::Object(members) = schema else {
        return false;
    };
    let is_empty = |value: &Value| match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    members.iter().all(|(name, value)| match name.as_str() {
        "type" => value == "object",
        "properties" | "required" => is_empty(value),
        "title" | "description" => true,
        // Models are mixed in.
        "x-apifox-refs" => is_empty(value),
        name => name.starts_with("x-"),
    })
}

pub(super) fn empty_schema_with_examples(context: &Context<'_>, findings: &mut Findings<'_>) {
    for pointer in success_schemas(context) {
        let Some(schema) = context.value_at(pointer).filter(|schema| is_blank(schema)) else {
            continue;
        };
        let examples = reply_examples(context, pointer);
        if examples.is_empty() {
            continue;
        }
        let successes: Vec<&Value> = examples
            .iter()
            .filter(|example| !is_error_under_success(context, example))
            .filter_map(|example| example.json())
            .collect();
        let inferred = infer_schema(&successes, context);
        let (help, patch) = match is_blank(&inferred) {
            true => (
                "describe the reply; until then, accept any object, as no example shows a success",
                Patch::add(pointer, schema, "additionalProperties", true),
            ),
            false => (
                "describe what the examples show",
                Patch::replace(pointer, schema, inferred),
            ),
        };
        let message = "the schema does not describe the reply, which has examples";
        findings.add(pointer, message, help, patch);
    }
}

/// The examples in JSON of the reply that has this schema.
fn reply_examples<'l, 'd>(context: &'l Context<'d>, schema: &str) -> Vec<&'l Example<'d>> {
    let is_of_reply = |example: &&Example<'_>| {
        let place = example.schema.as_ref();
        place.is_some_and(|place| place.pointer == schema)
            && matches!(example.subject, Subject::Reply { .. })
            && example.json().is_some()
    };
    context.examples.iter().filter(is_of_reply).collect()
}

pub(super) fn closed(context: &Context<'_>, findings: &mut Findings<'_>) {
    let replies = success_schemas(context);
    for schema in &context.schemas {
        if let Some(flag @ Value::Bool(false)) = schema.get("additionalProperties")
            && replies.contains(&&schema.place.root)
        {
            let pointer = schema.member_pointer("additionalProperties");
            let message = "a reply with an additional field would be rejected";
            let patch = Patch::replace(&pointer, flag, true);
            let help = "accept fields that the vendor may add";
            findings.add(&pointer, message, help, patch);
        }
    }
}
