//! Tasks whose ids never came: the jobs that may have one, and what is found for them.

use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::error::Error;
use crate::journal::claim::Held;
use crate::journal::{Journal, column, parsed};

/// How many jobs are looked at a time.
const MOST: i64 = 10_000;

/// A job that may have a task which the journal does not know.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct LostRow {
    pub seq: i64,
    pub id: String,
    pub api: String,
    pub document: String,
    pub model: String,
    pub account: String,
    pub request: String,
    pub worst: u32,
    pub state: String,
    pub task_id: Option<String>,
    pub lost_attempts: i64,
    /// When its request was sent, by the database's clock: seconds since 1970.
    pub sent: Option<f64>,
}

/// A job whose outcome is unknown.
#[derive(Debug)]
pub struct UnknownRow {
    /// The job as it is now.
    pub held: Held,
    /// Its API.
    pub api: String,
    /// The document of its request.
    pub document: String,
    /// Whether its request was sent within the last day and no task of it is known: then one may
    /// be in the API's list.
    pub may_be_listed: bool,
}

/// A task that was found for a job.
#[derive(Clone, Copy, Debug)]
pub struct FoundTask<'a> {
    /// Its id.
    pub id: &'a str,
    /// When it was submitted, as the API says.
    pub submitted: SystemTime,
    /// By how much the clocks of API and database may differ.
    pub slack: Duration,
}

impl Journal {
    /// The jobs of these accounts that are unknown or being sent and have no task, and those
    /// that were sent again within the last day: a task may be of the earlier request. No more
    /// than 10,000, and none where no job is unknown.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn lost(&self, accounts: &[String]) -> Result<Vec<LostRow>, Error> {
        let sql = "WITH lost AS (
                SELECT * FROM jobs WHERE state IN ('unknown', 'submitting')
                    AND task_id IS NULL AND account = ANY ($1)
                    AND sent > clock_timestamp() - interval '1 day'
            ), resent AS (
                SELECT * FROM jobs WHERE lost_attempts > 0 AND account = ANY ($1)
                    AND sent > clock_timestamp() - interval '1 day'
                    AND seq NOT IN (SELECT seq FROM lost)
            )
            SELECT (to_jsonb(found) - 'reply' - 'sent'
                || jsonb_build_object('sent', extract(epoch FROM found.sent)))::text
            FROM (SELECT * FROM lost UNION ALL SELECT * FROM resent) found
            WHERE EXISTS (SELECT FROM lost WHERE state = 'unknown')
            ORDER BY found.seq LIMIT $2";
        let rows = self.rows(sql, &[&accounts, &MOST]).await?;
        rows.iter().map(|row| parsed(row.try_get(0)?)).collect()
    }

    /// Which of these tasks the journal knows as those of its jobs.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn tasks_known(&self, tasks: &[String]) -> Result<Vec<String>, Error> {
        let sql = "SELECT tasks_known($1)";
        column(&self.rows(sql, &[&tasks]).await?)
    }

    /// Gives an unknown job the task that was found for it. `false`: somebody else may have
    /// that task by now, one of the jobs that are not among `considered`.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn found(
        &self,
        seq: i64,
        task: FoundTask<'_>,
        considered: &[i64],
    ) -> Result<bool, Error> {
        let since = task.submitted.duration_since(SystemTime::UNIX_EPOCH);
        let (seconds, slack) = (
            since.unwrap_or_default().as_secs_f64(),
            task.slack.as_secs_f64(),
        );
        let sql = "SELECT job_found($1, $2, to_timestamp($3), make_interval(secs => $4), $5)";
        self.value(sql, &[&seq, &task.id, &seconds, &slack, &considered])
            .await
    }

    /// Says of an unknown job why no task was found for it, behind what its message says
    /// before `mark`.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn not_found(&self, seq: i64, mark: &str, why: &str) -> Result<(), Error> {
        let sql = "UPDATE jobs SET message = split_part(coalesce(message, ''), $2, 1) || $2 || $3
            WHERE seq = $1 AND state = 'unknown' AND worker IS NULL RETURNING seq";
        self.rows(sql, &[&seq, &mark, &why]).await.map(drop)
    }

    /// All jobs that are unknown.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn unknown(&self) -> Result<Vec<UnknownRow>, Error> {
        let sql = "SELECT seq, fence, api, document, coalesce(task_id IS NULL
                AND sent > clock_timestamp() - interval '1 day', false)
            FROM jobs WHERE state = 'unknown' AND worker IS NULL ORDER BY seq";
        let rows = self.rows(sql, &[]).await?;
        let unknown = rows.iter().map(|row| {
            Ok(UnknownRow {
                held: Held {
                    seq: row.try_get(0)?,
                    fence: row.try_get(1)?,
                },
                api: row.try_get(2)?,
                document: row.try_get(3)?,
                may_be_listed: row.try_get(4)?,
            })
        });
        unknown.collect()
    }

    /// Has the tasks of unknown jobs of these accounts waited for again, where the request was
    /// sent within the last day. May be asked again when no answer came.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn ask_again(&self, accounts: &[String]) -> Result<(), Error> {
        let sql = "SELECT unknown_ask($1)";
        self.row(sql, &[&accounts]).await.map(drop)
    }

    /// Has these jobs sent again, as far as they are still unknown; they may be billed again. May
    /// be asked again when no answer came.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn retry_unknown(&self, jobs: &[Held]) -> Result<(), Error> {
        let (seqs, fences): (Vec<i64>, Vec<i64>) =
            jobs.iter().map(|held| (held.seq, held.fence)).unzip();
        let sql = "SELECT unknown_retry($1, $2)";
        self.row(sql, &[&seqs, &fences]).await.map(drop)
    }
}
