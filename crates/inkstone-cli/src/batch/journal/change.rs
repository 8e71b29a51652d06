//! Changes, and when they are on the disk. Those of jobs that run at the same time are one
//! transaction: it is committed once for all that came before, and fails for all of them.

use rusqlite::{Error, ToSql};

use crate::batch::journal::{Journal, broken};
use crate::error::CliError;

/// A change that is made, and not on the disk yet.
#[must_use = "it is on the disk once it is committed"]
pub struct Change<'a>(&'a Journal);

impl Change<'_> {
    /// Waits until it is on the disk, with those of other jobs.
    pub async fn committed(self) -> Result<(), CliError> {
        let commit = async || self.0.commit();
        self.0.group.commits.join(commit).await.map_err(broken)
    }

    /// Commits it at once.
    pub fn commit(self) -> Result<(), CliError> {
        let committed = self.0.commit();
        if let Err(failure) = &committed
            && self.0.group.commits.is_awaited()
        {
            // It failed for the others as well.
            self.0.group.failure.replace(Some(failure.clone()));
        }
        committed.map_err(broken)
    }

    /// Has it committed with the next change, whosever that is: one that may be lost.
    pub fn commit_with_next(self) {}
}

impl Journal {
    /// Makes a change.
    pub(super) fn change(&self, sql: &str, values: &[(&str, &dyn ToSql)]) -> Change<'_> {
        let group = &self.group;
        let make = || {
            if self.sql.is_autocommit() {
                self.sql.execute_batch("BEGIN")?;
            }
            self.sql.prepare_cached(sql)?.execute(values)
        };
        // SQLite may have rolled back what came before.
        if group.failure.borrow().is_none()
            && let Err(error) = make()
        {
            group.failure.replace(Some(error.to_string()));
        }
        group.changes.set(group.changes.get() + 1);
        Change(self)
    }

    /// Commits all changes that were made.
    fn commit(&self) -> Result<(), String> {
        let changes = self.group.changes.take();
        let committed = match self.group.failure.take() {
            Some(failure) => Err(failure),
            None if changes == 0 => Ok(()),
            None => self
                .count_and_commit(changes)
                .map_err(|error| error.to_string()),
        };
        if committed.is_err() && !self.sql.is_autocommit() {
            // What can't be rolled back now is when the journal is opened again.
            let _ = self.sql.execute_batch("ROLLBACK");
        }
        committed
    }

    /// Counts the changes of the transaction, which are noted once it is committed.
    fn count_and_commit(&self, changes: u64) -> Result<(), Error> {
        let sql = "UPDATE batch SET changes = changes + ? RETURNING changes";
        let mut statement = self.sql.prepare_cached(sql)?;
        let changes = statement.query_row([changes], |row| row.get(0))?;
        self.sql.prepare_cached("COMMIT")?.execute([])?;
        if let Some(identity) = &self.identity {
            // Without it the journal is not known to lack a change, should it ever.
            let _ = identity.note(changes);
        }
        Ok(())
    }
}
