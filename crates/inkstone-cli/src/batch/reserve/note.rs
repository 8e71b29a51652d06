//! What became of a request, where the journal can't be written: kept in the reserve, and
//! taken into the journal by the next run.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
use crate::batch::journal::transitions::{FailureRecord, StoredReply};
use crate::batch::reserve::records;
use crate::batch::state::State;
use crate::error::{CliError, Code};

/// What became of a request.
#[derive(Debug)]
pub enum Event<'a> {
    /// Its task is running.
    Waiting { task_id: &'a str },
    /// A reply with pictures came.
    Replied {
        made: usize,
        request_id: Option<&'a str>,
        unmade: Option<&'a str>,
    },
    /// It failed.
    Failed {
        state: State,
        failure: &'a FailureRecord,
    },
}

/// What became of the request of one job.
#[derive(Debug)]
pub struct Note<'a> {
    pub seq: i64,
    /// The name of its files, without ending.
    pub stem: &'a str,
    pub event: Event<'a>,
}

impl Note<'_> {
    fn json(&self) -> Value {
        match &self.event {
            Event::Waiting { task_id } => json!({"task_id": task_id}),
            Event::Replied {
                made,
                request_id,
                unmade,
            } => json!({"made": made, "request_id": request_id, "unmade": unmade}),
            Event::Failed { state, failure } => json!({
                "state": state.name(),
                "stage": failure.stage,
                "status": failure.status,
                "code": failure.code,
                "request_id": failure.request_id,
                "message": failure.message,
            }),
        }
    }

    /// Keeps the note and the reply: all of it in the reserve, or the reply in the system's
    /// temporary directory if it is too long. Returns where.
    pub fn keep(&self, records: &records::Records, reply: &[u8]) -> io::Result<String> {
        let mut json = self.json();
        json["seq"] = self.seq.into();
        json["stem"] = self.stem.into();
        let whole = record(&json, reply);
        if records.has_room_for(whole.len()) {
            records.add(&whole)?;
            return Ok(records::FILE.to_owned());
        }
        let directory = std::env::temp_dir();
        let name = format!("inkstone-{}", self.stem);
        let path = crate::output::files::write_new(&directory, &name, "json", reply)?;
        let path = path.display().to_string();
        json["elsewhere"] = path.as_str().into();
        records.add(&record(&json, b""))?;
        Ok(path)
    }
}

/// A line of JSON, and the reply behind it.
fn record(json: &Value, reply: &[u8]) -> Vec<u8> {
    let mut record = json.to_string().into_bytes();
    record.push(b'\n');
    record.extend_from_slice(reply);
    record
}

/// Takes what an earlier process kept in the reserve into the journal; returns how many jobs
/// that were.
pub fn take_in(directory: &Path, journal: &Journal) -> Result<usize, CliError> {
    let failed = |error: io::Error| {
        CliError::new(
            Code::Unsaved,
            format!(
                "what an earlier run kept in {} can't be taken in: {error}",
                directory.join(records::FILE).display()
            ),
        )
        .hint("nothing is lost or sent: make room on the disk, then continue with --resume")
    };
    let kept = records::read(directory).map_err(failed)?;
    let count = kept.len();
    for record in kept {
        let split = record.iter().position(|byte| *byte == b'\n');
        let (line, reply) = record.split_at(split.unwrap_or(record.len()));
        let json: Value = serde_json::from_slice(line).unwrap_or_default();
        let reply = reply.get(1..).unwrap_or_default();
        let stored = store(directory, &json, reply).map_err(failed)?;
        apply(journal, &json, &stored).map_err(|error| failed(io::Error::other(error.message)))?;
    }
    records::remove(directory);
    Ok(count)
}

/// Whether the reserve has something that is not in the journal.
pub fn is_pending(directory: &Path) -> bool {
    // What can't be read is there, as far as anybody knows.
    records::read(directory).map_or(true, |kept| !kept.is_empty())
}

fn store(directory: &Path, json: &Value, reply: &[u8]) -> io::Result<StoredReply> {
    let stem = json["stem"].as_str().unwrap_or_default();
    let elsewhere = json["elsewhere"].as_str();
    let read = elsewhere.map(std::fs::read).transpose()?;
    let reply = read.as_deref().unwrap_or(reply);
    let stored = stored_replies::store_bytes(directory, stem, reply)?;
    if let Some(elsewhere) = elsewhere {
        // One that stays behind does no harm.
        let _ = std::fs::remove_file(elsewhere);
    }
    Ok(stored)
}

fn apply(journal: &Journal, json: &Value, stored: &StoredReply) -> Result<(), CliError> {
    let text = |member: &str| json[member].as_str();
    let Some(seq) = json["seq"].as_i64() else {
        return Ok(());
    };
    if let Some(task_id) = text("task_id") {
        return journal.waiting(seq, task_id).commit();
    }
    if let Some(made) = json["made"].as_u64() {
        let made = usize::try_from(made).unwrap_or(usize::MAX);
        let (request_id, unmade) = (text("request_id"), text("unmade"));
        let replied = journal.replied(seq, made, request_id, unmade, stored);
        return replied.commit();
    }
    let state = text("state").unwrap_or_default();
    let state = State::ALL.into_iter().find(|known| known.name() == state);
    let failure = FailureRecord {
        stage: Cow::Owned(text("stage").unwrap_or_default().to_owned()),
        status: json["status"]
            .as_u64()
            .and_then(|status| status.try_into().ok()),
        code: text("code").map(str::to_owned),
        request_id: text("request_id").map(str::to_owned),
        message: text("message").unwrap_or_default().to_owned(),
    };
    let state = state.unwrap_or(State::Unknown);
    journal.failed(seq, state, &failure, stored).commit()
}
