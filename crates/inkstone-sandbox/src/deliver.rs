//! How does a reply go out, and what befalls it on the way?

use std::time::{Duration, SystemTime};

use hyper::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use hyper::{Response, StatusCode};

use crate::api::Api;
use crate::payload::Payload;
use crate::step::{At, Effect, RetryAfter};
use crate::wire::{Cut, Line, Place};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-oneapi-request-id");

/// A whole reply, before anything befalls it.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn new(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
        }
        .with(CONTENT_TYPE, kind)
    }

    pub fn json(status: StatusCode, text: String) -> Self {
        Self::new(status, "application/json", text.into_bytes())
    }

    /// With a header, unless its value can't be one.
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// With the header that the gateway says the request's id in.
    pub fn identified(self, api: Api, request_id: &str) -> Self {
        match api {
            Api::Gateway => self.with(REQUEST_ID, request_id),
            Api::DashScope => self,
        }
    }

    /// Sends it as it is.
    pub fn send(self) -> Response<Payload> {
        let length = self.body.len() as u64;
        response(self.status, self.headers, Payload::new(self.body), length)
    }

    /// Sends it as a step of the script wants it.
    pub fn send_as(mut self, effect: Option<&Effect>, line: &Line) -> Response<Payload> {
        let Some(effect) = effect else {
            return self.send();
        };
        for (name, value) in &effect.headers {
            self.headers.insert(name, value.clone());
        }
        if let Some(value) = effect.retry_after.as_ref().and_then(retry_after) {
            self.headers.insert(RETRY_AFTER, value);
        }
        if let Some(most) = effect.truncate {
            self.body
                .truncate(usize::try_from(most).unwrap_or(usize::MAX));
        }
        // Spaces before the last brace of JSON leave it what it is.
        let tail = u64::from(self.body.ends_with(b"}"));
        let mut payload = Payload::new(self.body);
        if let Some(padding) = effect.padding {
            payload.fill(padding, tail);
        }
        let length = payload.length();
        befall(&mut payload, effect, line);
        response(self.status, self.headers, payload, length)
    }
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

/// What a step does to the body, and to the connection.
fn befall(payload: &mut Payload, effect: &Effect, line: &Line) {
    let faults = &effect.wire;
    let length = payload.length();
    if faults.is_chunked {
        payload.chunk();
    }
    if let Some(cut) = faults.cut {
        let place = place(cut.at, length, faults.is_chunked);
        if let (true, At::Body(after)) = (faults.is_chunked, cut.at) {
            // A chunk of its own, since the cut counts what is on the wire.
            payload.stall(body_cut(after, length));
        }
        line.cut(Cut {
            place,
            how: cut.how,
        });
    }
    if let Some(after) = faults.stall {
        payload.stall(after);
    }
    if let Some((bytes, every)) = faults.drip {
        payload.drip(bytes, every);
    }
}

fn place(at: At, length: u64, is_chunked: bool) -> Place {
    match (at, is_chunked) {
        (At::Accept | At::Request, _) => Place::Head(0),
        (At::Head(after), _) => Place::Head(after),
        (At::Body(after), false) => Place::Body(body_cut(after, length)),
        (At::Body(after), true) => Place::Body(chunk(body_cut(after, length))),
        (At::End, false) => Place::Body(length),
        (At::End, true) => Place::Body(chunk(length) + LAST_CHUNK.len() as u64),
    }
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Where a body of some length is cut, unless a step says where: in the middle.
fn body_cut(after: Option<u64>, length: u64) -> u64 {
    after.unwrap_or(length / 2).min(length)
}

/// How long so many bytes are on the wire, as one chunk.
fn chunk(length: u64) -> u64 {
    match length {
        0 => 0,
        _ => format!("{length:X}\r\n\r\n").len() as u64 + length,
    }
}

fn retry_after(wanted: &RetryAfter) -> Option<HeaderValue> {
    match wanted {
        RetryAfter::Text(text) => Some(text.clone()),
        RetryAfter::Date(ahead) => {
            // The date has whole seconds: rounded up, it is never too early.
            let time = SystemTime::now().checked_add(*ahead + Duration::from_millis(999))?;
            HeaderValue::from_str(&httpdate::fmt_http_date(time)).ok()
        }
    }
}
