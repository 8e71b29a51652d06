//! The reply to a request that is wrong.

use apifox_document::api::{Reply as Described, Response};
use apifox_document::pointer::JsonPointerExt as _;
use hyper::StatusCode;
use hyper::header::ALLOW;
use serde_json::Value;

use crate::documents::schema::Schema;
use crate::mock::document::{Lookup, Mock};
use crate::mock::error::MockError;
use crate::mock::examples;
use crate::mock::operation::Operation;
use crate::mock::overlay;
use crate::mock::reply::{MockReply, concrete, json};

/// An error as the document describes it: as the operation does, or any other; and as RFC
/// 9457 has it where none does.
pub fn error(mock: Option<&Mock>, operation: Option<&Operation>, error: &MockError) -> MockReply {
    let described = mock.and_then(|mock| described_error(mock, operation, error));
    let mut reply = described
        .unwrap_or_else(|| MockReply::json("application/problem+json".into(), error.problem()));
    reply.status = error.status;
    reply.headers.extend(error.header.clone());
    reply.headers.push(error.told());
    reply
}

fn described_error(
    mock: &Mock,
    operation: Option<&Operation>,
    error: &MockError,
) -> Option<MockReply> {
    let status = error.status.as_u16();
    let is_error = |response: &&Response| response.status >= 400 || response.status == 0;
    let own = operation.into_iter().chain(&mock.operations);
    let mut responses = own.filter_map(|operation| {
        let found = Response::for_status(&operation.endpoint.responses, status);
        found.filter(is_error).map(|response| (operation, response))
    });
    let (operation, response) = responses.next()?;
    let media = response.contents.first()?;
    let Described::Json(Some(place)) = &media.content else {
        return None;
    };
    let examples = examples::of_response(mock, &operation.endpoint, response, &media.name);
    let mut value = json(mock, Some(place), examples, mock.seed).ok()?;
    tell(mock.schema(place).ok()?.as_ref(), &mut value, error);
    Some(MockReply::json(
        concrete(&media.name, "application/json"),
        value,
    ))
}

/// Puts the message of an error where a reply has one, and its status.
fn tell(schema: &Schema, reply: &mut Value, error: &MockError) {
    const MESSAGES: [&str; 7] = [
        "message",
        "msg",
        "detail",
        "error_description",
        "error",
        "errorMessage",
        "description",
    ];
    for place in overlay::places(reply) {
        let is_text = |name: &&str| {
            reply
                .pointer(&place.child(*name))
                .is_some_and(Value::is_string)
        };
        if let Some(name) = MESSAGES.into_iter().find(is_text) {
            let text = Value::String(error.message.clone());
            overlay::replace(schema, reply, &place.child(name), text);
            break;
        }
    }
    let status = error.status.as_u16();
    for place in overlay::places(reply) {
        for name in ["status", "status_code", "statusCode"] {
            let place = place.child(name);
            if reply.pointer(&place).is_some_and(Value::is_number) {
                overlay::replace(schema, reply, &place, status.into());
            }
        }
    }
}

/// What is wrong where a document has no operation for a request.
pub fn not_found(lookup: &Lookup<'_>, method: &str, path: &str) -> MockError {
    match lookup {
        Lookup::OtherMethods(methods) => {
            let methods = methods.join(", ");
            let message = format!("{path} does not take {method}: it takes {methods}");
            MockError::new(StatusCode::METHOD_NOT_ALLOWED, message).with_header(ALLOW, methods)
        }
        _ => {
            let message = format!("there is no operation for {method} {path}");
            MockError::new(StatusCode::NOT_FOUND, message)
        }
    }
}
