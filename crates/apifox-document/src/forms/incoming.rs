//! What the API of a project export calls: webhooks, and callbacks of its operations.

use apifox_runtime::Location;
use serde_json::Value;

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
    let title = title.unwrap_or(&endpoint.path);
    endpoint.path = format!("webhook {title}");
    let id = text(operation, "operationId");
    let own = id.as_ref().map(|id| format!("webhook {id}"));
    let names = [Some(endpoint.path.clone()), own, id];
    endpoint.names = names.into_iter().flatten().collect();
    endpoint
        .parameters
        .retain(|parameter| parameter.location != Location::Path);
    endpoint.servers.clear();
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
        if let Value::String(text) = there {
            *there = match serde_json::from_str(text) {
                Ok(said @ Value::Object(_)) => said,
                _ if text.trim().is_empty() => continue,
                _ => {
                    callbacks.skipped.push(not_json(document, &place));
                    continue;
                }
            };
        }
        let named = json.value_at(&place).and_then(Value::as_object);
        for (name, _) in named.into_iter().flatten() {
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

fn not_json(document: &Document, place: &str) -> Diagnostic {
    let message = "is not an object in JSON; the callbacks are skipped";
    let help = "write callbacks as OpenAPI has them, in JSON";
    Diagnostic::new(&document.file, place, message, help)
}
