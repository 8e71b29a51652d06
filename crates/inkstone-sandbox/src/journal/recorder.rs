//! Puts a request into the journal.

use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::documents::path_template;
use crate::http::authorization;
use crate::http::reply::Reply;
use crate::http::request_body::{self, RequestBody};
use crate::journal::entry::{self, JournalEntry};
use crate::journal::store::Journal;
use crate::script::effect::Effect;

const CLIENT: HeaderName = HeaderName::from_static("x-sandbox-client");

/// What is known of a request when it is recorded.
#[derive(Default)]
pub struct Recorded<'a> {
    pub head: Option<&'a Parts>,
    pub body: Option<&'a RequestBody>,
    pub status: Option<StatusCode>,
    pub submitted: bool,
    /// The step that was played.
    pub step: Option<u64>,
}

impl<'a> Recorded<'a> {
    pub fn new(head: &'a Parts, body: Option<&'a RequestBody>) -> Self {
        Self {
            head: Some(head),
            body,
            ..Self::default()
        }
    }

    pub fn record(self, journal: &Journal) {
        let path = self
            .head
            .map(|head| path_template::readable(head.uri.path()));
        let method = self.head.map(|head| entry::name(head.method.as_str()));
        let headers = self.head.map(|head| &head.headers);
        let entry = JournalEntry {
            seq: 0,
            time: SystemTime::now(),
            method: method.unwrap_or_default(),
            path: entry::name(&path.unwrap_or_default()),
            model: self.body.and_then(RequestBody::model).map(entry::name),
            status: self.status.map_or(0, |status| status.as_u16()),
            authorized: headers.is_some_and(authorization::has_any),
            body: self.body.map(shown).unwrap_or_default(),
            submitted: self.submitted,
            client: headers.and_then(client),
            step: self.step,
        };
        journal.record(entry, self.body.map_or(&[], RequestBody::bytes));
    }

    /// Records a reply, and hands it back with how long a step has the client wait for it.
    pub fn answered(self, reply: Reply, effect: &Effect, journal: &Journal) -> (Reply, Duration) {
        let answered = Self {
            status: Some(reply.status),
            step: effect.number,
            ..self
        };
        answered.record(journal);
        (reply, effect.transport.delay)
    }
}

fn shown(body: &RequestBody) -> Value {
    match body {
        RequestBody::Json(text, json) => entry::body(text, Some(json)),
        RequestBody::Form(text, form) => entry::body(text, Some(&form.json())),
        RequestBody::Unreadable(text, _) => entry::body(text, None),
        RequestBody::TooLong => format!("(more than {} bytes)", request_body::LONGEST).into(),
    }
}

fn client(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CLIENT)?;
    Some(entry::name(&String::from_utf8_lossy(value.as_bytes())))
}
