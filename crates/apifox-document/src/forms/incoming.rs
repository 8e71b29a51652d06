//! What the API of a project export, or of one operation of it, calls: webhooks, and callbacks.

use std::collections::{BTreeMap, BTreeSet};

use apifox_runtime::Location;
use serde_json::{Map, Value};

use super::openapi;
use super::parameters::text;
use crate::api::Endpoint;
use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::members::{ObjectKind, report_at};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// Whether an endpoint is one that the API calls.
pub(super) fn is_webhook(endpoint: &Value) -> bool {
    endpoint["type"] == "webhook"
}

/// Makes the webhook of this title of an endpoint, whose path is that of one receiver.
pub(super) fn make_webhook(endpoint: &mut Endpoint, operation: &Value, title: Option<&str>) {
    let id = text(operation, "operationId");
    let title = title.or(id.as_deref()).unwrap_or(&endpoint.path);
    endpoint.path = format!("webhook {title}");
    let own = id.as_ref().map(|id| format!("webhook {id}"));
    let names = [Some(endpoint.path.clone()), own, id];
    endpoint.names = names.into_iter().flatten().collect();
    endpoint
        .parameters
        .retain(|parameter| parameter.location != Location::Path);
    endpoint.servers.clear();
    // What callers send is not what the API sends.
    endpoint.security.clear();
}

/// Adds to the names of webhooks that have the same what tells them apart: the path of each, or
/// else the folders around it.
pub(super) fn tell_apart(json: &Value, webhooks: &mut [Endpoint]) {
    let mut named: BTreeMap<String, Vec<&mut Endpoint>> = BTreeMap::new();
    for webhook in webhooks {
        named.entry(webhook.path.clone()).or_default().push(webhook);
    }
    let path = |webhook: &Endpoint| {
        let own = json.value_at(&webhook.pointer);
        own.and_then(|own| text(own, "path")).unwrap_or_default()
    };
    let folders = |webhook: &Endpoint| webhook.tags.join("/");
    for twins in named.into_values().filter(|twins| twins.len() > 1) {
        let says: [&dyn Fn(&Endpoint) -> String; 2] = [&path, &folders];
        let distinct = says.into_iter().find_map(|says| {
            let own: Vec<String> = twins.iter().map(|webhook| says(webhook)).collect();
            let all: BTreeSet<&String> = own.iter().collect();
            (all.len() == own.len()).then_some(own)
        });
        for (webhook, own) in twins.into_iter().zip(distinct.into_iter().flatten()) {
            webhook.path = format!("{} {own}", webhook.path).trim_end().to_owned();
            if let Some(name) = webhook.names.first_mut() {
                name.clone_from(&webhook.path);
            }
        }
    }
}

/// The callbacks of operations, and what is wrong or not supported in them.
#[derive(Default)]
pub(super) struct Callbacks {
    pub endpoints: Vec<Endpoint>,
    pub skipped: Vec<Diagnostic>,
    pub unsupported: Vec<Diagnostic>,
}

/// Reads the callbacks of `operations`, which the editor keeps as the text of those of OpenAPI:
/// in `json`, what the texts say takes their place.
pub(super) fn callbacks(
    document: &Document,
    json: &mut Value,
    operations: &[Endpoint],
) -> Callbacks {
    let mut callbacks = Callbacks::default();
    for operation in operations {
        let place = operation.pointer.child("callbacks");
        let Some(there) = json.pointer_mut(&place) else {
            continue;
        };
        let was_text = there.is_string();
        read_text(there);
        if there.is_string() {
            callbacks.skipped.push(not_json(document, &place));
            continue;
        }
        // What is an object in the document is reported with all that is there.
        let named = json.value_at(&place).and_then(Value::as_object);
        for (name, _) in named.filter(|_| was_text).into_iter().flatten() {
            let place = place.child(name);
            let found = report_at(&document.file, json, ObjectKind::Callback, &place);
            callbacks.skipped.extend(found.0);
            callbacks.unsupported.extend(found.1);
        }
    }
    let (read, endpoints, unsupported) =
        openapi::callbacks(document, std::mem::take(json), operations);
    *json = read;
    callbacks.endpoints = endpoints;
    callbacks.unsupported.extend(unsupported);
    callbacks
}

/// Puts what a text says of callbacks in its place, where it is an object in JSON.
pub(super) fn read_text(callbacks: &mut Value) {
    let Value::String(text) = callbacks else {
        return;
    };
    match serde_json::from_str(text) {
        Ok(said @ Value::Object(_)) => *callbacks = said,
        _ if text.trim().is_empty() => *callbacks = Value::Object(Map::new()),
        _ => {}
    }
}

fn not_json(document: &Document, place: &str) -> Diagnostic {
    let message = "is not an object in JSON; the callbacks are skipped";
    let help = "write callbacks as OpenAPI has them, in JSON";
    Diagnostic::new(&document.file, place, message, help)
}
