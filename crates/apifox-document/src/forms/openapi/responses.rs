//! The responses of an operation.

use serde_json::Value;

use crate::api::{Reply, Response};
use crate::forms::media::{Kind, preferred};
use crate::forms::parameters::text;
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;

/// The responses at `place`, in the order of the document.
pub(super) fn responses(json: &Value, place: &str) -> Vec<Response> {
    let described = json.pointer(place).and_then(Value::as_object);
    let mut responses = Vec::new();
    for (code, response) in described.into_iter().flatten() {
        let own = place.child(code);
        let Some(status) = status(code) else {
            continue;
        };
        let Some(resolved) = resolve_refs(json, &own) else {
            continue;
        };
        responses.push(Response {
            status,
            name: text(response, "description").or_else(|| text(response, "x-apifox-name")),
            content: reply(json, &resolved),
            pointer: own,
        });
    }
    responses
}

/// The status of a response's key: `200`, `2XX`, `x-200:name`, `default`.
fn status(code: &str) -> Option<u16> {
    if code == "default" {
        return Some(0);
    }
    let digits = match code.strip_prefix("x-") {
        Some(rest) => rest.split(':').next().unwrap_or_default(),
        None => code,
    };
    let digits = digits.to_ascii_uppercase().replace("XX", "00");
    digits.trim().parse().ok()
}

fn reply(json: &Value, place: &str) -> Reply {
    let content = json
        .pointer(place)
        .and_then(|response| response["content"].as_object());
    let Some(media) = content.and_then(preferred) else {
        return Reply::Json(None);
    };
    let schema = place.child("content").child(media).child("schema");
    let there = json.pointer(&schema);
    let is_schema = there.is_some_and(|schema| schema.is_object() || schema.is_boolean());
    let schema = is_schema.then_some(schema);
    match Kind::from_media_type(media) {
        Kind::Nothing => Reply::Json(None),
        Kind::Json => Reply::Json(schema),
        Kind::Form => Reply::Binary("application/x-www-form-urlencoded".into()),
        Kind::Multipart => Reply::Binary("multipart/form-data".into()),
        Kind::Events(media) => Reply::from_events(media, there, schema),
        Kind::Text(media) => Reply::Text(media),
        Kind::Binary(media) => Reply::Binary(media),
    }
}
