//! The state of each job. A change is on disk before the next step is taken.

use std::borrow::Cow;

use rusqlite::types::Type;
use rusqlite::{Error, OptionalExtension as _, Row, named_params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::batch::jobs::lines::Place;
use crate::batch::journal::change::Change;
use crate::batch::journal::{Journal, broken};
use crate::batch::state::State;
use crate::database::{Columns, all, from_row, one};
use crate::error::CliError;
use crate::pricing::money::Money;
use crate::pricing::worst::Worst;

/// An unfinished job.
#[derive(Debug)]
pub struct JobRecord {
    pub seq: i64,
    pub id: String,
    pub stem: String,
    /// Where its line is, if the file still has it.
    pub place: Option<Place>,
    pub hash: String,
    pub api: String,
    pub document: String,
    pub model: String,
    /// Its request, without the bytes of pictures.
    pub request: Value,
    pub worst: Worst,
    pub time: Option<String>,
    pub request_id: Option<String>,
    /// Its task, if it has one.
    pub task_id: Option<String>,
    /// The account that it is sent by, where there are several.
    pub account: Option<String>,
}

/// A reply as it is stored: as text in the journal, or in a file.
#[derive(Debug, Default)]
pub struct StoredReply {
    pub text: Option<String>,
    pub file: Option<String>,
}

/// What became of a request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// It was accepted, and its task is running.
    Waiting { task_id: String },
    /// A reply with pictures came.
    Replied(RepliedRecord),
    /// It failed.
    Failed {
        state: State,
        #[serde(flatten)]
        failure: FailureRecord,
    },
}

/// What there is to note about a reply with pictures.
#[derive(Debug, Serialize, Deserialize)]
pub struct RepliedRecord {
    pub made: usize,
    pub request_id: Option<String>,
    /// Why there are fewer pictures than were asked for.
    pub unmade: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FailureRecord {
    pub stage: Cow<'static, str>,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub message: String,
}

const RECORD: &str = "line, offset, length, request, price, worst, coalesce(inputs, 0) AS inputs,
    seq, id, stem, hash, api, document, model, time, request_id, task_id";

/// Has jobs sent again that may have been billed.
const REQUEUE: &str = "UPDATE jobs SET state = 'queued', lost = lost + worst,
        lost_attempts = lost_attempts + 1
    WHERE state = 'unknown' AND line IS NOT NULL";

fn record(row: &Row<'_>) -> rusqlite::Result<JobRecord> {
    let mut columns = Columns::of(row);
    let line: Option<i64> = columns.get("line")?;
    let (offset, length) = (columns.get("offset")?, columns.get("length")?);
    let request: String = columns.get("request")?;
    let column = row.as_ref().column_index("request")?;
    let not_json = |error| Error::FromSqlConversionFailure(column, Type::Text, Box::new(error));
    let price: Option<i64> = columns.get("price")?;
    let place = line.map(|number| Place {
        number,
        offset,
        length,
    });
    let worst = Worst {
        pictures: columns.get("worst")?,
        price: price.map(Money),
        inputs: Money(columns.get("inputs")?),
    };
    Ok(
        from_row!(row => JobRecord: seq, id, stem, hash, api, document, model, time, request_id,
        task_id;
        place = place, worst = worst, account = None,
        request = serde_json::from_str(&request).map_err(not_json)?),
    )
}

impl Journal {
    /// The first job after `seq` in this state.
    pub fn next(&self, state: State, after: i64) -> Result<Option<JobRecord>, CliError> {
        let sql =
            format!("SELECT {RECORD} FROM jobs WHERE state = ? AND seq > ? ORDER BY seq LIMIT 1");
        let found = one(&self.sql, &sql, (state, after), record);
        found.optional().map_err(broken)
    }

    /// The state of a job; `None` where the journal has no such job.
    pub fn state(&self, seq: i64) -> Result<Option<State>, CliError> {
        let sql = "SELECT state FROM jobs WHERE seq = ?";
        let found = one(&self.sql, sql, [seq], |row| row.get(0));
        found.optional().map_err(broken)
    }

    /// Marks jobs that were being sent as unknown.
    pub fn mark_stranded(&self, message: &str) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'unknown', stage = 'interrupted', message = :message
            WHERE state = 'submitting'";
        self.change(sql, named_params! {":message": message})
    }

    /// Jobs that the API did not accept are to be sent again.
    pub fn requeue_unsent(&self) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'queued' WHERE state = 'unsent'";
        self.change(sql, &[])
    }

    /// Jobs with unknown outcome are to be sent again; what they may have cost stays spent.
    pub fn requeue_unknown(&self) -> Change<'_> {
        self.change(REQUEUE, &[])
    }

    /// The same of one job, if it is one of them, with the next change: nothing is sent before.
    pub fn requeue_if_unknown(&self, seq: i64) {
        let sql = format!("{REQUEUE} AND seq = :seq");
        self.change_with_next(&sql, &[(":seq", seq)]);
    }

    /// Jobs that were to be sent again, and were not, are unknown as before: whoever agreed to
    /// that agreed to it for that run.
    pub fn keep_unknown(&self) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'unknown', lost = max(lost - worst, 0),
                lost_attempts = lost_attempts - 1,
                stage = iif(state = 'unsent', 'outcome_unknown', stage)
            WHERE state IN ('queued', 'unsent') AND lost_attempts > 0";
        self.change(sql, &[])
    }

    /// The API is asked again what became of the tasks of unknown jobs, which costs nothing: it
    /// may have been another that was asked, or have known no more for a moment. Returns which
    /// jobs these are.
    pub fn ask_again(&self) -> Result<Vec<i64>, CliError> {
        let sql = "SELECT seq FROM jobs WHERE state = 'unknown' AND task_id IS NOT NULL";
        let asked = all(&self.sql, sql, [], |row| row.get(0)).map_err(broken)?;
        let sql = "UPDATE jobs SET state = 'waiting'
            WHERE state = 'unknown' AND task_id IS NOT NULL";
        self.change(sql, &[]).commit()?;
        Ok(asked)
    }

    /// The request is about to be sent.
    pub fn submitting(&self, seq: i64, time: &str) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'submitting', time = :time, stage = NULL,
                status = NULL, code = NULL, request_id = NULL, message = NULL,
                task_id = NULL, unmade = NULL
            WHERE seq = :seq";
        self.change(sql, named_params! {":seq": seq, ":time": time})
    }

    /// The request was accepted, and its task is running.
    pub fn waiting(&self, seq: i64, task_id: &str) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'waiting', task_id = :task_id WHERE seq = :seq";
        self.change(sql, named_params! {":seq": seq, ":task_id": task_id})
    }

    /// Notes what became of a request, and where its reply is.
    pub fn became(&self, seq: i64, event: &Event, stored: &StoredReply) -> Change<'_> {
        match event {
            Event::Waiting { task_id } => self.waiting(seq, task_id),
            Event::Replied(reply) => self.replied(seq, reply, stored),
            Event::Failed { state, failure } => self.failed(seq, *state, failure, stored),
        }
    }

    fn replied(&self, seq: i64, reply: &RepliedRecord, stored: &StoredReply) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'replied', made = :made, request_id = :request_id,
                unmade = :unmade, reply = :reply, reply_file = :file,
                stage = NULL, message = NULL
            WHERE seq = :seq";
        self.change(
            sql,
            named_params! {
                ":seq": seq,
                ":made": reply.made,
                ":request_id": reply.request_id,
                ":unmade": reply.unmade,
                ":reply": stored.text,
                ":file": stored.file,
            },
        )
    }

    fn failed(
        &self,
        seq: i64,
        state: State,
        failure: &FailureRecord,
        stored: &StoredReply,
    ) -> Change<'_> {
        let sql = "UPDATE jobs SET state = :state, stage = :stage, status = :status,
                code = :code, request_id = :request_id, message = :message,
                reply = :reply, reply_file = :file
            WHERE seq = :seq";
        self.change(
            sql,
            named_params! {
                ":seq": seq,
                ":state": state,
                ":stage": failure.stage,
                ":status": failure.status,
                ":code": failure.code,
                ":request_id": failure.request_id,
                ":message": failure.message,
                ":reply": stored.text,
                ":file": stored.file,
            },
        )
    }

    /// A picture could not be saved, or a wait for a task failed: the state stays.
    pub fn held_up(&self, seq: i64, stage: &str, message: &str) -> Change<'_> {
        let sql = "UPDATE jobs SET stage = :stage, message = :message WHERE seq = :seq";
        self.change(
            sql,
            named_params! {":seq": seq, ":stage": stage, ":message": message},
        )
    }

    /// Notes that the pictures of jobs that are done are saved, which a journal of an earlier
    /// version may lack.
    pub fn saved_if_done(&self) -> Change<'_> {
        let sql = "UPDATE pictures SET saved = 1
            WHERE saved = 0 AND job IN (SELECT seq FROM jobs WHERE state = 'done')";
        self.change(sql, &[])
    }

    /// Every picture is saved that came, and was made for all that is known; `kept` says why the
    /// reply's file is needed still.
    pub fn done(&self, seq: i64, kept: Option<&str>) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'done', stage = NULL, message = NULL,
                unmade = coalesce(:kept, unmade),
                reply_file = iif(:kept IS NULL, NULL, reply_file)
            WHERE seq = :seq";
        self.change(sql, named_params! {":seq": seq, ":kept": kept})
    }

    /// A reply that was kept although no picture was known to be in it has some.
    pub fn found_pictures(&self, seq: i64, made: usize) -> Change<'_> {
        let sql = "UPDATE jobs SET state = 'replied', made = :made, stage = NULL, message = NULL
            WHERE seq = :seq AND state = 'unknown'";
        self.change(sql, named_params! {":seq": seq, ":made": made})
    }

    /// The file with the reply of a job, if it has one.
    pub fn reply_file(&self, seq: i64) -> Result<Option<String>, CliError> {
        let sql = "SELECT reply_file FROM jobs WHERE seq = ?";
        one(&self.sql, sql, [seq], |row| row.get(0)).map_err(broken)
    }

    /// The status of the reply to a job that failed, where one came.
    pub fn status(&self, seq: i64) -> Result<Option<u16>, CliError> {
        let sql = "SELECT status FROM jobs WHERE seq = ?";
        one(&self.sql, sql, [seq], |row| row.get(0)).map_err(broken)
    }

    /// The stored reply of a job.
    pub fn stored_reply(&self, seq: i64) -> Result<StoredReply, CliError> {
        let sql = "SELECT reply, reply_file FROM jobs WHERE seq = ?";
        let (text, file) = one(&self.sql, sql, [seq], |row| row.try_into()).map_err(broken)?;
        Ok(StoredReply { text, file })
    }
}
