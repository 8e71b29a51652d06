//! Rules about operations: their routes and bodies.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::SchemaPlace;
use apifox_document::Form;
use apifox_document::api::{Body, Content, Endpoint};
use apifox_document::forms::parameters::without_names;
use apifox_document::forms::{openapi, project};
use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::draft_marks::{DRAFT_MARK, unconfirmed};

pub(super) fn incomplete(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.form != Form::Project {
        return;
    }
    for item in project::operations(context.json) {
        let Some(operation) = context.value_at(&item.pointer) else {
            continue;
        };
        let endpoint = context.value_at(&item.holds);
        // Where a webhook goes, its receiver says.
        let is_webhook = endpoint.is_some_and(|endpoint| endpoint["type"] == "webhook");
        let needed = match is_webhook {
            true => &["method"][..],
            false => &["method", "path"],
        };
        for name in needed {
            let pointer = item.holds.child(name);
            let text = context.value_at(&pointer).and_then(Value::as_str);
            if text.is_none_or(|text| text.trim().is_empty()) {
                let message = format!("the operation has no {name}");
                let patch = Patch::remove(&item.pointer, operation);
                let help = "complete the operation, or remove it";
                findings.add(&pointer, message, help, patch);
            }
        }
    }
}

pub(super) fn unconfirmed_guess(context: &Context<'_>, findings: &mut Findings<'_>) {
    for guess in unconfirmed("", context.json) {
        let pointer = guess.pointer.child(DRAFT_MARK);
        findings.add(&pointer, guess.message, &guess.help, Patch::empty());
    }
}

pub(super) fn same_route_twice(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for operation in &context.api.operations {
        let path = without_names(&operation.path);
        let route = (operation.method.as_str(), path);
        let Some(first) = seen.get(&route) else {
            seen.insert(route, &operation.pointer);
            continue;
        };
        let message = format!("{} is already described at {first}", operation.route());
        let help = "keep both if they make different requests, and give them different titles; \
                    otherwise remove one";
        findings.add(&operation.pointer, message, help, Patch::empty());
    }
}

pub(super) fn duplicate_id(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for operation in &context.api.operations {
        let pointer = operation.pointer.child("operationId");
        let id = context.value_at(&pointer).and_then(Value::as_str);
        let Some(id) = id.filter(|id| !id.trim().is_empty()) else {
            continue;
        };
        match seen.get(id) {
            Some(first) => {
                let message = format!("operationId {id} is already that of {first}");
                let help = "give each operation an id of its own";
                findings.add(&pointer, message, help, Patch::empty());
            }
            None => drop(seen.insert(id, &operation.pointer)),
        }
    }
}

pub(super) fn optional_body(
    context: &Context<'_>,
    operation: &Endpoint,
    findings: &mut Findings<'_>,
) {
    let body = operation.pointer.child("requestBody");
    let Some(body) = openapi::resolve_refs(context.json, &body) else {
        return;
    };
    let pointer = body.child("required");
    if let Some(flag @ Value::Bool(false)) = context.value_at(&pointer)
        && requires_fields(context, operation)
    {
        let message = "the body is optional, but its schema requires fields";
        let patch = Patch::replace(&pointer, flag, true);
        findings.add(&pointer, message, "make the body required", patch);
    }
}

/// Whether the schema of an operation's body requires fields.
fn requires_fields(context: &Context<'_>, operation: &Endpoint) -> bool {
    let content = operation.body.as_ref().and_then(Body::content);
    let Some(Content::Json(schema)) = content else {
        return false;
    };
    let schema = context.resolve_schema(&SchemaPlace::root(schema));
    let required = schema.and_then(|(_, schema)| schema.get("required")?.as_array());
    required.is_some_and(|names| !names.is_empty())
}
