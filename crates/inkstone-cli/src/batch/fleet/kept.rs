//! Results that the journal could not be told of before the worker ended: kept in files, and
//! noted by the next worker that has the same spool.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone_fleet::{Event, Held, Worker};
use serde::Deserialize;
use serde_json::json;
use tr::tr;

use crate::batch::fleet::session::Session;
use crate::batch::reserve::note;
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
    let Held { seq, fence } = held;
    let kept = json!({"seq": seq, "fence": fence, "state": state, "event": event});
    let kept = note::record(&kept, reply)?;
    files::write_new(directory, &format!("{START}{seq}-{fence}"), "note", &kept)
}

/// A result that was kept.
#[derive(Deserialize)]
struct Kept {
    seq: i64,
    fence: i64,
    state: String,
    event: Event,
}

/// Tells the journal of what earlier workers kept in a directory.
pub async fn take_in(session: &Session, worker: &Worker, directory: &Path) -> Result<(), CliError> {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(START) {
            continue;
        }
        let path = entry.path();
        let text = fs::read(&path).unwrap_or_default();
        let Ok((kept, reply)) = note::parse::<Kept>(&text) else {
            let path = path.display();
            console::warning(&tr!("{path} is not a result that was kept", path));
            continue;
        };
        let (seq, fence) = (kept.seq, kept.fence);
        let reply = (!reply.is_empty()).then_some(reply);
        let held = Held { seq, fence };
        let noted = session.note(worker, held, &kept.state, &kept.event, reply);
        noted.await?;
        // One that stays behind is noted again, which changes nothing.
        let _ = fs::remove_file(&path);
    }
    // The worker that kept it has ended: the jobs are anybody's.
    session.sweep(Some(&worker.name)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use inkstone_fleet::{Event, Held};

    use super::{Kept, keep};
    use crate::batch::reserve::note;

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
        let text = std::fs::read(file).unwrap();
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
        assert!(note::parse::<Kept>(b"{}").is_err());
    }
}
