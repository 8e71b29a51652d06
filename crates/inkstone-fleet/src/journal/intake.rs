//! Puts jobs into the journal: all of them, or none.

use std::collections::HashSet;

use apifox_client::Limit;
use deadpool_postgres::Object;
use serde_json::{Value, json};
use tokio_postgres::Row;

use crate::error::Error;
use crate::journal::parameter::{Values, typed};
use crate::journal::{Journal, column};

/// How far ahead of its limit an account may run, as a part of the time between two requests:
/// so that waking up late does not cost a turn.
const AHEAD: f64 = 0.25;

/// A batch as it is begun or resumed.
#[derive(Debug)]
pub struct NewBatch {
    /// Where pictures go.
    pub out: String,
    /// Whether all pictures of requests are uploaded that can be.
    pub uploads: bool,
    /// Whether workers send to sandboxes of their own.
    pub sandbox: bool,
    /// The most pictures.
    pub max_images: Option<u64>,
    /// The most that they may cost, in millionths.
    pub max_cost: Option<i64>,
    /// Whether it has to have been begun already.
    pub is_resumed: bool,
}

/// A job to be put into the journal.
#[derive(Debug)]
pub struct NewJob {
    /// The columns of its row by name, as in the table.
    pub row: Value,
    /// The account that it is sent by.
    pub account: String,
    /// What that account may send.
    pub limit: Option<Limit>,
    /// The whole request.
    pub body: Vec<u8>,
}

/// What became of jobs that were put in.
#[derive(Debug, PartialEq, Eq)]
pub enum TakenIn {
    /// They are in the journal.
    All,
    /// There is a batch already, and it was not to be resumed.
    Begun,
    /// There is none to resume.
    NotBegun,
    /// Its pictures go elsewhere.
    OtherOut(String),
    /// It is sent to sandboxes and was not to be, or the other way round.
    OtherSandbox,
    /// The journal has other requests under these ids; nothing was put in.
    Changed(Vec<String>),
}

impl NewJob {
    fn text(&self, member: &str) -> &str {
        self.row[member].as_str().unwrap_or_default()
    }

    /// What the limit of its account counts it as.
    fn scope(&self) -> String {
        let (api, model) = (self.text("api"), self.text("model"));
        format!("{}/{api}/{model}", self.account)
    }

    fn limit(&self) -> Value {
        let every = self
            .limit
            .map(|limit| limit.period.as_secs_f64() / f64::from(limit.requests.max(1)));
        json!({
            "scope": self.scope(),
            "account": self.account,
            "api": self.row["api"],
            "model": self.row["model"],
            "every": every.map(|seconds| format!("{seconds} seconds")),
            "burst": format!("{} seconds", every.unwrap_or_default() * AHEAD),
            "concurrent": self.limit.and_then(|limit| limit.concurrent),
        })
    }
}

impl Journal {
    /// Begins or resumes a batch with the jobs that `next` returns, until there are none.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses; or an error of `next`. Then nothing has
    /// changed.
    pub async fn take_in<E: From<Error>>(
        &self,
        batch: &NewBatch,
        mut next: impl FnMut() -> Result<Vec<NewJob>, E>,
    ) -> Result<TakenIn, E> {
        // A connection of its own, which is closed where this ends early: that rolls back.
        let client = self.pool.get().await.map_err(Error::from)?;
        let client = Object::take(client);
        let intake = Intake { client };
        let begun = intake.client.batch_execute("BEGIN").await;
        begun.map_err(Error::from)?;
        if let Some(refused) = intake.begin(batch).await? {
            return Ok(refused);
        }
        let mut changed = Vec::new();
        loop {
            let jobs = next()?;
            if jobs.is_empty() {
                break;
            }
            changed.extend(intake.add(&jobs).await?);
        }
        if !changed.is_empty() {
            return Ok(TakenIn::Changed(changed));
        }
        intake.settle(batch).await?;
        let done = intake.client.batch_execute("COMMIT").await;
        done.map_err(Error::from)?;
        // The planner guesses otherwise, until autovacuum comes by.
        if let Err(error) = intake.client.batch_execute("ANALYZE jobs").await {
            tracing::info!(%error, "the tables are not analyzed");
        }
        Ok(TakenIn::All)
    }
}

/// A transaction that puts jobs in.
struct Intake {
    client: deadpool_postgres::ClientWrapper,
}

impl Intake {
    async fn query(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Error> {
        Ok(self.client.query_typed(sql, &typed(values)).await?)
    }

    /// Makes or locks the row of the batch; returns why not.
    async fn begin(&self, batch: &NewBatch) -> Result<Option<TakenIn>, Error> {
        let sql = "SELECT to_regclass('batch') IS NOT NULL";
        let has_tables: bool = self.client.query_typed_one(sql, &[]).await?.try_get(0)?;
        if !has_tables {
            return Ok(Some(TakenIn::NotBegun));
        }
        self.client.batch_execute("SELECT durable()").await?;
        let sql = "SELECT out, sandbox FROM batch FOR UPDATE";
        let found = self.query(sql, &[]).await?;
        let Some(row) = found.first() else {
            if batch.is_resumed {
                return Ok(Some(TakenIn::NotBegun));
            }
            let sql = "INSERT INTO batch (out, uploads, sandbox) VALUES ($1, $2, $3)";
            self.query(sql, &[&batch.out, &batch.uploads, &batch.sandbox])
                .await?;
            return Ok(None);
        };
        let (out, sandbox): (String, bool) = (row.try_get(0)?, row.try_get(1)?);
        Ok(match batch.is_resumed {
            false => Some(TakenIn::Begun),
            true if sandbox != batch.sandbox => Some(TakenIn::OtherSandbox),
            true if out != batch.out => Some(TakenIn::OtherOut(out)),
            true => None,
        })
    }

    /// Adds jobs; returns the ids that are another request's.
    async fn add(&self, jobs: &[NewJob]) -> Result<Vec<String>, Error> {
        let limits: Vec<Value> = jobs.iter().map(NewJob::limit).collect();
        let limits = Value::Array(limits).to_string();
        let sql = "INSERT INTO limits (scope, account, api, model, every, burst, concurrent)
            SELECT DISTINCT ON (scope) scope, account, api, model, every, burst, concurrent
            FROM jsonb_populate_recordset(NULL::limits, $1::text::jsonb)
            ON CONFLICT (scope) DO UPDATE SET every = excluded.every, burst = excluded.burst,
                concurrent = excluded.concurrent";
        self.query(sql, &[&limits]).await?;
        let rows = jobs.iter().map(|job| {
            let mut row = job.row.clone();
            row["scope"] = job.scope().into();
            row["account"] = job.account.as_str().into();
            row
        });
        let rows = Value::Array(rows.collect()).to_string();
        let sql = r#"INSERT INTO jobs (id, stem, line, "offset", length, hash, api, document,
                model, request, worst, price, inputs, currency, scope, account)
            SELECT id, stem, line, "offset", length, hash, api, document,
                model, request, worst, price, inputs, currency, scope, account
            FROM jsonb_populate_recordset(NULL::jobs, $1::text::jsonb) ORDER BY line
            ON CONFLICT (id) DO UPDATE SET line = excluded.line,
                document = excluded.document,
                scope = CASE WHEN jobs.state = 'queued' AND jobs.worker IS NULL
                    THEN excluded.scope ELSE jobs.scope END,
                account = CASE WHEN jobs.state = 'queued' AND jobs.worker IS NULL
                    THEN excluded.account ELSE jobs.account END,
                price = CASE jobs.state WHEN 'queued' THEN excluded.price ELSE jobs.price END,
                inputs = CASE jobs.state WHEN 'queued' THEN excluded.inputs
                    ELSE jobs.inputs END,
                currency = CASE jobs.state WHEN 'queued' THEN excluded.currency
                    ELSE jobs.currency END
            WHERE jobs.hash = excluded.hash
            RETURNING id"#;
        let taken = self.query(sql, &[&rows]).await?;
        let known: HashSet<String> = column(&taken)?;
        let ids: Vec<&str> = jobs.iter().map(|job| job.text("id")).collect();
        let bodies: Vec<&[u8]> = jobs.iter().map(|job| job.body.as_slice()).collect();
        let sql = "INSERT INTO bodies (job, body)
            SELECT jobs.seq, given.body FROM unnest($1::text[], $2::bytea[]) AS given (id, body)
            JOIN jobs USING (id) WHERE jobs.state = 'queued' ON CONFLICT DO NOTHING";
        self.query(sql, &[&ids, &bodies]).await?;
        let changed = ids.into_iter().filter(|id| !known.contains(*id));
        Ok(changed.map(str::to_owned).collect())
    }

    /// Has jobs sent again that may be, and counts the budget anew.
    async fn settle(&self, batch: &NewBatch) -> Result<(), Error> {
        // With another fencing number: what may come late is for the earlier claim.
        self.client
            .batch_execute(
                "UPDATE jobs SET tries = 0, not_before = '-infinity' WHERE tries > 0;
                UPDATE jobs SET state = 'queued', fence = fence + 1 WHERE state = 'unsent'",
            )
            .await?;
        let max_images = batch
            .max_images
            .map(|most| i64::try_from(most).unwrap_or(i64::MAX));
        let sql = "SELECT budget_set($1, $2)";
        self.query(sql, &[&max_images, &batch.max_cost]).await?;
        Ok(())
    }
}
