//! Results that the journal could not be told of before the worker ended: kept in files, and
//! noted by the next worker that has the same spool.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone_fleet::{Event, Held, Worker};
use serde_json::{Value, json};
use tr::tr;

use crate::batch::fleet::session::{Session, unusable};
use crate::console;
use crate::error::CliError;
use crate::output::files;

/// How the names of the files begin.
const START: &str = "inkstone-kept-";

/// Keeps a result, with the reply if there is one. Returns the file.
pub fn keep(
    directory: &Path,
    held: Held,
    state: &str,
    event: &Event,
    reply: &[u8],
) -> io::Result<PathBuf> {
    let mut kept = json!({
        "seq": held.seq,
        "fence": held.fence,
        "state": state,
        "event": event,
    })
    .to_string()
    .into_bytes();
    kept.push(b'\n');
    kept.extend_from_slice(reply);
    let name = format!("{START}{}-{}", held.seq, held.fence);
    files::write_new(directory, &name, "note", &kept)
}

/// Tells the journal of what earlier workers kept in a directory.
pub async fn take_in(session: &Session, worker: &Worker, directory: &Path) -> Result<(), CliError> {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(START) {
            continue;
        }
        let path = entry.path();
        let read = fs::read(&path).ok().and_then(|text| parse(&text));
        let Some((held, state, event, reply)) = read else {
            let path = path.display();
            console::warning(&tr!("{path} is not a result that was kept", path));
            continue;
        };
        let reply = (!reply.is_empty()).then_some(reply.as_slice());
        let noted = session.journal.note(worker, held, &state, &event, reply);
        noted.await.map_err(|error| unusable(&error))?;
        // One that stays behind is noted again, which changes nothing.
        let _ = fs::remove_file(&path);
    }
    // The worker that kept it has ended: the jobs are anybody's.
    let left = session.journal.sweep(Some(&worker.name)).await;
    left.map(drop).map_err(|error| unusable(&error))
}

fn parse(text: &[u8]) -> Option<(Held, String, Event, Vec<u8>)> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    let json: Value = serde_json::from_slice(&text[..end]).ok()?;
    let held = Held {
        seq: json["seq"].as_i64()?,
        fence: json["fence"].as_i64()?,
    };
    let state = json["state"].as_str()?.to_owned();
    let event = serde_json::from_value(json["event"].clone()).ok()?;
    Some((held, state, event, text[end + 1..].to_vec()))
}

#[cfg(test)]
mod tests {
    use inkstone_fleet::{Event, Held};

    use super::{keep, parse};

    #[test]
    fn what_is_kept_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let held = Held { seq: 7, fence: 2 };
        let event = Event {
            made: Some(1),
            request_id: Some("r\n".to_owned()),
            ..Event::default()
        };
        let file = keep(directory.path(), held, "replied", &event, b"{\n}").unwrap();
        let read = parse(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(
            (read.0, read.1.as_str(), read.3.as_slice()),
            (held, "replied", &b"{\n}"[..])
        );
        assert_eq!(
            (read.2.made, read.2.request_id.as_deref()),
            (Some(1), Some("r\n"))
        );
        assert!(parse(b"{}").is_none());
    }
}
