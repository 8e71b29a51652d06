//! What became of a request, where the journal can't be written: kept in the reserve, and
//! taken into the journal by the next run.

use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
use crate::batch::journal::transitions::{Event, StoredReply};
use crate::batch::reserve::records;
use crate::error::CliError;
use crate::output::files;

/// What became of the request of one job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Note {
    #[serde(flatten)]
    pub event: Event,
    pub seq: i64,
    /// The name of its files, without ending.
    pub stem: String,
    /// The file with the reply, where it is too long for the reserve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
}

impl Note {
    /// Keeps the note and the reply: all of it in the reserve, or the reply in the system's
    /// temporary directory if it is too long.
    pub fn keep(mut self, records: &records::Records, reply: &[u8]) -> io::Result<()> {
        let whole = record(&self, reply)?;
        if records.has_room_for(whole.len()) {
            return records.add(&whole);
        }
        let name = format!("inkstone-{}", self.stem);
        let path = files::write_new(&std::env::temp_dir(), &name, "json", reply)?;
        self.elsewhere = Some(path.display().to_string());
        records.add(&record(&self, b"")?)
    }
}

/// A line of JSON, and the reply behind it.
pub fn record(json: &impl Serialize, reply: &[u8]) -> io::Result<Vec<u8>> {
    let mut record = serde_json::to_vec(json)?;
    record.push(b'\n');
    record.extend_from_slice(reply);
    Ok(record)
}

/// The two parts of a [`record`].
pub fn parse<T: DeserializeOwned>(record: &[u8]) -> io::Result<(T, &[u8])> {
    let mut parts = record.splitn(2, |byte| *byte == b'\n');
    let json = serde_json::from_slice(parts.next().unwrap_or_default())?;
    Ok((json, parts.next().unwrap_or_default()))
}

/// Takes what an earlier process kept in the reserve into the journal.
pub fn take_in(directory: &Path, journal: &Journal) -> Result<(), CliError> {
    let failed = |error: io::Error| {
        CliError::unsaved(format!(
            "what an earlier run kept in {} can't be taken in: {error}",
            directory.join(records::FILE).display()
        ))
        .hint("nothing is lost or sent: make room on the disk, then continue with --resume")
    };
    for record in records::read(directory).map_err(failed)? {
        let (note, reply) = parse::<Note>(&record).map_err(failed)?;
        let stored = store(directory, &note, reply).map_err(failed)?;
        let noted = journal.became(note.seq, &note.event, &stored).commit();
        noted.map_err(|error| failed(io::Error::other(error.message)))?;
    }
    records::remove(directory);
    Ok(())
}

/// Whether the reserve has something that is not in the journal.
pub fn is_pending(directory: &Path) -> bool {
    // What can't be read is there, as far as anybody knows.
    records::read(directory).map_or(true, |kept| !kept.is_empty())
}

fn store(directory: &Path, note: &Note, reply: &[u8]) -> io::Result<StoredReply> {
    let read = note.elsewhere.as_ref().map(std::fs::read).transpose()?;
    let reply = read.as_deref().unwrap_or(reply);
    let stored = stored_replies::store_bytes(directory, &note.stem, reply)?;
    if let Some(elsewhere) = &note.elsewhere {
        // One that stays behind does no harm.
        let _ = std::fs::remove_file(elsewhere);
    }
    Ok(stored)
}
