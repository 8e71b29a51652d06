//! Orders that can be gone on with: they became a task, or the reply with their pictures came
//! and the pictures are still to be saved.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::database::{all, from_row, one, run};
use crate::ledger::answer::{Answer, Ending, OrderState};
use crate::ledger::retention::Retention;
use crate::ledger::running::{Awaited, Running, UnderWay};
use crate::ledger::{Ledger, LedgerError};

/// A reply that was paid for, until its pictures are saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReply {
    /// The reply; a longer one is in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The file with the reply, from the pictures' directory on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Why pictures that were asked for were not made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmade: Vec<String>,
    /// What is wrong with it as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaw: Option<String>,
}

/// An order that can be gone on with.
pub struct Unfinished {
    pub seq: i64,
    pub api: String,
    pub document: String,
    pub model: String,
    pub request: Value,
    pub task_id: Option<String>,
    pub reply: Option<KeptReply>,
    /// What became of it so far.
    pub answer: Option<Answer>,
    /// When it came, in seconds since 1970.
    pub time: i64,
    /// What the names of its files begin with; `None` in a ledger of before.
    pub stem: Option<String>,
    /// What of it stays; `None` where a ledger of before does not tell.
    pub retention: Option<Retention>,
    state: OrderState,
}

/// What is known of a task.
pub enum KnownTask {
    /// Its pictures are saved, or there are none.
    Over(Arc<Answer>),
    /// Somebody waits for it already.
    Awaited(Awaited),
    /// It is to be gone on with.
    Open(UnderWay, Box<Unfinished>),
}

pub const COLUMNS: &str = "seq, api, document, model, request, task_id, reply, answer,
    time, stem, retention, state";

/// An order of a row that has these [`COLUMNS`].
pub fn unfinished(row: &Row<'_>) -> rusqlite::Result<Unfinished> {
    let request: String = row.get("request")?;
    let reply: Option<String> = row.get("reply")?;
    let answer: Option<String> = row.get("answer")?;
    Ok(from_row!(row => Unfinished: seq, api, document, model;
        request = serde_json::from_str(&request).unwrap_or_default(),
        task_id = row.get("task_id")?,
        reply = reply.and_then(|reply| serde_json::from_str(&reply).ok()),
        answer = answer.and_then(|answer| serde_json::from_str(&answer).ok()),
        time = row.get("time")?,
        stem = row.get("stem")?,
        retention = row.get("retention")?,
        state = row.get("state")?))
}

impl KeptReply {
    /// Whether it is kept anywhere.
    pub fn is_there(&self) -> bool {
        self.text.is_some() || self.file.is_some()
    }
}

impl Unfinished {
    /// Whether whoever asks for it again has it gone on with.
    pub fn is_open(&self) -> bool {
        let is_unsure = matches!(
            self.state,
            OrderState::Sending | OrderState::Ended(Ending::Unknown)
        );
        self.reply.is_some() || is_unsure && self.task_id.is_some()
    }

    /// Whether more can be known of its task.
    fn has_open_task(&self) -> bool {
        let is_answered = self
            .answer
            .as_ref()
            .is_some_and(Answer::says_more_than_task);
        self.is_open() || self.state == OrderState::Ended(Ending::Done) && !is_answered
    }
}

impl Ledger {
    /// Notes the task that an order has become.
    pub async fn note_task(&self, seq: i64, task_id: &str) -> Result<(), LedgerError> {
        let task_id = task_id.to_owned();
        let text = "UPDATE orders SET task_id = ? WHERE seq = ?";
        self.run(move |sql| run(sql, text, (task_id, seq))).await
    }

    /// Notes the reply to an order, whose pictures are fetched next.
    pub async fn note_reply(&self, seq: i64, reply: &KeptReply) -> Result<(), LedgerError> {
        let reply = serde_json::to_string(reply).unwrap_or_default();
        let text = "UPDATE orders SET reply = ? WHERE seq = ?";
        self.run(move |sql| run(sql, text, (reply, seq))).await
    }

    /// The orders that were under way when the program ended, and can be gone on with.
    pub async fn stranded(&self) -> Result<Vec<Unfinished>, LedgerError> {
        let text = format!(
            "SELECT {COLUMNS} FROM orders WHERE state = 'sending'
                AND (task_id IS NOT NULL OR reply IS NOT NULL)"
        );
        self.run(move |sql| all(sql, &text, [], unfinished)).await
    }

    /// Takes an order up again that an earlier process has sent.
    pub fn take_up(&self, seq: i64) -> UnderWay {
        UnderWay::begin(&self.running, seq)
    }

    /// What is known of a task; `None` if no order became it.
    pub async fn task(&self, task_id: &str) -> Result<Option<KnownTask>, LedgerError> {
        let (task_id, running) = (task_id.to_owned(), self.running.clone());
        self.run(move |sql| known_task(sql, &running, &task_id))
            .await
    }
}

fn known_task(
    sql: &Connection,
    running: &Arc<Running>,
    task_id: &str,
) -> rusqlite::Result<Option<KnownTask>> {
    let text = format!("SELECT {COLUMNS} FROM orders WHERE task_id = ? ORDER BY seq DESC LIMIT 1");
    let Some(order) = one(sql, &text, [task_id], unfinished).optional()? else {
        return Ok(None);
    };
    if let Some(awaited) = running.find(order.seq) {
        return Ok(Some(KnownTask::Awaited(awaited)));
    }
    Ok(Some(match (order.has_open_task(), &order.answer) {
        (false, Some(answer)) => KnownTask::Over(Arc::new(answer.clone())),
        _ => {
            let under_way = UnderWay::again(running, order.seq, order.answer.as_ref());
            KnownTask::Open(under_way, Box::new(order))
        }
    }))
}
