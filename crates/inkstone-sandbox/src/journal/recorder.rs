//! Puts a request into the journal, piece by piece.

use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::http::authorization;
use crate::http::reply::Reply;
use crate::http::request_body::{self, RequestBody};
use crate::journal::entry::{self, JournalEntry};
use crate::journal::store::Journal;
use crate::script::effect::{self, Effect};

const CLIENT: HeaderName = HeaderName::from_static("x-sandbox-client");

/// An entry that is being written.
pub struct EntryRecorder<'a> {
    entry: JournalEntry,
    body: &'a [u8],
}

impl Default for EntryRecorder<'_> {
    fn default() -> Self {
        let entry = JournalEntry {
            seq: 0,
            time: SystemTime::now(),
            method: String::new(),
            path: String::new(),
            model: None,
            status: 0,
            authorized: false,
            body: Value::Null,
            submitted: false,
            client: None,
            step: None,
        };
        Self { entry, body: &[] }
    }
}

impl<'a> EntryRecorder<'a> {
    pub fn new(head: &Parts) -> Self {
        let mut this = Self::default();
        this.entry.method = entry::name(head.method.as_str());
        this.entry.path = entry::name(head.uri.path());
        this.entry.authorized = authorization::has_any(&head.headers);
        this.entry.client = client(&head.headers);
        this
    }

    pub fn body(mut self, body: &'a RequestBody) -> Self {
        self.entry.model = body.model().map(entry::name);
        self.entry.body = match body {
            RequestBody::Json(text, json) => entry::body(text, Some(json)),
            RequestBody::Form(text, form) => entry::body(text, Some(&form.json())),
            RequestBody::Unreadable(text, _) => entry::body(text, None),
            RequestBody::TooLong => format!("(more than {} bytes)", request_body::LONGEST).into(),
        };
        self.body = body.bytes();
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        self.entry.status = status.as_u16();
        self
    }

    pub fn submitted(mut self, submitted: bool) -> Self {
        self.entry.submitted = submitted;
        self
    }

    pub fn step(mut self, step: Option<u64>) -> Self {
        self.entry.step = step;
        self
    }

    /// The step that was played.
    pub fn effect(self, effect: Option<&Effect>) -> Self {
        self.step(effect.map(|effect| effect.number))
    }

    pub fn record(self, journal: &Journal) {
        journal.record(self.entry, self.body);
    }

    /// Records a reply, and hands it back with how long a step has the client wait for it.
    pub fn answered(
        self,
        reply: Reply,
        effect: Option<&Effect>,
        journal: &Journal,
    ) -> (Reply, Duration) {
        self.effect(effect).status(reply.status).record(journal);
        (reply, effect::delay(effect))
    }
}

fn client(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CLIENT)?;
    Some(entry::name(&String::from_utf8_lossy(value.as_bytes())))
}
