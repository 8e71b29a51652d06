//! How does a request get into the journal?

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::body::{self, Received};
use crate::handler::Shared;
use crate::journal::{self, JournalEntry};
use crate::key;
use crate::step::Effect;

const CLIENT: HeaderName = HeaderName::from_static("x-sandbox-client");

/// An entry that is being written.
pub struct Entry<'a> {
    entry: JournalEntry,
    body: &'a [u8],
}

impl Default for Entry<'_> {
    fn default() -> Self {
        let entry = JournalEntry {
            seq: 0,
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

impl<'a> Entry<'a> {
    pub fn new(head: &Parts) -> Self {
        let mut this = Self::default();
        this.entry.method = journal::name(head.method.as_str());
        this.entry.path = journal::name(head.uri.path());
        this.entry.authorized = key::has_any(&head.headers);
        this.entry.client = client(&head.headers);
        this
    }

    pub fn received(mut self, received: &'a Received) -> Self {
        self.entry.model = received.model().map(journal::name);
        self.entry.body = match received {
            Received::Json(text, json) => journal::body(text, Some(json)),
            Received::Form(text, form) => journal::body(text, Some(&form.json())),
            Received::Other(text, _) => journal::body(text, None),
            Received::TooLong => format!("(more than {} bytes)", body::LONGEST).into(),
        };
        self.body = received.bytes();
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

    pub fn played(self, effect: Option<&Effect>) -> Self {
        self.step(effect.map(|effect| effect.number))
    }

    pub fn record(self, shared: &Shared) {
        shared.journal.record(self.entry, self.body);
    }
}

fn client(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CLIENT)?;
    Some(journal::name(&String::from_utf8_lossy(value.as_bytes())))
}
