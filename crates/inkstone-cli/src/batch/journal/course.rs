//! What becomes of a job: every step is on disk before the next one is taken.

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde_json::Value;

use crate::batch::journal::{Journal, broken};
use crate::batch::lines::Place;
use crate::batch::money::Money;
use crate::batch::state::State;
use crate::exit::Failure;

/// A job that there is something to do about.
#[derive(Debug)]
pub struct Task {
    pub seq: i64,
    pub id: String,
    pub stem: String,
    /// Where its request is; nowhere if its line is gone.
    pub place: Option<Place>,
    pub hash: String,
    pub api: String,
    pub document: String,
    pub model: String,
    /// Its request, without the bytes of pictures.
    pub request: Value,
    pub worst: u32,
    pub price: Option<Money>,
    pub time: Option<String>,
    pub request_id: Option<String>,
    /// The task that does it, if one does.
    pub task_id: Option<String>,
}

/// A reply as it is kept: as text here, or in a file.
#[derive(Debug, Default)]
pub struct Kept {
    pub text: Option<String>,
    pub file: Option<String>,
}

/// Why a job is not done.
#[derive(Debug, Default)]
pub struct Trouble {
    pub stage: &'static str,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub message: String,
}

const TASK: &str = "seq, id, stem, line, offset, length, hash, api, document, model, request,
    worst, price, time, request_id, task_id";

fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    let line: Option<i64> = row.get(3)?;
    let (offset, length) = (row.get(4)?, row.get(5)?);
    let request: String = row.get(10)?;
    Ok(Task {
        seq: row.get(0)?,
        id: row.get(1)?,
        stem: row.get(2)?,
        place: line.map(|number| Place {
            number,
            offset,
            length,
        }),
        hash: row.get(6)?,
        api: row.get(7)?,
        document: row.get(8)?,
        model: row.get(9)?,
        // It was written as JSON.
        request: serde_json::from_str(&request).unwrap_or_default(),
        worst: row.get(11)?,
        price: row.get::<_, Option<i64>>(12)?.map(Money),
        time: row.get(13)?,
        request_id: row.get(14)?,
        task_id: row.get(15)?,
    })
}

impl Journal {
    /// The first job after `seq` in this state.
    pub fn next(&self, state: State, after: i64) -> Result<Option<Task>, Failure> {
        let sql =
            format!("SELECT {TASK} FROM jobs WHERE state = ? AND seq > ? ORDER BY seq LIMIT 1");
        let mut statement = self.sql.prepare_cached(&sql).map_err(broken)?;
        let found = statement.query_row((state.name(), after), task).optional();
        found.map_err(broken)
    }

    /// Whatever a process that is gone was sending is unknown; says how many.
    pub fn strand(&self, message: &str) -> Result<usize, Failure> {
        let sql = "UPDATE jobs SET state = 'unknown', stage = 'interrupted', message = ?
            WHERE state = 'submitting'";
        self.sql.execute(sql, [message]).map_err(broken)
    }

    /// What the API did not take is to be sent again.
    pub fn requeue_unsent(&self) -> Result<usize, Failure> {
        let sql = "UPDATE jobs SET state = 'queued' WHERE state = 'unsent'";
        self.sql.execute(sql, []).map_err(broken)
    }

    /// What is unknown is to be sent again; what it may have cost stays spent.
    pub fn requeue_unknown(&self) -> Result<usize, Failure> {
        let sql = "UPDATE jobs SET state = 'queued', lost = lost + worst
            WHERE state = 'unknown' AND line IS NOT NULL";
        self.sql.execute(sql, []).map_err(broken)
    }

    /// The request is about to be sent.
    pub fn submitting(&self, seq: i64, time: &str) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET state = 'submitting', time = :time, stage = NULL,
                status = NULL, code = NULL, request_id = NULL, message = NULL,
                task_id = NULL, unmade = NULL
            WHERE seq = :seq";
        self.update(sql, named_params! {":seq": seq, ":time": time})
    }

    /// The request was taken, and a task does it.
    pub fn waiting(&self, seq: i64, task_id: &str) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET state = 'waiting', task_id = :task_id WHERE seq = :seq";
        self.update(sql, named_params! {":seq": seq, ":task_id": task_id})
    }

    /// A reply with pictures came; `unmade` says why there are not more of them.
    pub fn replied(
        &self,
        seq: i64,
        made: usize,
        request_id: Option<&str>,
        unmade: Option<&str>,
        kept: &Kept,
    ) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET state = 'replied', made = :made, request_id = :request_id,
                unmade = :unmade, reply = :reply, reply_file = :file,
                stage = NULL, message = NULL
            WHERE seq = :seq";
        self.update(
            sql,
            named_params! {
                ":seq": seq,
                ":made": made,
                ":request_id": request_id,
                ":unmade": unmade,
                ":reply": kept.text,
                ":file": kept.file,
            },
        )
    }

    /// The request was not answered with pictures.
    pub fn failed(
        &self,
        seq: i64,
        state: State,
        trouble: &Trouble,
        kept: &Kept,
    ) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET state = :state, stage = :stage, status = :status,
                code = :code, request_id = :request_id, message = :message,
                reply = :reply, reply_file = :file
            WHERE seq = :seq";
        self.update(
            sql,
            named_params! {
                ":seq": seq,
                ":state": state.name(),
                ":stage": trouble.stage,
                ":status": trouble.status,
                ":code": trouble.code,
                ":request_id": trouble.request_id,
                ":message": trouble.message,
                ":reply": kept.text,
                ":file": kept.file,
            },
        )
    }

    /// Not every picture of a reply could be saved, or a task not be waited for: the
    /// state stays.
    pub fn held_up(&self, seq: i64, stage: &str, message: &str) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET stage = :stage, message = :message WHERE seq = :seq";
        self.update(
            sql,
            named_params! {":seq": seq, ":stage": stage, ":message": message},
        )
    }

    /// Every picture is saved; the reply's file is no longer needed.
    pub fn done(&self, seq: i64) -> Result<(), Failure> {
        let sql = "UPDATE jobs SET state = 'done', stage = NULL, message = NULL,
                reply_file = NULL
            WHERE seq = :seq";
        self.update(sql, named_params! {":seq": seq})
    }

    /// The reply of a job, as it was kept.
    pub fn kept(&self, seq: i64) -> Result<Kept, Failure> {
        let sql = "SELECT reply, reply_file FROM jobs WHERE seq = ?";
        let kept = |row: &Row<'_>| {
            Ok(Kept {
                text: row.get(0)?,
                file: row.get(1)?,
            })
        };
        self.sql.query_row(sql, [seq], kept).map_err(broken)
    }

    fn update(&self, sql: &str, values: &[(&str, &dyn rusqlite::ToSql)]) -> Result<(), Failure> {
        let mut statement = self.sql.prepare_cached(sql).map_err(broken)?;
        statement.execute(values).map(drop).map_err(broken)
    }
}
