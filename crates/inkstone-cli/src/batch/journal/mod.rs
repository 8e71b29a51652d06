//! The journal: every step of a batch, on disk before the next step.
//!
//! It is an SQLite database, locked while a process uses it. With `synchronous=FULL` a
//! commit is on the disk when it returns, so that even after a power failure no request
//! is sent twice. A commit takes milliseconds, a picture seconds and money; jobs that run at
//! the same time commit their [changes](change) together.
//!
//! [`open`] finds out whether it is the right one, and whole, by the [`identity`] of its
//! directory. [`intake`] fills it from the jobs file, [`transitions`] has the state of each
//! job, [`pictures`] the files, [`lost_tasks`] the jobs that may have a task it does not know, and
//! [`totals`] the sums. What a full disk keeps out of it goes to the reserve beside it.

pub mod change;
#[cfg(feature = "fleet")]
pub mod copied;
pub mod identity;
pub mod intake;
pub mod lost_tasks;
pub mod made_before;
pub mod open;
pub mod pictures;
pub mod totals;
pub mod transitions;
mod unawaited;
mod wal;

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::path::Path;

use rusqlite::Connection;

use tr::tr;

use crate::batch::journal::identity::Identity;
use crate::batch::journal::unawaited::Unawaited;
use crate::batch::together::Together;
use crate::database::{self, one};
use crate::error::{CliError, Code};

/// Its name in the directory of a batch.
pub const FILE: &str = "journal.sqlite3";

/// The journal of a batch.
pub struct Journal {
    sql: Connection,
    /// None for a journal that no directory has.
    identity: Option<Identity>,
    /// What is not committed yet.
    group: Group,
}

/// The changes that are made and not committed.
#[derive(Default)]
struct Group {
    /// How many changes.
    changes: Cell<u64>,
    /// Why it can't be committed: the disk may be full at any statement.
    failure: RefCell<Option<String>>,
    /// The changes that nobody waits for: they are made again if the commit fails.
    unawaited: RefCell<Vec<Unawaited>>,
    commits: Together<Result<(), String>>,
}

impl Journal {
    fn new(sql: Connection) -> Self {
        Self {
            sql,
            identity: None,
            group: Group::default(),
        }
    }

    /// Whether nothing was ever sent.
    pub fn is_untouched(&self) -> Result<bool, CliError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE time IS NOT NULL)";
        one(&self.sql, sql, [], |row| row.get(0)).map_err(broken)
    }

    /// Deletes all jobs, of which none was ever sent, and notes where those that follow go.
    pub fn begin(&self, sandbox: bool) -> Result<(), CliError> {
        let sql = "DELETE FROM jobs";
        self.sql.execute_batch(sql).map_err(broken)?;
        let sql = "UPDATE batch SET sandbox = ?";
        database::run(&self.sql, sql, [sandbox]).map_err(broken)
    }

    /// Whether a sandbox stands in for the APIs; a journal of before does not tell.
    pub fn is_rehearsal(&self) -> Result<Option<bool>, CliError> {
        let sql = "SELECT sandbox FROM batch";
        one(&self.sql, sql, [], |row| row.get(0)).map_err(broken)
    }

    /// Whether the directory of the batch is still there, and this journal in it.
    pub fn is_in(&self, directory: &Path) -> bool {
        self.has_directory(directory)
            && (self.identity.is_none() || directory.join(FILE).symlink_metadata().is_ok())
    }

    /// Whether the directory of the batch is still there.
    pub fn has_directory(&self, directory: &Path) -> bool {
        let identity = self.identity.as_ref();
        identity.is_none_or(|identity| identity.is_in(directory))
    }
}

/// The error of a journal that can't be read or written.
fn broken(error: impl Display) -> CliError {
    CliError::new(
        Code::OutcomeUnknown,
        tr!("the journal can't be read or written: {error}", error),
    )
    .hint(tr!(
        "make room on the disk, then continue with --resume: no job in the journal is sent twice"
    ))
}
