//! Sends a reply, as it is or as a step of the script has it.

use std::time::{Duration, SystemTime};

use hyper::header::{CONTENT_LENGTH, HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use crate::http::cut_stream::{Cut, CutHandle, CutPoint};
use crate::http::payload::Payload;
use crate::http::reply::Reply;
use crate::script::effect::{CutAt, Effect, RetryAfter, ScriptedCut};

/// Sends a reply as it is.
pub fn send(reply: Reply) -> Response<Payload> {
    send_as(reply, &Effect::default(), &CutHandle::default())
}

/// Sends a reply as a step of the script has it.
pub fn send_as(mut reply: Reply, effect: &Effect, connection: &CutHandle) -> Response<Payload> {
    for (name, value) in &effect.headers {
        reply.headers.insert(name, value.clone());
    }
    if let Some(value) = effect.retry_after.as_ref().and_then(retry_after) {
        reply.headers.insert(RETRY_AFTER, value);
    }
    let body = effect.bytes.apply(reply.body, &mut reply.headers);
    let mut payload = payload(body, effect);
    let length = payload.length();
    apply_transport(&mut payload, effect, connection);
    response(reply.status, reply.headers, payload, length)
}

/// The body, truncated and padded.
fn payload(mut body: Vec<u8>, effect: &Effect) -> Payload {
    if let Some(most) = effect.truncate {
        body.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    }
    // JSON with spaces before its last brace is still the same JSON.
    let tail = u64::from(body.ends_with(b"}"));
    let mut payload = Payload::new(body);
    if let Some(padding) = effect.padding {
        payload.pad(padding, tail);
    }
    payload
}

fn response(
    status: StatusCode,
    headers: HeaderMap,
    payload: Payload,
    length: u64,
) -> Response<Payload> {
    let is_chunked = payload.is_chunked();
    let mut response = Response::new(payload);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if !is_chunked {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

/// Changes how the body is sent, and sets where the connection breaks.
fn apply_transport(payload: &mut Payload, effect: &Effect, connection: &CutHandle) {
    let transport = &effect.transport;
    let length = payload.length();
    if transport.is_chunked {
        payload.chunk();
    }
    if let Some(cut) = transport.cut {
        if let (true, CutAt::Body(after)) = (transport.is_chunked, cut.at) {
            // The cut counts bytes on the wire, so what precedes it has to be one chunk.
            payload.stall(body_cut(after, length));
        }
        connection.cut(Cut {
            point: cut_point(cut, length, transport.is_chunked),
            kind: cut.kind,
        });
    }
    if let Some(after) = transport.stall {
        payload.stall(after);
    }
    if let Some((bytes, every)) = transport.drip {
        payload.drip(bytes, every);
    }
}

fn cut_point(cut: ScriptedCut, length: u64, is_chunked: bool) -> CutPoint {
    match (cut.at, is_chunked) {
        (CutAt::Accept | CutAt::Request, _) => CutPoint::Head(0),
        (CutAt::Head(after), _) => CutPoint::Head(after),
        (CutAt::Body(after), false) => CutPoint::Body(body_cut(after, length)),
        (CutAt::Body(after), true) => CutPoint::Body(chunk_length(body_cut(after, length))),
        (CutAt::End, false) => CutPoint::Body(length),
        (CutAt::End, true) => CutPoint::Body(chunk_length(length) + LAST_CHUNK.len() as u64),
    }
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Where a body of some length is cut: where a step says, or in the middle.
fn body_cut(after: Option<u64>, length: u64) -> u64 {
    after.unwrap_or(length / 2).min(length)
}

/// How long a chunk of so many bytes is on the wire.
fn chunk_length(length: u64) -> u64 {
    match length {
        0 => 0,
        _ => format!("{length:X}\r\n\r\n").len() as u64 + length,
    }
}

fn retry_after(value: &RetryAfter) -> Option<HeaderValue> {
    match value {
        RetryAfter::Text(text) => Some(text.clone()),
        RetryAfter::Date(ahead) => {
            // A date has whole seconds: rounded up, it is never too early.
            let time = SystemTime::now().checked_add(*ahead + Duration::from_millis(999))?;
            HeaderValue::from_str(&httpdate::fmt_http_date(time)).ok()
        }
    }
}
