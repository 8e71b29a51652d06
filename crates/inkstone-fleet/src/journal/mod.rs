//! The journal: every step of a batch, committed before the next step, for all workers.
//!
//! Each method is one statement, so that it works through a pooler and can be asked again
//! when no answer came. The rules are functions of the database: see `migrations/`.

pub mod claim;
pub mod control;
pub mod export;
pub mod intake;
pub mod note;
mod parameter;
pub mod tasks;

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use apifox_client::innermost_cause;
use deadpool_postgres::{Object, Pool};
use futures_util::future::{Either, select};
use refinery_core::{Migration, Runner};
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::Row;
use tokio_postgres::types::FromSqlOwned;
use tracing::Instrument as _;

use crate::connect::Settings;
use crate::error::Error;
use crate::journal::parameter::{Values, typed};

/// How long a statement may take before the connection counts as lost.
const STATEMENT: Duration = Duration::from_secs(60);

/// The same once the database is given up: a pooler before a server that is gone says nothing.
const LAST_STATEMENT: Duration = Duration::from_secs(2);

/// The pauses between two attempts: they double from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// The steps that make and upgrade the tables: their names, in order, and what they do.
const MIGRATIONS: [(&str, &str); 2] = [
    (
        "V1__journal",
        include_str!("../../migrations/V1__journal.sql"),
    ),
    ("V2__tasks", include_str!("../../migrations/V2__tasks.sql")),
];

/// A journal that many workers share.
pub struct Journal {
    pool: Pool,
    /// Whether nothing is asked again any more.
    given_up: watch::Sender<bool>,
    statements: AtomicU64,
    microseconds: AtomicU64,
}

/// What the database has cost a worker.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseTime {
    /// How many statements were answered.
    pub statements: u64,
    /// How long they took, from asking to the answer.
    pub total: Duration,
}

impl Journal {
    /// A journal, which connects when it is first asked.
    ///
    /// # Errors
    ///
    /// If the URL is not one of PostgreSQL, or TLS can't be used.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            pool: settings.pool()?,
            given_up: watch::Sender::new(false),
            statements: AtomicU64::new(0),
            microseconds: AtomicU64::new(0),
        })
    }

    /// Makes or upgrades the tables.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn migrate(&self) -> Result<(), Error> {
        let steps = MIGRATIONS.iter();
        let steps = steps.map(|(name, sql)| Migration::unapplied(name, sql));
        let steps: Vec<_> = steps
            .collect::<Result<_, _>>()
            .map_err(|error| Error::Refused(error.to_string()))?;
        let mut client = self.pool.get().await?;
        let done = Runner::new(&steps).run_async(&mut **client).await;
        done.map(drop).map_err(|error| {
            // Another worker may be making the same tables at the same time.
            let why = innermost_cause(&error);
            Error::Refused(format!("the tables can't be made: {why}"))
        })
    }

    /// Makes sure that what the server says is committed is on its disk.
    ///
    /// # Errors
    ///
    /// If it is not, or the tables are those of another version.
    pub async fn check(&self) -> Result<(), Error> {
        let sql = "SELECT current_setting('fsync'), current_setting('full_page_writes'),
            current_setting('synchronous_commit')";
        let row = self.row(sql, &[]).await?;
        let fsync: String = row.try_get(0)?;
        let pages: String = row.try_get(1)?;
        let commit: String = row.try_get(2)?;
        for (name, value) in [("fsync", fsync), ("full_page_writes", pages)] {
            if value != "on" {
                return Err(Error::Refused(format!(
                    "the server has {name} = {value}: what it says is committed may be lost, \
                     and sent twice; set it to on"
                )));
            }
        }
        // Each function sets synchronous_commit for its own transaction: a pooler keeps no
        // setting of a session.
        if !["on", "remote_apply"].contains(&commit.as_str()) {
            tracing::info!(
                synchronous_commit = commit,
                "is overruled in each transaction"
            );
        }
        let known = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
        let refused = match self.version().await? {
            0 => {
                "the database has no batch: begin one with inkstone batch JOBS --journal … --out …"
            }
            version if version < known => {
                "the tables are those of an earlier version: inkstone batch JOBS --resume of this \
                 version upgrades them"
            }
            version if version > known => {
                "the tables are those of a later version: have this machine use the version of \
                 inkstone that made them"
            }
            _ => return Ok(()),
        };
        Err(Error::Refused(refused.to_owned()))
    }

    /// Which version the tables have; 0 where there are none.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn version(&self) -> Result<i32, Error> {
        let sql = "SELECT to_regclass('refinery_schema_history') IS NOT NULL
            AND to_regclass('batch') IS NOT NULL";
        if !self.value::<bool>(sql, &[]).await? {
            return Ok(0);
        }
        let sql = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
        self.value(sql, &[]).await
    }

    /// Does `work`, again and again while the database can't be reached: a failover is waited
    /// out. Only for what may be asked again.
    ///
    /// # Errors
    ///
    /// If the database refuses, or after [`give_up`](Self::give_up).
    pub async fn insist<T>(&self, work: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
        let mut pause = FIRST_PAUSE;
        loop {
            match work().await {
                Err(error) if error.is_transient() && !self.is_given_up() => {
                    tracing::warn!(%error, "the journal can't be reached; asking again");
                }
                done => return done,
            }
            sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// From now on nothing is asked again, and no answer waited for longer than 2 s.
    pub fn give_up(&self) {
        self.given_up.send_replace(true);
    }

    fn is_given_up(&self) -> bool {
        *self.given_up.borrow()
    }

    /// What the database has cost so far.
    pub fn database_time(&self) -> DatabaseTime {
        DatabaseTime {
            statements: self.statements.load(Ordering::Relaxed),
            total: Duration::from_micros(self.microseconds.load(Ordering::Relaxed)),
        }
    }

    /// What the database answers, unless that takes too long.
    async fn answered<T>(&self, asking: impl Future<Output = T>) -> Result<T, Error> {
        let began = Instant::now();
        let mut given_up = self.given_up.subscribe();
        let at_last = async {
            // It fails once the journal is no more, when nobody asks it.
            let _ = given_up.wait_for(|it| *it).await;
            sleep(LAST_STATEMENT).await;
        };
        let (asked, at_last) = (pin!(timeout(STATEMENT, asking)), pin!(at_last));
        if let Either::Left((Ok(answer), _)) = select(asked, at_last).await {
            return Ok(answer);
        }
        let seconds = began.elapsed().as_secs();
        let text = format!("the database did not answer within {seconds} s");
        Err(Error::Unavailable(text))
    }

    async fn rows(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Error> {
        let client = self.answered(self.pool.get()).await??;
        let began = Instant::now();
        let span = tracing::info_span!(
            target: "inkstone::fleet", "journal", statement = kind(sql)
        );
        let values = typed(values);
        let asking = client.query_typed(sql, &values).instrument(span);
        let answered = self.answered(asking).await;
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(took, Ordering::Relaxed);
        let answered = answered.and_then(|answer| answer.map_err(Error::from));
        if answered.as_ref().is_err_and(Error::is_transient) {
            // Whatever state the connection is in, nobody else gets it.
            drop(Object::take(client));
        }
        answered
    }

    async fn row(&self, sql: &str, values: Values<'_>) -> Result<Row, Error> {
        let rows = self.rows(sql, values).await?;
        rows.into_iter()
            .next()
            .ok_or_else(|| Error::Refused("the database has no batch".to_owned()))
    }

    /// The only value of a statement.
    async fn value<T: FromSqlOwned>(&self, sql: &str, values: Values<'_>) -> Result<T, Error> {
        Ok(self.row(sql, values).await?.try_get(0)?)
    }
}

/// The first value of each row.
fn column<T: FromSqlOwned, C: FromIterator<T>>(rows: &[Row]) -> Result<C, Error> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// A job as the journal writes it.
fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::Refused(format!("a job of the journal can't be read: {error}")))
}

/// What a statement is called in traces: its first words.
fn kind(sql: &str) -> &str {
    let end = sql.find(['(', '$', '\n']).unwrap_or(sql.len());
    sql[..end].trim()
}
