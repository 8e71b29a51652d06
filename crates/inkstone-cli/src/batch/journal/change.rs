//! Changes, and when they are on the disk. Those of jobs that run at the same time are one
//! transaction: it is committed once for all that came before, and fails for all of them. What
//! nobody waits for is made again in the next one then.

use rusqlite::{Error, ToSql};

use crate::batch::journal::unawaited::Unawaited;
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
}

impl Journal {
    /// Makes a change.
    pub(super) fn change(&self, sql: &str, values: &[(&str, &dyn ToSql)]) -> Change<'_> {
        self.make(|| self.sql.prepare_cached(sql)?.execute(values).map(drop));
        Change(self)
    }

    /// Makes a change that is committed with the next one, whosever that is; where that fails, with
    /// the one after it. It is lost if the program ends before.
    pub(super) fn change_with_next(&self, sql: &str, values: &[(&'static str, i64)]) {
        let change = Unawaited {
            sql: sql.to_owned(),
            values: values.to_vec(),
        };
        self.make(|| change.make(&self.sql));
        self.group.unawaited.borrow_mut().push(change);
    }

    /// Makes a change, in a transaction that begins with what came to nothing before.
    fn make(&self, change: impl FnOnce() -> Result<(), Error>) {
        let group = &self.group;
        // SQLite may have rolled back what came before.
        if group.failure.borrow().is_none()
            && let Err(error) = self.begin_again().and_then(|()| change())
        {
            group.failure.replace(Some(error.to_string()));
        }
        group.changes.set(group.changes.get() + 1);
    }

    /// Begins a transaction, where there is none.
    fn begin_again(&self) -> Result<(), Error> {
        if !self.sql.is_autocommit() {
            return Ok(());
        }
        self.sql.execute_batch("BEGIN")?;
        let unawaited = self.group.unawaited.borrow();
        let mut changes = unawaited.iter();
        changes.try_for_each(|change| change.make(&self.sql))
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
        if committed.is_ok() {
            self.group.unawaited.borrow_mut().clear();
        } else if !self.sql.is_autocommit() {
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

#[cfg(test)]
mod tests {
    use super::Journal;
    use crate::batch::journal::transitions::{Event, FailureRecord, StoredReply};
    use crate::batch::state::State;

    /// A journal with two jobs, and a picture of the first that has its name. It takes no request
    /// that is sent at one of these times: as where the disk is full at a statement, or at a
    /// commit.
    fn journal() -> Journal {
        let journal = Journal::temporary().unwrap();
        let begun = "INSERT INTO jobs (id, stem, line, offset, length, hash, api, document, model,
                request, worst, state)
            VALUES ('a', 'a', 1, 0, 0, '', '', '', '', '{}', 1, 'replied'),
                ('b', 'b', 2, 0, 0, '', '', '', '', '{}', 1, 'unknown');
            PRAGMA foreign_keys = ON;
            CREATE TABLE strict (job REFERENCES jobs (seq) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER in_statement BEFORE UPDATE ON jobs WHEN new.time = 'in statement'
                BEGIN SELECT raise(ROLLBACK, 'full'); END;
            CREATE TRIGGER at_commit BEFORE UPDATE ON jobs WHEN new.time = 'at commit'
                BEGIN INSERT INTO strict VALUES (0); END";
        journal.sql.execute_batch(begun).unwrap();
        let named = journal.name(1, 0, "a.png").unwrap().unwrap();
        named.commit().unwrap();
        journal
    }

    fn is_saved(journal: &Journal) -> bool {
        journal.picture(1, 0).unwrap().unwrap().is_saved
    }

    /// As where a full disk has room again: what nobody waited for is in the next commit, however
    /// often one failed before.
    #[test]
    fn what_is_committed_with_the_next_change_is_not_lost_where_that_fails() {
        for fails in ["in statement", "at commit"] {
            let journal = journal();
            journal.saved(1, 0);
            journal.requeue_if_unknown(2);
            for _ in 0..2 {
                assert!(journal.submitting(2, fails).commit().is_err());
                assert!(!is_saved(&journal));
                assert_eq!(journal.state(2).unwrap(), Some(State::Unknown));
            }
            let message = "elsewhere".to_owned();
            let failure = FailureRecord {
                message,
                ..FailureRecord::default()
            };
            let state = State::Refused;
            let event = Event::Failed { state, failure };
            let noted = journal.became(1, &event, &StoredReply::default());
            noted.commit().unwrap();
            assert!(is_saved(&journal));
            assert_eq!(journal.state(2).unwrap(), Some(State::Queued));
            // It is made once.
            journal.keep_unknown().commit().unwrap();
            assert_eq!(journal.state(2).unwrap(), Some(State::Unknown));
        }
    }

    /// An earlier version could lose that a picture is saved.
    #[test]
    fn all_pictures_of_a_job_that_is_done_are_saved() {
        let journal = journal();
        journal.done(1, None).commit().unwrap();
        assert!(!is_saved(&journal));
        journal.saved_if_done().commit().unwrap();
        assert!(is_saved(&journal));
    }
}
