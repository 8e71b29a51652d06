//! The batch as a whole: what it is, how far it is, and whether it goes on.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::journal::{Journal, column};

/// Whether a batch goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// It does.
    Running,
    /// Nothing is claimed until it is resumed; what is running ends.
    Paused,
    /// Nothing more is sent; what was paid for is still fetched.
    Cancelled,
}

impl Control {
    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What all workers need to know of a batch.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// What no other batch is called, in whatever database.
    pub id: String,
    /// Where pictures go.
    pub out: String,
    /// Whether all pictures of requests are uploaded that can be.
    pub uploads: bool,
    /// Whether workers send to sandboxes of their own.
    pub sandbox: bool,
    /// Whether it goes on: `running`, `paused` or `cancelled`.
    pub control: String,
}

/// How far a batch is.
#[derive(Debug)]
pub struct Overview {
    /// How many jobs there are in each state.
    pub states: BTreeMap<String, i64>,
    /// How many of the queued ones are claimed.
    pub claimed: i64,
    /// How many jobs each worker has.
    pub workers: BTreeMap<String, i64>,
    /// How many results came late and were not taken in: paid for, and kept beside.
    pub late: i64,
}

impl Journal {
    /// What the batch is.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or has no batch.
    pub async fn batch(&self) -> Result<BatchRow, Error> {
        let sql = "SELECT id, out, uploads, sandbox, control FROM batch";
        let row = self.row(sql, &[]).await?;
        Ok(BatchRow {
            id: row.try_get(0)?,
            out: row.try_get(1)?,
            uploads: row.try_get(2)?,
            sandbox: row.try_get(3)?,
            control: row.try_get(4)?,
        })
    }

    /// Has the batch go on, or not.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or has no batch.
    pub async fn control(&self, control: Control) -> Result<(), Error> {
        let sql = "UPDATE batch SET control = $1 RETURNING control";
        let _: String = self.value(sql, &[&control.name()]).await?;
        Ok(())
    }

    /// How far the batch is.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn overview(&self) -> Result<Overview, Error> {
        let sql = "SELECT state, count(*) FROM jobs GROUP BY state";
        let states = self.counts(sql).await?;
        let sql = "SELECT worker, count(*) FROM jobs WHERE worker IS NOT NULL GROUP BY worker";
        let workers = self.counts(sql).await?;
        let sql =
            "SELECT (SELECT count(*) FROM jobs WHERE worker IS NOT NULL AND state = 'queued'),
            (SELECT count(*) FROM late WHERE NOT adopted AND state IN ('replied', 'waiting'))";
        let row = self.row(sql, &[]).await?;
        Ok(Overview {
            states,
            workers,
            claimed: row.try_get(0)?,
            late: row.try_get(1)?,
        })
    }

    async fn counts(&self, sql: &str) -> Result<BTreeMap<String, i64>, Error> {
        let mut counts = BTreeMap::new();
        for row in self.rows(sql, &[]).await? {
            counts.insert(row.try_get(0)?, row.try_get(1)?);
        }
        Ok(counts)
    }

    /// The APIs of all jobs.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn apis(&self) -> Result<Vec<String>, Error> {
        let sql = "SELECT DISTINCT api FROM limits ORDER BY api";
        column(&self.rows(sql, &[]).await?)
    }
}
