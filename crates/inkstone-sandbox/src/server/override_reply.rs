//! What a script answers in place of the right reply.

use hyper::StatusCode;

use crate::documents::api::Api;
use crate::documents::api_error::{ApiError, ErrorKind, ErrorOverride};
use crate::http::reply::Reply;
use crate::script::effect::{Effect, Override, ScriptedError};

/// What the object store answers for a URL that has expired.
const EXPIRED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  \
    <Code>AccessDenied</Code>\n  <Message>Request has expired.</Message>\n  \
    <Expires>2026-11-20T00:00:00.000Z</Expires>\n</Error>\n";

/// The reply of a step that has one of its own.
pub fn build(effect: &Effect, api: Api, request_id: &str) -> Option<Reply> {
    let status = |default| effect.status.unwrap_or(default);
    Some(match effect.override_reply.as_ref()? {
        Override::Error(error) => error_reply(effect, error, api, request_id),
        Override::Bytes(bytes) => {
            let reply = Reply::new(status(StatusCode::OK), "application/json", bytes.clone());
            reply.with_request_id(api, request_id)
        }
        Override::Page(page) => {
            let timeout = StatusCode::from_u16(524).unwrap_or(StatusCode::GATEWAY_TIMEOUT);
            Reply::new(status(timeout), "text/html", page.clone())
        }
        Override::Redirect => {
            let status = status(StatusCode::TEMPORARY_REDIRECT);
            Reply::new(status, "text/plain", Vec::new()).with_request_id(api, request_id)
        }
        Override::Expired => {
            let status = status(StatusCode::FORBIDDEN);
            Reply::new(status, "application/xml", EXPIRED.into())
        }
    })
}

fn error_reply(effect: &Effect, error: &ScriptedError, api: Api, request_id: &str) -> Reply {
    let overrides = ErrorOverride {
        code: error.code.clone(),
        kind: error.kind.clone(),
    };
    let api_error = ApiError {
        overrides: Some(Box::new(overrides)),
        ..ApiError::new(error.status, ErrorKind::Forced, error.message.clone())
    };
    let mut body = api_error.body(api, request_id);
    effect.edits.iter().for_each(|edit| edit.apply(&mut body));
    Reply::json(error.status, body.to_string()).with_request_id(api, request_id)
}
