//! Looks again into replies that were kept because no picture was known to be in them.

use std::io::ErrorKind;
use std::path::Path;

use inkstone::Image;

use crate::batch::execution::backend::unreadable_reply;
use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
use crate::batch::state::State;
use crate::error::CliError;

/// Has the pictures fetched that are in kept replies after all: to send such a job again
/// would be to pay twice. With `is_retry` it would be, so that every reply has to be read.
pub fn look_again(journal: &Journal, out: &Path, is_retry: bool) -> Result<(), CliError> {
    let mut after = 0;
    while let Some(job) = journal.next(State::Unknown, after)? {
        after = job.seq;
        let stored = journal.stored_reply(job.seq)?;
        let reply = match stored_replies::read(out, stored) {
            Ok(reply) => reply,
            Err(error) if is_retry && error.kind() != ErrorKind::NotFound => {
                return Err(unreadable_reply(&job, error));
            }
            // Without the reply, nothing is known.
            Err(_) => continue,
        };
        let images = match journal.status(job.seq)? {
            Some(status) => Image::find_in_reply(status, &reply),
            None => Image::find(&reply),
        };
        if !images.is_empty() {
            let made = job.made(images.len());
            journal.found_pictures(job.seq, made).commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use serde_json::json;

    use super::look_again;
    use crate::batch::journal::{FILE, Journal};

    /// Whoever answers says how many pictures there are; what counts is how many are fetched.
    #[test]
    fn a_reply_with_too_many_pictures_counts_as_what_is_saved() {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(directory.path(), false).unwrap());
        let path = directory.path().join(FILE);
        for (seq, came, made) in [(1, 40, 5), (2, 3, 3), (3, 0, 0)] {
            let url = |number| json!({"url": format!("https://example.com/{number}.png")});
            let data: Vec<_> = (0..came).map(url).collect();
            let sql = Connection::open(&path).unwrap();
            let insert = "INSERT INTO jobs (seq, id, stem, line, offset, length, hash, api,
                    document, model, request, worst, state, reply)
                VALUES (?1, ?1, ?1, 1, 0, 0, '', '', '', '', '{}', 1, 'unknown', ?2)";
            let reply = json!({"data": data}).to_string();
            sql.execute(insert, (seq, reply)).unwrap();
            drop(sql);
            let journal = Journal::open(directory.path(), false).unwrap();
            look_again(&journal, directory.path(), true).unwrap();
            drop(journal);
            let sql = Connection::open(&path).unwrap();
            let query = "SELECT made, state FROM jobs WHERE seq = ?";
            let row: (i64, String) = sql.query_row(query, [seq], |row| row.try_into()).unwrap();
            let state = if came > 0 { "replied" } else { "unknown" };
            assert_eq!(row, (made, state.to_owned()), "{came} came");
        }
    }

    #[test]
    fn a_url_beside_a_failure_is_still_no_picture() {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(directory.path(), false).unwrap());
        let path = directory.path().join(FILE);
        let sql = Connection::open(&path).unwrap();
        let reply = json!({"message": "internal", "url": "https://example.com/plans"}).to_string();
        let insert = "INSERT INTO jobs (seq, id, stem, line, offset, length, hash, api,
                document, model, request, worst, state, status, reply)
            VALUES (?1, ?1, ?1, 1, 0, 0, '', '', '', '', '{}', 1, 'unknown', ?2, ?3)";
        sql.execute(insert, (1, 500, &reply)).unwrap();
        sql.execute(insert, (2, 200, &reply)).unwrap();
        drop(sql);
        let journal = Journal::open(directory.path(), false).unwrap();
        look_again(&journal, directory.path(), true).unwrap();
        drop(journal);
        let sql = Connection::open(&path).unwrap();
        for (seq, expected) in [(1, "unknown"), (2, "replied")] {
            let query = "SELECT state FROM jobs WHERE seq = ?";
            let state: String = sql.query_row(query, [seq], |row| row.get(0)).unwrap();
            assert_eq!(state, expected);
        }
    }

    /// It may have the pictures that would be paid for again.
    #[cfg(unix)]
    #[test]
    fn what_can_not_be_read_is_not_sent_again() {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(directory.path(), false).unwrap());
        let sql = Connection::open(directory.path().join(FILE)).unwrap();
        let insert = "INSERT INTO jobs (seq, id, stem, line, offset, length, hash, api,
                document, model, request, worst, state, reply_file)
            VALUES (1, 'a', 'a', 1, 0, 0, '', '', '', '', '{}', 1, 'unknown', 'a.json')";
        sql.execute(insert, ()).unwrap();
        drop(sql);
        let journal = Journal::open(directory.path(), false).unwrap();
        let look = |is_retry| look_again(&journal, directory.path(), is_retry);
        look(true).unwrap();
        // As where the disk fails.
        let file = directory.path().join("a.json");
        std::os::unix::fs::symlink(&file, &file).unwrap();
        look(false).unwrap();
        let failed = look(true).unwrap_err().message;
        let said = "the reply to \"a\" can't be read again: ";
        assert!(failed.starts_with(said), "{failed}");
    }
}
