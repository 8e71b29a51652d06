//! One request in the journal.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::shorten;

const BODY_BYTES: usize = 2048;
const STRING_CHARACTERS: usize = 256;
const NAME_CHARACTERS: usize = 256;

/// One request and what came of it. It never holds the key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The number of the request, from 0.
    pub seq: u64,
    /// When it was recorded.
    pub time: SystemTime,
    /// The method, as in `POST`; empty where a script ended a connection before
    /// anything was read of it.
    pub method: String,
    /// The path, without the query. What is not ASCII is as people read it, not encoded.
    pub path: String,
    /// The model that the body names.
    pub model: Option<String>,
    /// The status it was answered with, or would have been had the client waited or
    /// a script not ended the connection; 0 where a script ended it unread.
    pub status: u16,
    /// Whether an `Authorization` header came with a key in it, in whatever form.
    pub authorized: bool,
    /// The body, with long strings shortened. Where it is still long, or isn't JSON,
    /// this is the beginning of its text.
    pub body: Value,
    /// Whether a generation was accepted, which the real service would bill once,
    /// whatever became of the reply. A request that was throttled or refused, or whose
    /// answer a control header forced, was not.
    pub submitted: bool,
    /// What the client calls itself in the header `X-Sandbox-Client`.
    pub client: Option<String>,
    /// The number of the script's step that was played: steps are counted from 0 as
    /// they are added.
    pub step: Option<u64>,
}

impl JournalEntry {
    /// When it was recorded, in milliseconds since 1970.
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        let since = self.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "seq": self.seq,
            "time": self.milliseconds(),
            "method": self.method,
            "path": self.path,
            "model": self.model,
            "status": self.status,
            "authorized": self.authorized,
            "body": self.body,
            "submitted": self.submitted,
            "client": self.client,
            "step": self.step,
        })
    }
}

/// A name as the journal keeps it.
pub fn name(text: &str) -> String {
    shorten::text(text, NAME_CHARACTERS)
}

/// A body as the journal keeps it: at most a few kilobytes of it.
pub fn body(text: &[u8], json: Option<&Value>) -> Value {
    let shortened = json.map(|json| shorten::strings(json, STRING_CHARACTERS));
    match shortened {
        // A small text can be a large tree: [0,0,0,…] takes ten times its length.
        Some(json) if size(&json) <= BODY_BYTES => json,
        Some(json) => shorten::json(&json, BODY_BYTES).into(),
        None if text.is_empty() => Value::Null,
        None => {
            let start = &text[..text.len().min(BODY_BYTES)];
            let mark = if start.len() < text.len() { "…" } else { "" };
            format!("{}{mark}", String::from_utf8_lossy(start)).into()
        }
    }
}

fn size(value: &Value) -> usize {
    const NODE_BYTES: usize = 24;
    NODE_BYTES
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(size).sum(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| name.len() + size(value))
                .sum(),
            _ => 0,
        }
}
