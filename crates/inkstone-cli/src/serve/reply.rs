//! Replies, with what goes into their heads.

use hyper::header::{
    ALLOW, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use hyper::{Response, StatusCode};

use crate::serve::api_error::ApiError;
use crate::serve::http::payload::{Part, Payload};

/// The header by which a server tells OpenAI's libraries whether to try again.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// A reply with an error.
pub fn refuse(error: &ApiError) -> Response<Payload> {
    let json = Part::text(format!("{}\n", error.json()));
    let mut response = reply(error.status, "application/json", vec![json]);
    describe(error, response.headers_mut());
    response
}

/// Puts into a head what there is to say of an error.
pub fn describe(error: &ApiError, headers: &mut HeaderMap) {
    if let Some(seconds) = error.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if error.is_final {
        headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    }
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(method) = &error.allowed
        && let Ok(method) = HeaderValue::from_str(method.as_str())
    {
        headers.insert(ALLOW, method);
    }
    if error.status == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest of the body is not read.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// A reply with these parts.
pub fn reply(status: StatusCode, kind: &'static str, parts: Vec<Part>) -> Response<Payload> {
    let mut response = Response::new(Payload::new(parts));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
