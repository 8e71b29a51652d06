//! The thread that writes the ledger. What waits to be written goes into one commit: each
//! waits for the disk, and hundreds of callers would otherwise wait one after the other.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

/// How many steps one commit holds at most.
const MOST: usize = 512;

/// What is done in a transaction, if there is one, and what is to be done once that is committed
/// or not.
type Step = Box<dyn FnOnce(Result<&Connection, String>) -> Done + Send>;
type Completion = Box<dyn FnOnce(Result<(), String>)>;

/// A step that is done.
struct Done {
    completion: Completion,
    /// Why it failed, if it did.
    failure: Option<String>,
}

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
        let step = move |sql: Result<&Connection, String>| -> Done {
            let within = |sql| within_savepoint(sql, work).map_err(|error| error.to_string());
            let worked = sql.and_then(within);
            let failure = worked.as_ref().err().cloned();
            let completion = Box::new(move |committed: Result<(), String>| {
                // Whoever asked may be gone.
                let _ = sender.send(committed.and(worked));
            });
            Done {
                completion,
                failure,
            }
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
    let mut begun = begin(sql);
    let mut completions = Vec::new();
    for step in batch {
        let done = step(begun.clone().map(|()| sql));
        completions.push(done.completion);
        // SQLite rolls back by itself where the disk is full or fails: nothing of what came
        // before is left, and what came next would be a transaction of its own.
        if begun.is_ok() && sql.is_autocommit() {
            let why = || "the transaction was rolled back".to_owned();
            begun = Err(done.failure.unwrap_or_else(why));
        }
    }
    let committed = begun.and_then(|()| {
        let committed = sql.execute_batch("COMMIT");
        committed.map_err(|error| error.to_string())
    });
    if committed.is_err() {
        roll_back(sql);
    }
    for completion in completions {
        completion(committed.clone());
    }
}

fn begin(sql: &Connection) -> Result<(), String> {
    // One that could not be rolled back before.
    roll_back(sql);
    let begun = sql.execute_batch("BEGIN IMMEDIATE");
    begun.map_err(|error| error.to_string())
}

/// Ends a transaction that is still open.
fn roll_back(sql: &Connection) {
    if !sql.is_autocommit() {
        // Where it can't be, the next one can't begin, and says so.
        let _ = sql.execute_batch("ROLLBACK");
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
        // Where all is rolled back already, the savepoint is gone too.
        if !sql.is_autocommit() {
            sql.execute_batch("ROLLBACK TO step; RELEASE step")?;
        }
        return worked;
    }
    sql.execute_batch("RELEASE step")?;
    worked
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use rusqlite::Connection;

    use super::{Completion, Done, Step, commit};

    /// A step that runs a statement, and tells what it and its commit came to.
    fn step(text: &'static str, told: &Sender<Result<(), String>>) -> Step {
        let told = told.clone();
        Box::new(move |sql| {
            let work = |sql| super::within_savepoint(sql, |sql| sql.execute_batch(text));
            let worked = sql.and_then(|sql| work(sql).map_err(|error| error.to_string()));
            let failure = worked.clone().err();
            let completion: Completion = Box::new(move |committed| {
                told.send(committed.and(worked)).unwrap();
            });
            Done {
                completion,
                failure,
            }
        })
    }

    const ADD: &str = "INSERT INTO t VALUES (1)";

    /// Runs these as one batch; returns what each was told, and how many rows there are.
    fn run(sql: &Connection, texts: &[&'static str]) -> (Vec<Result<(), String>>, i64) {
        let (sender, told) = channel();
        let batch = texts.iter().map(|text| step(text, &sender)).collect();
        commit(sql, batch);
        drop(sender);
        let rows = sql.query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        (told.iter().collect(), rows.unwrap())
    }

    fn database() -> Connection {
        let sql = Connection::open_in_memory().unwrap();
        sql.execute_batch("CREATE TABLE t (a)").unwrap();
        sql
    }

    #[test]
    fn a_step_that_fails_takes_no_other_with_it() {
        let (told, rows) = run(&database(), &[ADD, "INSERT INTO none VALUES (1)", ADD]);
        let failed: Vec<bool> = told.iter().map(Result::is_err).collect();
        assert_eq!((failed, rows), (vec![false, true, false], 2));
    }

    /// As SQLite does by itself where the disk is full.
    #[test]
    fn where_all_is_rolled_back_nothing_is_written_and_all_are_told_why() {
        let database = database();
        let roll_back = "INSERT OR ROLLBACK INTO u VALUES (1), (1)";
        database.execute_batch("CREATE TABLE u (a UNIQUE)").unwrap();
        let (told, rows) = run(&database, &[ADD, roll_back, ADD]);
        let why = "UNIQUE constraint failed: u.a";
        let is_told =
            |told: &Result<(), String>| told.as_ref().is_err_and(|told| told.contains(why));
        assert!(told.iter().all(is_told), "{told:?}");
        assert_eq!(rows, 0);
        // What comes next is not touched by it.
        assert_eq!(run(&database, &[ADD]).1, 1);
    }

    #[test]
    fn what_can_not_begin_is_told_why() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let own = Connection::open(&path).unwrap();
        own.execute_batch("CREATE TABLE t (a)").unwrap();
        own.busy_timeout(std::time::Duration::ZERO).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (told, rows) = run(&own, &[ADD, ADD]);
        assert_eq!(told, vec![Err("database is locked".to_owned()); 2]);
        assert_eq!(rows, 0);
    }
}
