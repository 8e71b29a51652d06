//! The thread that writes the ledger. What waits to be written goes into one commit: each
//! waits for the disk, and hundreds of callers would otherwise wait one after the other.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

/// How many steps one commit holds at most.
const MOST: usize = 512;

/// What is done in a transaction, and what is to be done once it is committed or not.
type Step = Box<dyn FnOnce(&Connection) -> Completion + Send>;
type Completion = Box<dyn FnOnce(Result<(), String>)>;

/// The thread, which ends when this is dropped.
pub struct Writer(Sender<Step>);

impl Writer {
    /// Starts the thread.
    pub fn start(sql: Connection) -> io::Result<Self> {
        let (sender, steps) = channel();
        let thread = thread::Builder::new().name("ledger".to_owned());
        thread.spawn(move || write(&sql, &steps))?;
        Ok(Self(sender))
    }

    /// Runs `work` in a transaction, and returns what it does once that is on the disk.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let (sender, done) = oneshot::channel();
        let step = move |sql: &Connection| -> Completion {
            let worked = within_savepoint(sql, work);
            Box::new(move |committed| {
                let result = committed.and_then(|()| worked.map_err(|error| error.to_string()));
                // Whoever asked may be gone.
                let _ = sender.send(result);
            })
        };
        let stopped = || "the thread that writes it has ended".to_owned();
        self.0.send(Box::new(step)).map_err(|_| stopped())?;
        done.await.unwrap_or_else(|_| Err(stopped()))
    }
}

fn write(sql: &Connection, steps: &Receiver<Step>) {
    while let Ok(first) = steps.recv() {
        let others = steps.try_iter().take(MOST - 1);
        let batch: Vec<Step> = std::iter::once(first).chain(others).collect();
        commit(sql, batch);
    }
}

fn commit(sql: &Connection, batch: Vec<Step>) {
    let begun = sql.execute_batch("BEGIN IMMEDIATE");
    let completions: Vec<Completion> = match begun {
        Ok(()) => batch.into_iter().map(|step| step(sql)).collect(),
        // Those who wait are told that the thread gave them up.
        Err(_) => return,
    };
    let committed = sql.execute_batch("COMMIT").map_err(|error| {
        // Where nothing is open any more, there is nothing to roll back.
        let _ = sql.execute_batch("ROLLBACK");
        error.to_string()
    });
    for completion in completions {
        completion(committed.clone());
    }
}

/// Runs `work` so that nothing of it stays if it fails.
fn within_savepoint<T>(
    sql: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    sql.execute_batch("SAVEPOINT step")?;
    let worked = work(sql);
    if worked.is_err() {
        sql.execute_batch("ROLLBACK TO step")?;
    }
    sql.execute_batch("RELEASE step")?;
    worked
}
