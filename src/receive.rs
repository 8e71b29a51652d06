//! Reads what comes back, and says what it means.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::codes;
use crate::error::{Error, ErrorReply, Stage, excerpt};
use crate::fault;
use crate::image;
use crate::reply::Received;

/// The headers in which one API or the other gives the id of a request.
const REQUEST_ID_HEADERS: [&str; 3] = [
    "x-oneapi-request-id",
    "x-request-id",
    "x-dashscope-request-id",
];

/// No reply came: was the request sent?
pub(crate) fn unanswered(error: reqwest::Error) -> Error {
    // The URL of an error is the API's, without the key; shorter without it.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        return Error::new(
            Stage::NotSent,
            format!("the API can't be reached: {}", causes(&error)),
        )
        .caused_by(error);
    }
    let message = if error.is_timeout() {
        "no reply came in time; the request may still be carried out and billed".to_owned()
    } else {
        format!(
            "the connection broke before a reply came; the request may have been carried out and billed: {}",
            causes(&error)
        )
    };
    Error::new(Stage::OutcomeUnknown, message).caused_by(error)
}

/// The innermost cause says most.
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

pub(crate) async fn receive(response: Response) -> Result<Received, Error> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut reply = ErrorReply {
        status,
        request_id: request_id(&headers),
        retry_after: retry_after(&headers),
        ..ErrorReply::default()
    };
    reply.body = match read(response).await {
        Ok(body) => body,
        Err((read, error)) => {
            let error = error.without_url();
            let message = format!(
                "the reply broke off after {} bytes; the request may have been carried out and billed: {}",
                read.len(),
                causes(&error)
            );
            reply.body = read;
            return Err(Error::new(Stage::OutcomeUnknown, message)
                .with_reply(reply)
                .caused_by(error));
        }
    };
    tracing::debug!(status, bytes = reply.body.len(), "received");
    let json = serde_json::from_slice::<Value>(&reply.body);
    if !(200..300).contains(&status) {
        return Err(refused(reply, json.ok().as_ref()));
    }
    let json = match json {
        Ok(json) => json,
        Err(error) => {
            let excerpt = excerpt(&reply.body);
            let message = format!("the reply reports success but is no JSON ({error}): {excerpt}");
            return Err(Error::new(Stage::Unreadable, message).with_reply(reply));
        }
    };
    // What was paid for is kept, even if the reply reports an error beside it.
    if fault::read(&json).is_some() && image::find(&json).is_empty() {
        return Err(refused(reply, Some(&json)));
    }
    let in_body = json.get("request_id").and_then(Value::as_str);
    Ok(Received {
        status,
        headers,
        request_id: in_body.map(str::to_owned).or(reply.request_id),
        body: reply.body,
        json,
    })
}

/// The whole body; or what of it came before it broke off.
async fn read(mut response: Response) -> Result<Bytes, (Bytes, reqwest::Error)> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.into()),
            Err(error) => return Err((body.into(), error)),
        }
    }
}

/// The error for a reply that reports a failure.
fn refused(mut reply: ErrorReply, json: Option<&Value>) -> Error {
    let fault = json.and_then(fault::read).unwrap_or_default();
    let stage = codes::classify(fault.code.as_deref(), reply.status);
    let said = match &fault.message {
        Some(message) => excerpt(message.as_bytes()),
        None if reply.body.is_empty() => "an empty body".to_owned(),
        None => excerpt(&reply.body),
    };
    let message = match stage {
        Stage::Account => format!("the API refused the key or the account: {said}"),
        Stage::Throttled => {
            format!("the API has too much to do and did not take the request: {said}")
        }
        Stage::OutcomeUnknown if reply.status == 524 => format!(
            "a proxy before the API gave up waiting; the request may have been carried out and billed: {said}"
        ),
        Stage::OutcomeUnknown => {
            format!("the API failed; the request may have been carried out and billed: {said}")
        }
        _ if (200..300).contains(&reply.status) => {
            format!("the API refused the request, under a status that reports success: {said}")
        }
        _ => format!("the API refused the request: {said}"),
    };
    reply.code = fault.code;
    reply.request_id = fault.request_id.or(reply.request_id);
    Error::new(stage, message).with_reply(reply)
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS
        .iter()
        .find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse();
    seconds.ok().map(Duration::from_secs)
}
