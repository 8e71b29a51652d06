//! Opens the ledger of a directory, and locks it.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Error, ErrorCode, params};
use tr::tr;

use crate::client::local_sandbox::mixed;
use crate::database::{all, connect, in_use, is_in_use};
use crate::error::CliError;
use crate::ledger::Ledger;
use crate::ledger::answer::{Answer, Failure, Picture};
use crate::ledger::clock::now;
use crate::ledger::running::Running;
use crate::ledger::unfinished::KeptReply;
use crate::ledger::writer::Writer;
use crate::output::files::number;

/// Its name in the directory.
const FILE: &str = "orders.sqlite3";

/// The version of the tables, as `schema.sql` sets it.
const VERSION: i64 = 4;

/// The orders that were being sent, and of which nothing is known.
const STRANDED: &str = "SELECT seq, stem FROM orders
    WHERE state = 'sending' AND task_id IS NULL AND reply IS NULL";

/// Upgrades the tables of version 1, which did not know of sandboxes.
const UPGRADE_FROM_1: &str = "BEGIN;
    CREATE TABLE ledger (sandbox INTEGER);
    INSERT INTO ledger VALUES (NULL);
    PRAGMA user_version = 2;
    COMMIT";

/// Upgrades the tables of version 2, which did not keep replies.
const UPGRADE_FROM_2: &str = "BEGIN;
    ALTER TABLE orders ADD COLUMN reply TEXT;
    ALTER TABLE orders ADD COLUMN stem TEXT;
    CREATE INDEX orders_by_task ON orders (task_id) WHERE task_id IS NOT NULL;
    PRAGMA user_version = 3;
    COMMIT";

/// Upgrades the tables of version 3, which noted neither when an order was answered nor what of it
/// stays. Orders of agents have always been known for good; of others a file beside each picture
/// tells.
const UPGRADE_FROM_3: &str = "BEGIN;
    ALTER TABLE orders ADD COLUMN answered INTEGER;
    ALTER TABLE orders ADD COLUMN retention TEXT;
    UPDATE orders SET answered = time WHERE state <> 'sending';
    UPDATE orders SET retention = 'order' WHERE caller = 'agent' AND key IS NOT NULL;
    CREATE INDEX orders_by_answer ON orders (answered) WHERE retention IS NOT 'order';
    PRAGMA user_version = 4;
    COMMIT";

impl Ledger {
    /// Opens or makes the ledger in `directory`, with `sandbox` for orders that a sandbox carries
    /// out. What was being sent when the program ended is unknown from now on, unless it is a
    /// task, for which one can wait, or something came of it: `find` looks for its files, by what
    /// their names begin with.
    pub fn open(
        directory: &Path,
        sandbox: bool,
        find: impl Fn(&str) -> Option<Left>,
    ) -> Result<Self, CliError> {
        let path = directory.join(FILE);
        let sql = connect(&path).map_err(|error| unopened(&path, &error))?;
        // What is committed goes into the file itself at once: whoever loses the log beside it, or
        // has a damaged one, would have every order sent again.
        let of_log = sql.pragma_update(None, "wal_autocheckpoint", 1);
        of_log.map_err(|error| unopened(&path, &error))?;
        let version = "PRAGMA user_version";
        let version = sql.query_row(version, [], |row| row.get(0));
        let run = |texts: &[&str]| {
            let done = texts.iter().try_for_each(|text| sql.execute_batch(text));
            done.map_err(|error| unopened(&path, &error))
        };
        let begin = format!("BEGIN; {}; COMMIT", include_str!("schema.sql"));
        match version.map_err(|error| unopened(&path, &error))? {
            0 => run(&[&begin])?,
            1 => run(&[UPGRADE_FROM_1, UPGRADE_FROM_2, UPGRADE_FROM_3])?,
            2 => run(&[UPGRADE_FROM_2, UPGRADE_FROM_3])?,
            3 => run(&[UPGRADE_FROM_3])?,
            VERSION => {}
            other => {
                let path = path.display();
                return Err(CliError::usage(tr!(
                    "{path} has version {other}, but this program needs version {needed}",
                    path,
                    other,
                    needed = VERSION
                ))
                .hint(tr!("continue with the version of inkstone that began it")));
            }
        }
        let is_kept = keeps_to(&sql, sandbox).map_err(|error| unopened(&path, &error))?;
        if !is_kept {
            return Err(mixed(!sandbox, &directory.display().to_string()));
        }
        mark_stranded(&sql, find).map_err(|error| unopened(&path, &error))?;
        let writer = Writer::start(sql);
        let writer = writer
            .map_err(|error| CliError::usage(tr!("a thread can't be started: {error}", error)))?;
        let number = path.metadata().ok().and_then(|found| number(&found));
        Ok(Self {
            writer,
            running: Arc::new(Running::default()),
            path,
            number,
        })
    }
}

/// Whether all orders were for a sandbox, or for APIs, as those that follow, as far as is known;
/// where there are none yet, it notes which.
fn keeps_to(sql: &Connection, sandbox: bool) -> Result<bool, Error> {
    let begin = "UPDATE ledger SET sandbox = ? WHERE NOT EXISTS (SELECT 1 FROM orders)
        AND NOT EXISTS (SELECT 1 FROM accounts)";
    sql.execute(begin, [sandbox])?;
    let noted = sql.query_row("SELECT sandbox FROM ledger", [], |row| row.get(0));
    noted.map(|noted: Option<bool>| noted.is_none_or(|noted| noted == sandbox))
}

/// What an order has left behind that was being sent when the program ended.
pub enum Left {
    /// Its reply, which could not be noted.
    Reply(KeptReply),
    /// The id of its task, which could not be noted.
    Task(String),
    /// Pictures.
    Pictures(Vec<String>),
}

fn mark_stranded(sql: &Connection, find: impl Fn(&str) -> Option<Left>) -> Result<(), Error> {
    let stranded: Vec<(i64, Option<String>)> =
        all(sql, STRANDED, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (seq, stem) in stranded {
        match stem.and_then(|stem| find(&stem)) {
            Some(Left::Reply(reply)) => {
                let reply = serde_json::to_string(&reply).unwrap_or_default();
                sql.execute(
                    "UPDATE orders SET reply = ? WHERE seq = ?",
                    params![reply, seq],
                )?;
            }
            Some(Left::Task(task_id)) => {
                sql.execute(
                    "UPDATE orders SET task_id = ? WHERE seq = ?",
                    params![task_id, seq],
                )?;
            }
            Some(Left::Pictures(names)) => {
                let answer = serde_json::to_string(&with_pictures(names)).unwrap_or_default();
                let text =
                    "UPDATE orders SET state = 'done', answer = ?, answered = ? WHERE seq = ?";
                sql.execute(text, params![answer, now(), seq])?;
            }
            None => {}
        }
    }
    let message = "the program ended while the request was being sent; it may have been billed";
    let answer = Answer::failed(Failure::unknown(message));
    let answer = serde_json::to_string(&answer).unwrap_or_default();
    let text = format!(
        "UPDATE orders SET state = 'unknown', answer = ?, answered = ?
        WHERE seq IN (SELECT seq FROM ({STRANDED}))"
    );
    sql.execute(&text, params![answer, now()])?;
    Ok(())
}

/// The answer of an order whose pictures were saved when the program ended, as far as they were.
fn with_pictures(names: Vec<String>) -> Answer {
    let why = "the program ended before it was noted whether there are more pictures";
    Answer {
        created: now(),
        pictures: names.into_iter().map(Picture::Saved).collect(),
        unmade: vec![why.to_owned()],
        ..Answer::default()
    }
}

fn unopened(path: &Path, error: &Error) -> CliError {
    if is_in_use(error) {
        let hint = tr!("stop it with ctrl-c, or give another directory with --out");
        return in_use(path).hint(hint);
    }
    let path = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => CliError::usage(tr!("{path} is not a ledger", path))
            .hint(tr!("give another directory with --out")),
        _ => CliError::usage(tr!("the ledger {path} can't be used: {error}", path, error)),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{FILE, Ledger};

    /// Version 1 did not know of sandboxes.
    #[tokio::test]
    async fn a_ledger_of_an_earlier_version_is_upgraded() {
        let directory = tempfile::tempdir().unwrap();
        let sql = Connection::open(directory.path().join(FILE)).unwrap();
        sql.execute_batch(include_str!("schema.sql")).unwrap();
        let before = "DROP TABLE ledger; PRAGMA user_version = 1;
            DROP INDEX orders_by_task; DROP INDEX orders_by_answer;
            ALTER TABLE orders DROP COLUMN reply; ALTER TABLE orders DROP COLUMN stem;
            ALTER TABLE orders DROP COLUMN answered; ALTER TABLE orders DROP COLUMN retention;
            INSERT INTO accounts VALUES ('', 'CNY', 1, 1, 0)";
        sql.execute_batch(before).unwrap();
        drop(sql);
        // It does not tell for whom its orders were.
        for sandbox in [true, false] {
            let opened = Ledger::open(directory.path(), sandbox, |_| None);
            assert!(opened.is_ok(), "{:?}", opened.err());
        }
    }
}
