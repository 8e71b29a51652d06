//! Reads all jobs out of the journal, a page at a time.

use serde_json::Value;

use crate::error::Error;
use crate::journal::{Journal, parsed};

/// How many jobs a page has.
const PAGE: i64 = 500;

/// A job, for reports.
#[derive(Debug)]
pub struct ExportedJob {
    /// Its number in the journal.
    pub seq: i64,
    /// The columns of its row by name, without the reply.
    pub row: Value,
    /// The files of its pictures, in the order of the reply.
    pub files: Vec<String>,
}

impl Journal {
    /// The first jobs after `seq`; none after the last.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn page(&self, after: i64) -> Result<Vec<ExportedJob>, Error> {
        let sql = "SELECT seq, (to_jsonb(jobs) - 'reply')::text,
                ARRAY(SELECT file FROM pictures WHERE job = seq ORDER BY number)
            FROM jobs WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.rows(sql, &[&after, &PAGE]).await?;
        let exported = rows.iter().map(|row| {
            Ok(ExportedJob {
                seq: row.try_get(0)?,
                row: parsed(row.try_get(1)?)?,
                files: row.try_get(2)?,
            })
        });
        exported.collect()
    }
}
