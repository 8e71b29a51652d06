//! What became of a request, where the journal can't be written: kept in the reserve, and
//! taken into the journal by the next run.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tr::tr;

use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
use crate::batch::journal::transitions::{Event, FailureRecord, StoredReply};
use crate::batch::reserve::records;
use crate::batch::state::State;
use crate::console;
use crate::error::CliError;
use crate::hex::hex;
use crate::output::files;
use crate::output::kept_body::KeptBody;

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
    /// The checksum of what is in that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<String>,
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
        self.sum = Some(hex(&Sha256::digest(reply)));
        records.add(&record(&self, b"")?)
    }

    /// Whether it is about this reply, as far as it says.
    fn is_of(&self, reply: &[u8]) -> bool {
        let sum = self.sum.as_ref();
        sum.is_none_or(|sum| *sum == hex(&Sha256::digest(reply)))
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
    let (json, reply) = split(record);
    Ok((serde_json::from_slice(json)?, reply))
}

fn split(record: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = record.splitn(2, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    (part(), part())
}

/// Takes what an earlier process kept in the reserve into the journal. What that left half
/// done is done again: until the reserve is removed, all is there.
pub fn take_in(directory: &Path, journal: &Journal) -> Result<(), CliError> {
    let mut elsewhere = Vec::new();
    for record in records::read(directory).map_err(|error| failed(directory, &error))? {
        let Ok((note, reply)) = parse::<Note>(&record) else {
            set_aside(directory, journal, &record)?;
            continue;
        };
        if take(directory, journal, &note, reply)? {
            elsewhere.extend(note.elsewhere);
        }
    }
    records::remove(directory);
    for file in elsewhere {
        // One that stays behind does no harm.
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

fn failed(directory: &Path, error: &dyn Display) -> CliError {
    let file = directory.join(records::FILE);
    CliError::unsaved(tr!(
        "what an earlier run kept in {file} can't be taken in: {error}",
        file = file.display(),
        error
    ))
    .hint(tr!(
        "nothing is lost or sent: make room on the disk, then continue with --resume"
    ))
}

/// Takes in one note. Whether the file that it names is its own.
fn take(directory: &Path, journal: &Journal, note: &Note, reply: &[u8]) -> Result<bool, CliError> {
    // It was taken in before, where the job is further than a request that is sent.
    let is_known = match journal.state(note.seq)? {
        Some(state) => matches!(state, State::Replied | State::Done),
        None => return Ok(false),
    };
    let Some(file) = &note.elsewhere else {
        let kept = (!is_known).then(|| keep_in(directory, journal, note, reply));
        return kept.transpose().map(|_| false);
    };
    match std::fs::read(file) {
        Ok(reply) if note.is_of(&reply) => {
            let kept = (!is_known).then(|| keep_in(directory, journal, note, &reply));
            kept.transpose().map(|_| true)
        }
        _ if is_known => Ok(false),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(CliError::unsaved(tr!(
            "the reply that was kept in {file} can't be read: {error}",
            file,
            error
        ))
        .hint(tr!(
            "nothing is lost or sent: let the file be read, then continue with --resume"
        ))),
        // The file is gone, or another one has its name.
        _ if is_open(journal, note.seq)? => {
            note_lost(directory, journal, note, file).map(|()| false)
        }
        _ => Ok(false),
    }
}

/// Whether the journal does not know yet what became of the request.
fn is_open(journal: &Journal, seq: i64) -> Result<bool, CliError> {
    let state = journal.state(seq)?;
    Ok(matches!(state, Some(State::Submitting | State::Waiting)))
}

fn keep_in(directory: &Path, journal: &Journal, note: &Note, reply: &[u8]) -> Result<(), CliError> {
    let reply = KeptBody::from(reply.to_vec());
    let stored = stored_replies::store(directory, &note.stem, &reply);
    let stored = stored.map_err(|error| failed(directory, &error))?;
    commit(directory, journal, note.seq, &note.event, &stored)
}

fn commit(
    directory: &Path,
    journal: &Journal,
    seq: i64,
    event: &Event,
    stored: &StoredReply,
) -> Result<(), CliError> {
    let noted = journal.became(seq, event, stored).commit();
    noted.map_err(|error| failed(directory, &error.message))
}

/// Notes that a reply is gone from where it was kept.
fn note_lost(directory: &Path, journal: &Journal, note: &Note, file: &str) -> Result<(), CliError> {
    let request_id = match &note.event {
        Event::Replied(reply) => reply.request_id.clone(),
        Event::Failed { failure, .. } => failure.request_id.clone(),
        Event::Waiting { .. } => None,
    };
    let message = format!("its reply was kept in {file}, and is gone; it may have been billed");
    let event = unknown(message, request_id);
    commit(
        directory,
        journal,
        note.seq,
        &event,
        &StoredReply::default(),
    )
}

fn unknown(message: String, request_id: Option<String>) -> Event {
    Event::Failed {
        state: State::Unknown,
        failure: FailureRecord {
            stage: Cow::Borrowed("unreadable"),
            request_id,
            message,
            ..FailureRecord::default()
        },
    }
}

/// Sets a note aside that only another version can read. Its job, if it is known, is unknown
/// and has the reply, so that nothing is sent again unasked.
fn set_aside(directory: &Path, journal: &Journal, record: &[u8]) -> Result<(), CliError> {
    let kept = stored_replies::set_aside(directory, record);
    let path = kept.map_err(|error| failed(directory, &error))?;
    let (line, reply) = split(record);
    let known: Value = serde_json::from_slice(line).unwrap_or_default();
    if let Some(seq) = known["seq"].as_i64()
        && is_open(journal, seq)?
    {
        let elsewhere = known["elsewhere"].as_str();
        let read = elsewhere.and_then(|file| std::fs::read(file).ok());
        let reply = read.as_deref().unwrap_or(reply);
        let message = format!(
            "another version of inkstone noted what became of it, in {}; it may have been billed",
            path.display()
        );
        let note = Note {
            event: unknown(message, None),
            seq,
            stem: format!("note-{seq}"),
            elsewhere: None,
            sum: None,
        };
        keep_in(directory, journal, &note, reply)?;
    }
    console::warning(&tr!(
        "{path} is what another version of inkstone noted of a request, and can't be read by \
         this one: its job counts as unknown, and is sent again only with --retry-unknown; look \
         into the file first",
        path = path.display()
    ));
    Ok(())
}

/// Whether the reserve has something that is not in the journal.
pub fn is_pending(directory: &Path) -> bool {
    // What can't be read is there, as far as anybody knows.
    records::read(directory).map_or(true, |kept| !kept.is_empty())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use rusqlite::Connection;
    use serde_json::json;
    use tempfile::TempDir;

    use super::{Note, record, take_in};
    use crate::batch::execution::stored_replies;
    use crate::batch::journal::transitions::{Event, RepliedRecord};
    use crate::batch::journal::{FILE, Journal};
    use crate::batch::reserve::records::{self, Records};
    use crate::batch::state::State;
    use crate::hex::hex;
    use crate::output::arrived::LONGEST_IN_ROW;
    use sha2::{Digest as _, Sha256};

    /// A batch whose jobs 1 and 2 are being sent.
    fn batch() -> (TempDir, Journal) {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(directory.path(), false).unwrap());
        let sql = Connection::open(directory.path().join(FILE)).unwrap();
        sql.execute_batch(
            "INSERT INTO jobs (seq, id, stem, line, offset, length, hash, api, document, model,
                request, worst, state)
            VALUES (1, 'a', 'a', 1, 0, 0, '', '', '', '', '{}', 1, 'submitting'),
                (2, 'b', 'b', 2, 0, 0, '', '', '', '', '{}', 1, 'submitting')",
        )
        .unwrap();
        drop(sql);
        let journal = Journal::open(directory.path(), false).unwrap();
        (directory, journal)
    }

    fn long(byte: u8) -> Vec<u8> {
        vec![byte; LONGEST_IN_ROW + 1]
    }

    /// The note of a reply that is kept in this file.
    fn elsewhere(seq: i64, stem: &str, file: &Path, reply: &[u8]) -> Vec<u8> {
        let note = Note {
            event: Event::Replied(RepliedRecord {
                made: 1,
                request_id: Some(format!("r-{seq}")),
                unmade: None,
            }),
            seq,
            stem: stem.to_owned(),
            elsewhere: Some(file.display().to_string()),
            sum: Some(hex(&Sha256::digest(reply))),
        };
        record(&note, b"").unwrap()
    }

    fn reserve(directory: &Path, all: &[Vec<u8>]) {
        let records = Records::reserve(directory, 1).unwrap();
        for record in all {
            records.add(record).unwrap();
        }
    }

    fn reply(directory: &Path, journal: &Journal, seq: i64) -> Vec<u8> {
        stored_replies::read(directory, journal.stored_reply(seq).unwrap()).unwrap()
    }

    #[test]
    fn what_was_taken_in_half_is_taken_in_whole_by_the_next_run() {
        let (directory, journal) = batch();
        let (out, other) = (directory.path(), tempfile::tempdir().unwrap());
        let files = [other.path().join("a.json"), other.path().join("b.json")];
        fs::write(&files[0], long(b'a')).unwrap();
        // What can't be read now, and can be later.
        fs::create_dir(&files[1]).unwrap();
        let notes = [
            elsewhere(1, "a", &files[0], &long(b'a')),
            elsewhere(2, "b", &files[1], &long(b'b')),
        ];
        reserve(out, &notes);
        for _ in 0..2 {
            let failed = take_in(out, &journal).unwrap_err();
            let shown = files[1].display();
            let start = format!("the reply that was kept in {shown} can't be read: ");
            assert!(failed.message.starts_with(&start), "{}", failed.message);
            assert_eq!(journal.state(1).unwrap(), Some(State::Replied));
            assert!(files[0].exists(), "nothing goes before all is taken in");
            assert_eq!(fs::read_dir(out.join("replies")).unwrap().count(), 1);
        }
        // Even without its original, the first is stored.
        fs::remove_file(&files[0]).unwrap();
        fs::remove_dir(&files[1]).unwrap();
        fs::write(&files[1], long(b'b')).unwrap();
        take_in(out, &journal).unwrap();
        for (seq, byte) in [(1, b'a'), (2, b'b')] {
            assert_eq!(journal.state(seq).unwrap(), Some(State::Replied));
            assert_eq!(reply(out, &journal, seq), long(byte));
        }
        assert!(!files[1].exists());
        assert!(!out.join(records::FILE).exists());
    }

    #[test]
    fn a_reply_that_is_gone_or_another_makes_its_job_unknown() {
        let (directory, journal) = batch();
        let (out, other) = (directory.path(), tempfile::tempdir().unwrap());
        let files = [other.path().join("a.json"), other.path().join("b.json")];
        fs::write(&files[1], b"of another batch").unwrap();
        let notes = [
            elsewhere(1, "a", &files[0], &long(b'a')),
            elsewhere(2, "b", &files[1], &long(b'b')),
        ];
        reserve(out, &notes);
        take_in(out, &journal).unwrap();
        for (seq, file) in [(1, &files[0]), (2, &files[1])] {
            assert_eq!(journal.state(seq).unwrap(), Some(State::Unknown));
            assert_eq!(reply(out, &journal, seq), b"");
            let job = journal.next(State::Unknown, seq - 1).unwrap().unwrap();
            assert_eq!(job.request_id, Some(format!("r-{seq}")), "{file:?}");
        }
        assert!(files[1].exists(), "it is another's");
    }

    #[test]
    fn a_note_of_another_version_is_set_aside_and_its_reply_kept() {
        let (directory, journal) = batch();
        let out = directory.path();
        let newer = json!({"seq": 1, "stem": "a", "sealed": true});
        let notes = [
            record(&newer, b"{\"reply\": 1}").unwrap(),
            b"no JSON at all".to_vec(),
        ];
        reserve(out, &notes);
        take_in(out, &journal).unwrap();
        assert_eq!(journal.state(1).unwrap(), Some(State::Unknown));
        assert_eq!(reply(out, &journal, 1), b"{\"reply\": 1}");
        // Nobody knows whose the other is: what is being sent stays so until it is unknown.
        assert_eq!(journal.state(2).unwrap(), Some(State::Submitting));
        for note in &notes {
            let name = format!("replies/note-{}.bin", hex(&Sha256::digest(note)));
            assert_eq!(fs::read(out.join(name)).unwrap(), *note);
        }
        assert!(!out.join(records::FILE).exists());
    }
}
