//! Rules about what is said of replies, and about what is missing altogether.

use serde_json::Value;

use super::verdicts::is_error_under_success;
use crate::lint::context::Linted;
use crate::lint::example::{Example, Of};
use crate::lint::finding::Found;
use crate::lint::infer;
use crate::lint::patch::Patch;
use apifox_document::api::Reply;

pub(super) fn block_not_whole(linted: &Linted<'_>, found: &mut Found<'_>) {
    for fault in linted.faults {
        found.adopt(fault.clone());
    }
}

/// The places of the schemas of replies to a request that succeeded, once each.
fn of_success<'l>(linted: &'l Linted<'_>) -> Vec<&'l String> {
    let responses = linted.api.operations.iter().flat_map(|it| &it.responses);
    let mut places: Vec<&String> = responses
        .filter(|it| it.succeeds())
        .filter_map(|it| match &it.content {
            Reply::Json(Some(schema)) => Some(schema),
            _ => None,
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

/// Whether a schema is one that nobody has written yet.
fn says_nothing(schema: &Value) -> bool {
    let Value::Object(members) = schema else {
        return false;
    };
    let is_empty = |it: &Value| match it {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    members.iter().all(|(name, value)| match name.as_str() {
        "type" => value == "object",
        "properties" | "required" => is_empty(value),
        "title" | "description" => true,
        name => name.starts_with("x-"),
    })
}

pub(super) fn empty_schema_with_examples(linted: &Linted<'_>, found: &mut Found<'_>) {
    for place in of_success(linted) {
        let Some(schema) = linted.at(place).filter(|it| says_nothing(it)) else {
            continue;
        };
        let is_its = |it: &&Example<'_>| {
            let is_of = it.schema.as_ref().is_some_and(|(_, own)| own == place);
            is_of && matches!(it.of, Of::Reply { .. }) && it.json().is_some()
        };
        let examples: Vec<&Example<'_>> = linted.examples.iter().filter(is_its).collect();
        if examples.is_empty() {
            continue;
        }
        let replies = examples
            .iter()
            .filter(|it| !is_error_under_success(linted, it));
        let shown: Vec<&Value> = replies.filter_map(|it| it.json()).collect();
        let inferred = infer::schema(&shown);
        let message = "the schema says nothing of the reply, which has examples";
        if says_nothing(&inferred) {
            let patch = Patch::add(place, schema, "additionalProperties", true);
            let help = "describe the reply; until then say that it may be any object, for its examples show no success";
            found.add(place, message, help, patch);
        } else {
            let patch = Patch::replace(place, schema, inferred);
            found.add(place, message, "describe what the examples show", patch);
        }
    }
}

pub(super) fn closed(linted: &Linted<'_>, found: &mut Found<'_>) {
    let of_replies = of_success(linted);
    for schema in &linted.schemas {
        let pointer = schema.below("additionalProperties");
        if let Some(flag @ Value::Bool(false)) = schema.get("additionalProperties")
            && of_replies.contains(&&schema.root)
        {
            let message = "a reply with one more field would be refused";
            let patch = Patch::replace(&pointer, flag, true);
            found.add(
                &pointer,
                message,
                "accept fields that the vendor may add",
                patch,
            );
        }
    }
}
