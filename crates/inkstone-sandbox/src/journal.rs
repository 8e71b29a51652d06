//! What was the server asked?

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::shorten;
use crate::stats::Stats;

const MOST_ENTRIES: usize = 100_000;
const BODY_BYTES: usize = 2048;
const STRING_CHARACTERS: usize = 256;
const NAME_CHARACTERS: usize = 256;

/// One request and what came of it. It never holds the key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The number of the request, from 0.
    pub seq: u64,
    /// The method, as in `POST`; empty where a script ended a connection before
    /// anything was read of it.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The model that the body names.
    pub model: Option<String>,
    /// The status it was answered with, or would have been had the client waited or
    /// a script not ended the connection; 0 where a script ended it unread.
    pub status: u16,
    /// Whether an `Authorization` header came with a key in it, be it the right
    /// kind or not.
    pub authorized: bool,
    /// The body. Long strings in it are shortened; what is still long, or isn't
    /// JSON, is the beginning of its text.
    pub body: Value,
    /// Whether a generation was accepted, for which the real service would send
    /// a bill: once, whatever became of the reply. What was throttled or refused is
    /// none, and neither is an answer forced with a control header.
    pub submitted: bool,
    /// What the client calls itself in the header `X-Sandbox-Client`.
    pub client: Option<String>,
    /// The number of the script's step that was played: steps are counted from 0 as
    /// they are added.
    pub step: Option<u64>,
}

impl JournalEntry {
    fn json(&self) -> Value {
        json!({
            "seq": self.seq,
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

/// The latest entries.
#[derive(Default)]
pub struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    next: u64,
    stats: Stats,
    kept: VecDeque<JournalEntry>,
}

impl Journal {
    /// Adds an entry, which gets its number here, and counts its request.
    pub fn record(&self, mut entry: JournalEntry, body: &[u8]) {
        let mut pages = self.pages();
        pages.stats.count(&entry, body);
        entry.seq = pages.next;
        pages.next += 1;
        if pages.kept.len() == MOST_ENTRIES {
            pages.kept.pop_front();
        }
        pages.kept.push_back(entry);
    }

    pub fn entries(&self) -> Vec<JournalEntry> {
        self.pages().kept.iter().cloned().collect()
    }

    pub fn stats(&self) -> Stats {
        self.pages().stats.clone()
    }

    /// The entries, or those of one kind: submitted or not.
    pub fn json(&self, submitted: Option<bool>) -> String {
        let entries = self.entries();
        let lines: Vec<_> = entries
            .iter()
            .filter(|entry| submitted.is_none_or(|wanted| entry.submitted == wanted))
            .map(|entry| entry.json().to_string())
            .collect();
        match lines.is_empty() {
            true => "[]\n".into(),
            false => format!("[\n{}\n]\n", lines.join(",\n")),
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        // An entry is added whole or not at all, whoever panicked meanwhile.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn name(text: &str) -> String {
    shorten::text(text, NAME_CHARACTERS)
}

/// A body as the journal keeps it: at most a few kilobytes of it.
pub fn body(text: &[u8], json: Option<&Value>) -> Value {
    let short = json.map(|json| shorten::strings(json, STRING_CHARACTERS));
    match short {
        // A small text can be a large tree: [0,0,0,…] takes ten times its length.
        Some(short) if size(&short) <= BODY_BYTES => short,
        Some(short) => shorten::json(&short, BODY_BYTES).into(),
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
