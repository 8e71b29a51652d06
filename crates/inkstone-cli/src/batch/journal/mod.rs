//! The journal: what a batch has done, on disk before it goes on.
//!
//! It is an SQLite database, locked as long as a process is at work with it and
//! written with `synchronous=FULL`: a commit is on the disk when it returns, so
//! that not even a power failure makes a request forgotten that was sent. That
//! costs milliseconds where a picture costs seconds, and money.
//!
//! [`intake`] fills it from the jobs file, [`course`] says what becomes of the
//! jobs, [`pictures`] which file is whose, and [`tally`] adds it all up.

pub mod course;
pub mod intake;
pub mod pictures;
pub mod tally;

use std::path::Path;

use rusqlite::{Connection, Error, ErrorCode};

use crate::exit::{Code, Failure};

/// Its name in the directory of a batch.
pub const FILE: &str = "journal.sqlite3";

/// The version of the tables, as `schema.sql` sets it.
const VERSION: i64 = 2;

/// Makes the tables of version 1, which knew of no tasks, those of today.
const FROM_1: &str = "BEGIN;
    ALTER TABLE jobs ADD COLUMN task_id TEXT;
    ALTER TABLE jobs ADD COLUMN unmade TEXT;
    PRAGMA user_version = 2;
    COMMIT";

/// Removes the journal of a batch that never began: it leaves nothing behind.
pub fn remove(directory: &Path) {
    // Beside the database SQLite has up to two files more.
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(directory.join(format!("{FILE}{ending}")));
    }
}

/// The journal of a batch.
pub struct Journal {
    sql: Connection,
}

impl Journal {
    /// Opens or makes the journal in `directory`, and locks it.
    pub fn open(directory: &Path) -> Result<Self, Failure> {
        let path = directory.join(FILE);
        let opened = Connection::open(&path).and_then(|sql| {
            sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            sql.pragma_update(None, "journal_mode", "WAL")?;
            sql.pragma_update(None, "synchronous", "FULL")?;
            // In this mode the first write takes the lock, and keeps it.
            sql.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            Ok(sql)
        });
        let sql = opened.map_err(|error| unopened(&path, &error))?;
        Self::with_tables(sql).map_err(|error| unopened(&path, &error))?
    }

    /// A journal that is gone when it is dropped. Large ones are on disk.
    pub fn temporary() -> Result<Self, Failure> {
        let sql = Connection::open("").map_err(broken)?;
        Self::with_tables(sql).map_err(broken)?
    }

    fn with_tables(sql: Connection) -> Result<Result<Self, Failure>, Error> {
        let version: i64 = sql.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            0 => sql.execute_batch(&format!("BEGIN; {}; COMMIT", include_str!("schema.sql")))?,
            1 => sql.execute_batch(FROM_1)?,
            VERSION => {}
            other => {
                return Ok(Err(Failure::usage(format!(
                    "the journal has form {other}, and this program knows form {VERSION}"
                ))
                .hint("go on with the version of inkstone that began the batch")));
            }
        }
        Ok(Ok(Self { sql }))
    }

    /// Whether nothing was ever sent.
    pub fn is_untouched(&self) -> Result<bool, Failure> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE time IS NOT NULL)";
        let mut statement = self.sql.prepare_cached(sql).map_err(broken)?;
        statement.query_row([], |row| row.get(0)).map_err(broken)
    }

    /// Forgets everything: only for a journal that is untouched.
    pub fn clear(&self) -> Result<(), Failure> {
        self.sql.execute_batch("DELETE FROM jobs").map_err(broken)
    }
}

fn unopened(path: &Path, error: &Error) -> Failure {
    let path = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::usage(format!(
            "another inkstone is at work in this directory: {path} is locked"
        ))
        .hint("wait until it is done, or stop it with ctrl-c"),
        Some(ErrorCode::NotADatabase) => Failure::usage(format!("{path} is no journal"))
            .hint("give another directory with --out"),
        _ => Failure::usage(format!("the journal {path} can't be used: {error}")),
    }
}

/// The journal can't be read or written.
fn broken(error: Error) -> Failure {
    Failure::new(
        Code::OutcomeUnknown,
        format!("the journal can't be read or written: {error}"),
    )
    .hint("make room on the disk, then go on with --resume: nothing that is in the journal is sent twice")
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{FILE, Journal};

    /// Of version 1 are the tables without those columns.
    #[test]
    fn a_journal_that_knew_of_no_tasks_is_gone_on_with() {
        let directory = tempfile::tempdir().unwrap();
        let sql = Connection::open(directory.path().join(FILE)).unwrap();
        sql.execute_batch(include_str!("schema.sql")).unwrap();
        let before = "ALTER TABLE jobs DROP COLUMN task_id;
            ALTER TABLE jobs DROP COLUMN unmade;
            PRAGMA user_version = 1;";
        sql.execute_batch(before).unwrap();
        drop(sql);
        for _ in 0..2 {
            let journal = Journal::open(directory.path()).unwrap();
            assert_eq!(journal.done_in_part().unwrap(), 0);
        }
    }
}
