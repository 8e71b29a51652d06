//! Notes what became of orders.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::Value;

use crate::database::{all, from_row, run};
use crate::ledger::account::{self, Spending};
use crate::ledger::answer::{Answer, Ending, Picture};
use crate::ledger::running::{Attachment, UnderWay};
use crate::ledger::{Ledger, LedgerError};

/// How many orders are forgotten at a time.
const MOST_FORGOTTEN: u32 = 1000;

/// A task of an order, for which nobody waits any more.
pub struct OpenTask {
    pub seq: i64,
    pub task_id: String,
    pub api: String,
    pub document: String,
    pub model: String,
    pub request: Value,
}

impl Ledger {
    /// Notes the task that an order has become.
    pub async fn note_task(&self, seq: i64, task_id: &str) -> Result<(), LedgerError> {
        let task_id = task_id.to_owned();
        let text = "UPDATE orders SET task_id = ? WHERE seq = ?";
        self.run(move |sql| run(sql, text, (task_id, seq))).await
    }

    /// Notes what became of an order, and then gives the answer to those who wait.
    pub async fn conclude(
        &self,
        order: UnderWay,
        ending: Ending,
        answer: Answer,
        spending: Spending,
    ) -> Result<(), LedgerError> {
        let (seq, answer) = (order.seq, Arc::new(answer));
        let text = serde_json::to_string(&*answer).unwrap_or_default();
        let noted = self
            .run(move |sql| conclude(sql, seq, ending, &text, &spending))
            .await;
        // Where it can't be noted, the callers that wait get it all the same.
        order.answer(answer);
        noted
    }

    /// Notes that a caller has had the whole answer.
    pub async fn deliver(&self, attachment: Attachment) -> Result<(), LedgerError> {
        let seq = attachment.seq;
        let text = "UPDATE orders SET delivered = 1 WHERE seq = ?";
        let noted = self.run(move |sql| run(sql, text, [seq])).await;
        drop(attachment);
        noted
    }

    /// The tasks of orders that nobody waits for: the program ended meanwhile.
    pub async fn open_tasks(&self) -> Result<Vec<OpenTask>, LedgerError> {
        self.run(open_tasks).await
    }

    /// Takes an order up again that an earlier process has sent.
    pub fn take_up(&self, seq: i64) -> UnderWay {
        UnderWay::begin(&self.running, seq)
    }

    /// Forgets answered orders from before `time`, as many as are forgotten at once; returns
    /// their pictures.
    pub async fn forget(&self, time: i64) -> Result<Vec<String>, LedgerError> {
        self.run(move |sql| forget(sql, time)).await
    }

    /// How many orders are under way.
    pub fn under_way(&self) -> usize {
        self.running.count()
    }
}

fn conclude(
    sql: &Connection,
    seq: i64,
    ending: Ending,
    answer: &str,
    spending: &Spending,
) -> rusqlite::Result<()> {
    if let Some((caller, worst)) = account::of_order(sql, seq)? {
        account::add(sql, &caller, &worst, -1)?;
        account::add(sql, &caller, spending, 1)?;
    }
    let text =
        "UPDATE orders SET state = ?, answer = ?, images = ?, cost = ?, currency = ? WHERE seq = ?";
    let (images, cost) = (spending.images, spending.cost.map(|cost| cost.0));
    let values = (ending.name(), answer, images, cost, &spending.currency, seq);
    run(sql, text, values)
}

fn open_tasks(sql: &Connection) -> rusqlite::Result<Vec<OpenTask>> {
    let text = "SELECT seq, task_id, api, document, model, request FROM orders
        WHERE state = 'sending' AND task_id IS NOT NULL";
    all(sql, text, [], |row| {
        let request: String = row.get("request")?;
        Ok(
            from_row!(row => OpenTask: seq, task_id, api, document, model;
            request = serde_json::from_str(&request).unwrap_or_default()),
        )
    })
}

fn forget(sql: &Connection, time: i64) -> rusqlite::Result<Vec<String>> {
    let text = "DELETE FROM orders WHERE seq IN (
            SELECT seq FROM orders WHERE state <> 'sending' AND time < ? LIMIT ?
        ) RETURNING coalesce(answer, '')";
    let answers: Vec<String> = all(sql, text, (time, MOST_FORGOTTEN), |row| row.get(0))?;
    let answers = answers
        .iter()
        .filter_map(|answer| serde_json::from_str::<Answer>(answer).ok());
    let pictures = answers.flat_map(|answer| answer.pictures);
    Ok(pictures
        .filter_map(|picture| match picture {
            Picture::Saved(name) => Some(name),
            Picture::Unsaved { .. } => None,
        })
        .collect())
}
