//! Goes on with orders that were begun before: by an earlier process, or by a call that was left.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use inkstone::{Operation, task_query};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::time::sleep;

use crate::args::api::{self, Api};
use crate::client::client_setup::Target;
use crate::hex::{hex, hex_text};
use crate::ledger::LedgerError;
use crate::ledger::answer::{Answer, Ending, Failure};
use crate::ledger::running::{self, UnderWay};
use crate::ledger::unfinished::{KnownTask, Unfinished};
use crate::orders::dispatcher::{Dispatcher, order_stamp};
use crate::orders::kept::NotedOrder;
use crate::orders::order::OrderPrice;
use crate::orders::send::{Sending, Sent};
use crate::output::names::safe_stem;
use crate::output::names::stamp::Stamp;

/// How often the ledger is asked about an order that is being noted.
const PAUSE: Duration = Duration::from_millis(50);

impl Dispatcher {
    /// Goes on with the orders that were under way when an earlier process ended.
    pub async fn resume(self: &Arc<Self>) -> Result<(), LedgerError> {
        for order in self.ledger.stranded().await? {
            if self.reached(&order).is_none() {
                // It stays in the ledger as it is, for a process that has this API.
                continue;
            }
            let under_way = self.ledger.take_up(order.seq);
            let dispatcher = self.clone();
            tokio::spawn(async move { dispatcher.go_on(under_way, order).await });
        }
        Ok(())
    }

    /// The operation of an order, and where its API is reached.
    fn reached(&self, order: &Unfinished) -> Option<(&'static Operation, &Target)> {
        let operation = api::operation(&order.api, &order.document)?;
        Some((operation, self.targets.get(operation)?))
    }

    /// Goes on with an order from where it is, and notes what becomes of it. If nothing does, its
    /// answer stays as it is.
    pub async fn go_on(&self, under_way: UnderWay, order: Unfinished) -> Arc<Answer> {
        let Some((operation, target)) = self.reached(&order) else {
            let message = format!("the API {} has no address here", order.api);
            let answer = order
                .answer
                .unwrap_or_else(|| unknown(&message, order.task_id));
            let answer = Arc::new(answer);
            under_way.answer(answer.clone());
            return answer;
        };
        let quote = self.quote(operation, &order.model, &order.request);
        let stamp = stamp_of(&order);
        let sending = Sending {
            target,
            operation,
            model: Some(&order.model),
            body: &order.request,
            inputs: &[],
            uploaded: None,
            noted: Some(NotedOrder {
                ledger: &self.ledger,
                seq: order.seq,
            }),
            out: &self.out,
            stamp: &stamp,
            keep: order.retention.unwrap_or(self.retention).keeps_pictures(),
        };
        let sent = sending.go_on(&order).await;
        // More is not known than before: those who wait are told why, and the ledger stays as it is.
        if order.answer.is_some() && sent.ending == Ending::Unknown {
            let answer = Arc::new(sent.answer);
            under_way.answer(answer.clone());
            return answer;
        }
        let under_way = (under_way, &stamp);
        self.note(under_way, sent, &OrderPrice::new(&quote)).await
    }

    /// Waits for a task and saves its pictures: with what the ledger knows of it, where it was
    /// submitted here. `None` if no API that has tasks can be reached.
    pub async fn wait_for_task(&self, task_id: &str) -> Result<Option<Arc<Answer>>, LedgerError> {
        loop {
            match self.ledger.task(task_id).await? {
                None => return Ok(self.wait_for_other_task(task_id).await),
                Some(KnownTask::Over(answer)) => return Ok(Some(answer)),
                Some(KnownTask::Open(under_way, order)) => {
                    return Ok(Some(self.go_on(under_way, *order).await));
                }
                Some(KnownTask::Awaited(awaited)) => {
                    // Whoever waits may give up, and an order may be answered with its task.
                    let answer = running::answer(awaited).await;
                    if let Some(answer) = answer.filter(|answer| answer.says_more_than_task()) {
                        return Ok(Some(answer));
                    }
                    // The ledger says so in a moment, or when it can be written again.
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits for a task that was submitted elsewhere: neither its document is known nor its
    /// request.
    async fn wait_for_other_task(&self, task_id: &str) -> Option<Arc<Answer>> {
        let (operation, target) = self.task_api()?;
        // Each wait for the task has the same, so that it finds what is saved.
        let token = hex(&Sha256::digest(task_id)[..8]);
        let stamp = Stamp {
            stem: format!("task-{}-{token}", safe_stem::stem(task_id)),
            ..Stamp::new(SystemTime::now(), "")
        };
        let sending = Sending {
            target,
            operation,
            model: None,
            body: &Value::Null,
            inputs: &[],
            uploaded: None,
            noted: None,
            out: &self.out,
            stamp: &stamp,
            keep: self.retention.keeps_pictures(),
        };
        Some(Arc::new(sending.wait(task_id).await.answer))
    }

    /// The API that tasks are asked about of which nothing is known: the usual one, if it can be
    /// reached.
    pub fn task_api(&self) -> Option<(&'static Operation, &Target)> {
        let usual = Api::all().filter(|api| api.name() == Api::USUAL_FOR_TASKS);
        usual.chain(Api::all()).find_map(|api| {
            let query = task_query(api.name())?;
            Some((query, self.targets.get(query)?))
        })
    }
}

impl Sending<'_> {
    /// Fetches the pictures of an order's kept reply, or waits for its task.
    async fn go_on(&self, order: &Unfinished) -> Sent {
        let task_id = order.task_id.as_deref();
        let why = match &order.reply {
            Some(reply) => match self.save_kept(reply.clone(), task_id).await {
                Ok(sent) => return sent,
                Err(why) => why,
            },
            None => "nothing was kept of it".to_owned(),
        };
        match task_id {
            Some(task_id) => self.wait(task_id).await,
            None => lost(&why, order),
        }
    }
}

/// The names of an order's files, as they were when it came.
fn stamp_of(order: &Unfinished) -> Stamp {
    let since = Duration::from_secs(order.time.try_into().unwrap_or_default());
    let time = SystemTime::UNIX_EPOCH.checked_add(since);
    let time = time.unwrap_or(SystemTime::UNIX_EPOCH);
    match &order.stem {
        Some(stem) => Stamp {
            stem: stem.clone(),
            ..Stamp::new(time, &order.model)
        },
        None => order_stamp(time, &order.model, &hex_text(16).unwrap_or_default()),
    }
}

/// What became of an order whose reply can't be read, for now at least: what was known before.
fn lost(why: &str, order: &Unfinished) -> Sent {
    let message = format!("the kept reply can't be read, {why}; it may have been billed");
    let answer = order.answer.clone();
    let answer = answer.unwrap_or_else(|| unknown(&message, None));
    Sent {
        reply: order.reply.clone(),
        ..Sent::without_pictures(Ending::Unknown, answer, None)
    }
}

fn unknown(message: &str, task_id: Option<String>) -> Answer {
    Answer {
        task_id,
        ..Answer::failed(Failure::unknown(message))
    }
}
