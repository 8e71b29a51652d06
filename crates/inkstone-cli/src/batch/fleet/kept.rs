//! Results that the journal could not be told of before the worker ended: kept in files, and
//! noted by the next worker of the same batch that has the same spool.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone_fleet::{Error, Event, Held, Worker};
use serde::Deserialize;
use serde_json::json;
use tr::tr;

use crate::batch::fleet::session::Session;
use crate::batch::reserve::note;
use crate::console;
use crate::error::CliError;
use crate::output::files;

/// How the names of the files begin; then come batch, job and claim.
const START: &str = "inkstone-kept-";

/// How long the id of a batch is, in hexadecimal digits.
const ID_LENGTH: usize = 32;

/// Keeps a result of a batch, with the reply if there is one. Returns the file.
pub fn keep(
    directory: &Path,
    (batch, held): (&str, Held),
    state: &str,
    event: &Event,
    reply: &[u8],
) -> io::Result<PathBuf> {
    let Held { seq, fence } = held;
    let kept = json!({"batch": batch, "seq": seq, "fence": fence, "state": state, "event": event});
    let kept = note::record(&kept, reply)?;
    let name = format!("{START}{batch}-{seq}-{fence}");
    files::write_new(directory, &name, "note", &kept)
}

/// A result that was kept.
#[derive(Deserialize)]
struct Kept {
    /// The batch that it is of; earlier versions did not tell.
    batch: Option<String>,
    seq: i64,
    fence: i64,
    state: String,
    event: Event,
}

/// What is in a directory.
#[derive(Default)]
struct Found {
    /// Files that may have results of this batch, in the order of their names.
    files: Vec<PathBuf>,
    /// How many others have results of other batches.
    others: usize,
}

/// The results in a directory, by the names of their files.
fn find(directory: &Path, batch: &str) -> io::Result<Found> {
    let mut found = Found::default();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Some(rest) = name.strip_prefix(START) else {
            continue;
        };
        match named_batch(rest) {
            Some(other) if other != batch => found.others += 1,
            _ => found.files.push(entry.path()),
        }
    }
    found.files.sort();
    Ok(found)
}

/// The batch in the rest of a name, unless an earlier version gave it.
fn named_batch(rest: &str) -> Option<&str> {
    let (batch, _) = rest.split_once('-')?;
    let is_id = batch.len() == ID_LENGTH && batch.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then_some(batch)
}

/// Tells the journal of what earlier workers of this batch kept in a directory. What is of other
/// batches stays: their jobs have the same numbers.
pub async fn take_in(
    session: &Session,
    (worker, batch): (&Worker, &str),
    directory: &Path,
) -> Result<(), CliError> {
    let found = find(directory, batch);
    let Found { files, mut others } = found.map_err(|error| unreadable(directory, &error))?;
    for path in files {
        let text = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        let Ok((kept, reply)) = note::parse::<Kept>(&text) else {
            let path = path.display();
            console::warning(&tr!("{path} is not a result that was kept", path));
            continue;
        };
        match kept.batch.as_deref() {
            Some(own) if own == batch => {}
            Some(_) => {
                others += 1;
                continue;
            }
            None => {
                tell_of_unnamed(&path, batch);
                continue;
            }
        }
        let noted = note(session, worker, &kept, reply).await;
        noted.map_err(|error| CliError::from(error).details(vec![path.display().to_string()]))?;
        // One that stays behind is noted again, which changes nothing.
        let _ = fs::remove_file(&path);
    }
    if others > 0 {
        console::progress(&tr!(
            "{n} result in {directory} is of another batch: have a worker of its own take it in"
                | "{n} results in {directory} are of other batches: have workers of theirs take \
                   them in"
                    % others,
            directory = directory.display()
        ));
    }
    // The worker that kept it has ended: the jobs are anybody's.
    let sweeping = async || session.sweep(Some(&worker.name)).await;
    session.insist(sweeping).await?;
    Ok(())
}

/// Notes a result, however long that takes.
async fn note(session: &Session, worker: &Worker, kept: &Kept, reply: &[u8]) -> Result<(), Error> {
    let held = Held {
        seq: kept.seq,
        fence: kept.fence,
    };
    let reply = (!reply.is_empty()).then_some(reply);
    let noting = async || {
        session
            .note(worker, held, &kept.state, &kept.event, reply)
            .await
    };
    session.insist(noting).await.map(drop)
}

/// Only somebody who knows of which batch a result is can say so: what is noted for the wrong one
/// is lost to its own, and another job has its pictures.
fn tell_of_unnamed(path: &Path, batch: &str) {
    console::warning(&tr!(
        "{path} does not say which batch it is of, and is left alone: if it is of this one, write \
         {member} behind its first brace",
        path = path.display(),
        member = format!("\"batch\":\"{batch}\",")
    ));
}

/// Without what may be in there, a job might be sent that was paid for.
fn unreadable(path: &Path, error: &dyn Display) -> CliError {
    CliError::unsaved(tr!(
        "what was kept in {path} can't be read: {error}",
        path = path.display(),
        error
    ))
    .hint(tr!(
        "nothing is lost or sent: let it be read, then start the worker again"
    ))
}

#[cfg(test)]
mod tests {
    use inkstone_fleet::{Event, Held};

    use super::{Kept, find, keep};
    use crate::batch::reserve::note;

    const BATCH: &str = "a123456789a123456789a123456789aa";

    #[test]
    fn what_is_kept_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let held = Held { seq: 7, fence: 2 };
        let event = Event {
            made: Some(1),
            request_id: Some("r\n".to_owned()),
            ..Event::default()
        };
        let file = keep(directory.path(), (BATCH, held), "replied", &event, b"{\n}");
        let file = file.unwrap();
        let text = std::fs::read(&file).unwrap();
        let (read, reply) = note::parse::<Kept>(&text).unwrap();
        let kept = Held {
            seq: read.seq,
            fence: read.fence,
        };
        assert_eq!(
            (kept, read.state.as_str(), reply),
            (held, "replied", &b"{\n}"[..])
        );
        assert_eq!(
            (read.event.made, read.event.request_id.as_deref()),
            (Some(1), Some("r\n"))
        );
        assert_eq!(read.batch.as_deref(), Some(BATCH));
        assert!(note::parse::<Kept>(b"{}").is_err());
        // Another batch has a job of the same number.
        let other = BATCH.replace('a', "b");
        keep(directory.path(), (&other, held), "replied", &event, b"").unwrap();
        std::fs::write(directory.path().join("inkstone-kept-7-2.note"), "").unwrap();
        let found = find(directory.path(), BATCH).unwrap();
        let old = directory.path().join("inkstone-kept-7-2.note");
        assert_eq!((found.files, found.others), (vec![old, file], 1));
        assert!(find(&directory.path().join("none"), BATCH).is_err());
    }
}
