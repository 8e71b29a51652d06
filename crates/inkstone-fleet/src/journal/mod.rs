//! The journal: every step of a batch, committed before the next step, for all workers.
//!
//! Each step of a job is one statement, so that it works through a pooler and can be asked again
//! when no answer came. What only looks, or gives free what lapsed, may be several: nothing has to
//! be as it was at the first. Jobs are put in, and tables made, in transactions. The rules are
//! functions of the database: see `migrations/`.

pub mod claim;
pub mod control;
pub mod export;
pub mod intake;
pub mod note;
mod parameter;
mod tables;
pub mod tasks;

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool};
use futures_util::future::{Either, select};
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
