//! Claims: which job a worker has, and until when.

use std::time::Duration;

use serde::Deserialize;

use crate::error::Error;
use crate::journal::{Journal, parsed};

/// Who claims.
#[derive(Clone, Debug)]
pub struct Worker {
    /// A name that no other worker has, now or ever.
    pub name: String,
    /// How long a claim lasts unless it is renewed.
    pub lease: Duration,
    /// The accounts whose keys it has.
    pub accounts: Vec<String>,
}

/// A job that a worker has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// The job.
    pub seq: i64,
    /// The number of the claim.
    pub fence: i64,
}

/// What a worker may do next.
#[derive(Debug)]
pub enum Claim {
    /// Carry out this job.
    Job(Box<Claimed>),
    /// Nothing for so long: for a limit, or for others to end.
    Wait(Duration),
    /// Nothing until the batch is resumed.
    Paused(Duration),
    /// Nothing: the next request could exceed the budget.
    Budget,
    /// Nothing: no job can be carried out any more.
    Finished,
}

/// A claimed job.
#[derive(Debug)]
pub struct Claimed {
    /// What is known of it.
    pub job: JobRow,
    /// Its whole request, where it is to be sent.
    pub body: Option<Vec<u8>>,
}

/// A job in the journal.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct JobRow {
    pub seq: i64,
    pub id: String,
    pub stem: String,
    pub hash: String,
    pub api: String,
    pub document: String,
    pub model: String,
    pub request: String,
    pub worst: u32,
    pub price: Option<i64>,
    pub inputs: Option<i64>,
    pub state: String,
    pub time: Option<String>,
    pub request_id: Option<String>,
    pub task_id: Option<String>,
    pub scope: String,
    pub account: String,
    pub fence: i64,
}

impl Journal {
    /// The next job for a worker.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses. A claim whose answer was lost lapses.
    pub async fn claim(&self, worker: &Worker) -> Result<Claim, Error> {
        let sql = "SELECT verdict, seconds, job::text, body
            FROM job_claim($1, make_interval(secs => $2), $3)";
        let seconds = worker.lease.as_secs_f64();
        let row = self
            .row(sql, &[&worker.name, &seconds, &worker.accounts])
            .await?;
        let verdict: &str = row.try_get(0)?;
        let pause = Duration::try_from_secs_f64(row.try_get(1)?).unwrap_or_default();
        Ok(match verdict {
            "job" => Claim::Job(Box::new(Claimed {
                job: parsed(row.try_get(2)?)?,
                body: row.try_get(3)?,
            })),
            "wait" => Claim::Wait(pause),
            "paused" => Claim::Paused(pause),
            "budget" => Claim::Budget,
            _ => Claim::Finished,
        })
    }

    /// Prolongs the leases of jobs, and gives free what others lost. Returns how many of the
    /// jobs are still the worker's.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn renew(&self, worker: &Worker, held: &[Held]) -> Result<usize, Error> {
        let (seqs, fences): (Vec<i64>, Vec<i64>) =
            held.iter().map(|held| (held.seq, held.fence)).unzip();
        let sql = "UPDATE jobs SET lease = clock_timestamp() + make_interval(secs => $1)
            FROM unnest($3::bigint[], $4::bigint[]) AS held (seq, fence)
            WHERE jobs.seq = held.seq AND jobs.fence = held.fence AND jobs.worker = $2
            RETURNING jobs.seq";
        let seconds = worker.lease.as_secs_f64();
        let renewed = self
            .rows(sql, &[&seconds, &worker.name, &seqs, &fences])
            .await?;
        self.sweep(None).await?;
        Ok(renewed.len())
    }

    /// Gives free what nobody has any more: claims of lapsed leases, and those of `leaving`.
    /// What was being sent becomes unknown. Returns how many jobs that were.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn sweep(&self, leaving: Option<&str>) -> Result<i64, Error> {
        self.value("SELECT job_sweep($1)", &[&leaving]).await
    }
}
