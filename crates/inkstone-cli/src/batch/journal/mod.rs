//! The journal: every step of a batch, on disk before the next step.
//!
//! It is an SQLite database, locked while a process uses it. With `synchronous=FULL` a
//! commit is on the disk when it returns, so that even after a power failure no request
//! is sent twice. A commit takes milliseconds, a picture seconds and money.
//!
//! [`intake`] fills it from the jobs file, [`transitions`] has the state of each job,
//! [`pictures`] the files, and [`totals`] the sums.

pub mod intake;
pub mod pictures;
pub mod totals;
pub mod transitions;

use std::path::Path;

use rusqlite::{Connection, Error, ErrorCode};

use crate::error::{CliError, Code};

/// Its name in the directory of a batch.
pub const FILE: &str = "journal.sqlite3";

/// The version of the tables, as `schema.sql` sets it.
const VERSION: i64 = 2;

/// Upgrades the tables of version 1, which had no tasks.
const UPGRADE_FROM_1: &str = "BEGIN;
    ALTER TABLE jobs ADD COLUMN task_id TEXT;
    ALTER TABLE jobs ADD COLUMN unmade TEXT;
    PRAGMA user_version = 2;
    COMMIT";

/// Removes the journal of a batch that never began.
pub fn remove(directory: &Path) {
    // SQLite may have two more files beside the database.
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
    pub fn open(directory: &Path) -> Result<Self, CliError> {
        let path = directory.join(FILE);
        let opened = Connection::open(&path).and_then(|sql| {
            sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            sql.pragma_update(None, "journal_mode", "WAL")?;
            sql.pragma_update(None, "synchronous", "FULL")?;
            // In exclusive mode the first write takes the lock and keeps it.
            sql.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            Ok(sql)
        });
        let sql = opened.map_err(|error| unopened(&path, &error))?;
        Self::with_tables(sql).map_err(|error| unopened(&path, &error))?
    }

    /// A journal that is removed when it is dropped.
    pub fn temporary() -> Result<Self, CliError> {
        let sql = Connection::open("").map_err(broken)?;
        Self::with_tables(sql).map_err(broken)?
    }

    fn with_tables(sql: Connection) -> Result<Result<Self, CliError>, Error> {
        let version: i64 = sql.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            0 => sql.execute_batch(&format!("BEGIN; {}; COMMIT", include_str!("schema.sql")))?,
            1 => sql.execute_batch(UPGRADE_FROM_1)?,
            VERSION => {}
            other => {
                return Ok(Err(CliError::usage(format!(
                    "the journal has version {other}, but this program needs version {VERSION}"
                ))
                .hint("continue with the version of inkstone that began the batch")));
            }
        }
        Ok(Ok(Self { sql }))
    }

    /// Whether nothing was ever sent.
    pub fn is_untouched(&self) -> Result<bool, CliError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE time IS NOT NULL)";
        let mut statement = self.sql.prepare_cached(sql).map_err(broken)?;
        statement.query_row([], |row| row.get(0)).map_err(broken)
    }

    /// Deletes all jobs, of which none was ever sent.
    pub fn clear(&self) -> Result<(), CliError> {
        self.sql.execute_batch("DELETE FROM jobs").map_err(broken)
    }
}

fn unopened(path: &Path, error: &Error) -> CliError {
    let path = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CliError::usage(format!(
            "another inkstone is using this directory: {path} is locked"
        ))
        .hint("wait until it is done, or stop it with ctrl-c"),
        Some(ErrorCode::NotADatabase) => CliError::usage(format!("{path} is not a journal"))
            .hint("give another directory with --out"),
        _ => CliError::usage(format!("the journal {path} can't be used: {error}")),
    }
}

/// The error of a journal that can't be read or written.
fn broken(error: Error) -> CliError {
    CliError::new(
        Code::OutcomeUnknown,
        format!("the journal can't be read or written: {error}"),
    )
    .hint("make room on the disk, then continue with --resume: no job in the journal is sent twice")
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{FILE, Journal};

    /// Version 1 had no columns for tasks.
    #[test]
    fn a_journal_of_version_1_is_upgraded() {
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
