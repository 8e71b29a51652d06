//! What became of a job, under the fencing number of its claim.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;
use crate::journal::Journal;
use crate::journal::claim::{Held, Worker};
use crate::journal::parameter::Values;

/// Where a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// In the job's row.
    Here,
    /// Beside it: the job was claimed again since. It is taken in where the later claim came
    /// to nothing.
    Beside,
}

/// What became of a job.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Event {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<usize>,
    pub stage: Option<String>,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub message: Option<String>,
    pub task_id: Option<String>,
    pub unmade: Option<String>,
    pub reply_file: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureRow>,
}

/// A picture that is in the store.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PictureRow {
    /// Its place in the reply, from 0.
    pub number: usize,
    /// Its name in the store.
    pub file: String,
    /// How many bytes it has.
    pub length: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Journal {
    /// The request is about to be sent. `false`: the claim is no longer valid, and nothing may
    /// be sent.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses: nothing may be sent.
    pub async fn begin(&self, worker: &Worker, held: Held, time: &str) -> Result<bool, Error> {
        let sql = "SELECT job_begin($1, $2, $3, make_interval(secs => $4), $5)";
        let seconds = worker.lease.as_secs_f64();
        let (seq, fence) = (&held.seq, &held.fence);
        self.value(sql, &[seq, fence, &worker.name, &seconds, &time])
            .await
    }

    /// Notes what became of a job. May be asked again when no answer came.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn note(
        &self,
        worker: &Worker,
        held: Held,
        state: &str,
        event: &Event,
        reply: Option<&[u8]>,
    ) -> Result<Noted, Error> {
        let sql = "SELECT job_note($1, $2, $3, make_interval(secs => $4), $5,
            $6::text::jsonb, $7)";
        let seconds = worker.lease.as_secs_f64();
        let json = serde_json::to_value(event)
            .map_err(|error| Error::Refused(format!("an event can't be written: {error}")))?;
        let json = without_nul(json).to_string();
        let (seq, fence, name) = (&held.seq, &held.fence, &worker.name);
        let values: Values<'_> = &[seq, fence, name, &seconds, &state, &json, &reply];
        Ok(match self.row(sql, values).await?.try_get(0)? {
            "here" => Noted::Here,
            _ => Noted::Beside,
        })
    }

    /// A picture could not be saved, or a wait for a task failed: the job is free again after
    /// a while, in the same state.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn held_up(&self, held: Held, stage: &str, message: &str) -> Result<(), Error> {
        let message = message.replace('\0', "\u{fffd}");
        let sql = "SELECT job_held_up($1, $2, $3, $4)";
        self.row(sql, &[&held.seq, &held.fence, &stage, &message])
            .await?;
        Ok(())
    }

    /// The reply that is stored in the journal, and the name of the file with it otherwise.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn reply(&self, seq: i64) -> Result<(Option<Vec<u8>>, Option<String>), Error> {
        let sql = "SELECT reply, reply_file FROM jobs WHERE seq = $1";
        let row = self.row(sql, &[&seq]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}

/// PostgreSQL has no NUL in texts; what an API says may have.
fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => text.replace('\0', "\u{fffd}").into(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, without_nul(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        other => other,
    }
}
