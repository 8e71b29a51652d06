//! The ledger of those who order pictures through this program: each order is on disk
//! before it is sent, and its answer before a byte of it leaves, so that an order that is
//! repeated is not submitted again, after a restart either.
//!
//! [`open`] makes or finds it, the thread of [`writer`] writes what is to be written at one
//! time in one commit, [`claim`] decides what an order that comes in is, [`conclude`] notes
//! what became of it, [`unfinished`] has what can be gone on with, and [`account`] holds callers
//! to their budgets.

pub mod account;
pub mod answer;
pub mod claim;
pub mod clock;
pub mod conclude;
pub mod matching;
pub mod open;
pub mod retention;
pub mod running;
#[cfg(test)]
mod tests;
pub mod unfinished;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;

use crate::ledger::running::Running;
use crate::ledger::writer::Writer;

/// The ledger of a directory.
pub struct Ledger {
    writer: Writer,
    running: Arc<Running>,
    path: PathBuf,
    /// What tells its file from another of the same name. The file itself is not opened once more:
    /// closing it would give up SQLite's lock.
    number: Option<(u64, u64)>,
}

/// The ledger can't be read or written.
#[derive(Debug)]
pub struct LedgerError(pub String);

impl Ledger {
    /// Runs `work` in a transaction; when this returns, it is on the disk.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let done = self.writer.run(work).await;
        done.map_err(|why| LedgerError(format!("{}: {why}", self.path.display())))
    }
}
