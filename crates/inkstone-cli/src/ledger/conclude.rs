//! Notes what became of orders.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::database::{all, run};
use crate::ledger::account::{self, Spending};
use crate::ledger::answer::{Answer, Ending, OrderState, Picture};
use crate::ledger::clock::now;
use crate::ledger::retention::Retention;
use crate::ledger::running::{Attachment, Running};
use crate::ledger::unfinished::KeptReply;
use crate::ledger::{Ledger, LedgerError};

/// How many orders are forgotten at a time.
pub const MOST_FORGOTTEN: usize = 1000;

/// What became of an order.
#[derive(Clone)]
pub struct Conclusion {
    pub ending: Ending,
    pub answer: Arc<Answer>,
    pub spending: Spending,
    /// The reply, where a picture of it is not saved.
    pub reply: Option<KeptReply>,
}

/// An order that was forgotten.
#[derive(Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Its files: pictures, and a reply of which some are not saved.
    pub files: Vec<String>,
    /// What of it stays; `None` where a ledger of before does not tell.
    pub retention: Option<Retention>,
}

impl Ledger {
    /// Notes what became of an order.
    pub async fn conclude(&self, seq: i64, conclusion: &Conclusion) -> Result<(), LedgerError> {
        let conclusion = conclusion.clone();
        self.run(move |sql| conclude(sql, seq, &conclusion)).await
    }

    /// Notes that a caller has had the whole answer.
    pub async fn deliver(&self, attachment: Attachment) -> Result<(), LedgerError> {
        let seq = attachment.seq;
        let text = "UPDATE orders SET delivered = 1 WHERE seq = ?";
        let noted = self.run(move |sql| run(sql, text, [seq])).await;
        drop(attachment);
        noted
    }

    /// Forgets orders that were answered before `time` and are not to stay, as many as are
    /// forgotten at once.
    pub async fn forget(&self, time: i64) -> Result<Vec<Forgotten>, LedgerError> {
        let running = self.running.clone();
        self.run(move |sql| forget(sql, &running, time)).await
    }

    /// How many orders are under way.
    pub fn under_way(&self) -> usize {
        self.running.count()
    }
}

fn conclude(sql: &Connection, seq: i64, conclusion: &Conclusion) -> rusqlite::Result<()> {
    let spending = &conclusion.spending;
    if let Some((caller, worst)) = account::of_order(sql, seq)? {
        account::add(sql, &caller, &worst, -1)?;
        account::add(sql, &caller, spending, 1)?;
    }
    let text = "UPDATE orders SET state = ?, answer = ?, answered = ?, reply = ?, images = ?,
        cost = ?, currency = ?, task_id = coalesce(task_id, ?) WHERE seq = ?";
    let answer = serde_json::to_string(&*conclusion.answer).unwrap_or_default();
    let reply = conclusion.reply.as_ref();
    let reply = reply.and_then(|reply| serde_json::to_string(reply).ok());
    let (images, cost) = (spending.images, spending.cost.map(|cost| cost.0));
    let state = OrderState::Ended(conclusion.ending);
    let task_id = &conclusion.answer.task_id;
    let values = params![
        state,
        answer,
        now(),
        reply,
        images,
        cost,
        spending.currency,
        task_id,
        seq
    ];
    run(sql, text, values)
}

fn forget(sql: &Connection, running: &Running, time: i64) -> rusqlite::Result<Vec<Forgotten>> {
    let text = "SELECT seq, retention, coalesce(answer, ''), coalesce(reply, '') FROM orders
        WHERE answered < ? AND retention IS NOT 'order' LIMIT ?";
    type Found = (i64, Option<Retention>, String, String);
    let found: Vec<Found> = all(sql, text, (time, MOST_FORGOTTEN), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut forgotten = Vec::new();
    for (seq, retention, answer, reply) in found {
        // Somebody asked for it again, and more may become of it.
        if running.find(seq).is_some() || running.is_attached(seq) {
            continue;
        }
        run(sql, "DELETE FROM orders WHERE seq = ?", [seq])?;
        let answer: Answer = serde_json::from_str(&answer).unwrap_or_default();
        let reply: KeptReply = serde_json::from_str(&reply).unwrap_or_default();
        let pictures = answer.pictures.into_iter().filter_map(saved);
        forgotten.push(Forgotten {
            files: pictures.chain(answer.kept).chain(reply.file).collect(),
            retention,
        });
    }
    Ok(forgotten)
}

/// The picture's file, if it is saved.
fn saved(picture: Picture) -> Option<String> {
    match picture {
        Picture::Saved(name) => Some(name),
        Picture::Unsaved { .. } => None,
    }
}
