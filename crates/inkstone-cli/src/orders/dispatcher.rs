//! Takes orders in, and carries out those that are new, whether or not the caller stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use inkstone::{Operation, answers_with_task};
use serde_json::Value;
use tokio::sync::oneshot;
use tr::tr;

use crate::args::address::AddressArgs;
use crate::args::api;
use crate::client::client_setup::Target;
use crate::console;
use crate::hex::hex_text;
use crate::language::for_user;
use crate::ledger::answer::{Answer, Ending, Failure};
use crate::ledger::claim::{Claim, Claimed, Taken};
use crate::ledger::clock::now;
use crate::ledger::conclude::OpenTask;
use crate::ledger::running::UnderWay;
use crate::ledger::{Ledger, LedgerError};
use crate::orders::order::{Order, OrderPrice};
use crate::orders::send::{Sending, Sent, Started};
use crate::orders::targets::Targets;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;

/// Takes orders in and carries them out.
pub struct Dispatcher {
    pub ledger: Ledger,
    pub targets: Targets,
    pub prices: Prices,
    /// Where requests go, which decides on their prices; none is a sandbox.
    pub address: Option<AddressArgs>,
    /// Where pictures are saved.
    pub out: PathBuf,
    /// Whether a file beside each picture says how it was made.
    pub keep: bool,
    /// How long an order is found again by its body.
    pub window: Duration,
}

/// What an order was taken for; an error if the ledger can't be written: nothing was sent.
type Received = Result<Claimed, LedgerError>;

impl Dispatcher {
    /// What a request may cost.
    pub fn quote(&self, operation: &Operation, model: &str, body: &Value) -> Quote {
        match &self.address {
            Some(args) => Quote::at(&self.prices, operation, model, body, Some(args)),
            None => Quote::new(&self.prices, operation, model, body, None),
        }
    }

    /// Takes an order in. It is carried out even if nobody waits.
    pub async fn receive(self: &Arc<Self>, order: Order) -> Received {
        let (told, received) = oneshot::channel();
        tokio::spawn(self.clone().take_in(order, told));
        let ended = |_| Err(LedgerError("the order was given up".to_owned()));
        received.await.unwrap_or_else(ended)
    }

    async fn take_in(self: Arc<Self>, mut order: Order, told: oneshot::Sender<Received>) {
        let claim = self.claim(&mut order);
        let (received, new) = match self.ledger.claim(claim).await {
            Ok(Taken::New(under_way, attachment)) => {
                let claimed = Claimed::UnderWay(under_way.awaited(), attachment);
                (Ok(claimed), Some(under_way))
            }
            Ok(Taken::Known(claimed)) => (Ok(claimed), None),
            Err(error) => (Err(error), None),
        };
        // Where the caller has left, the attachment is dropped, and the answer lost.
        let _ = told.send(received);
        if let Some(under_way) = new {
            let sent = self.send(under_way.seq, &order).await;
            self.note(under_way, sent, &order.price).await;
        }
    }

    fn claim(&self, order: &mut Order) -> Claim {
        let hash = order.hash();
        Claim {
            caller: order.caller.clone(),
            identity: order.identity.clone(),
            hash,
            api: order.operation.api,
            document: order.operation.name,
            model: order.model.clone(),
            request: order.shortened(),
            worst: order.price.worst(),
            budget: order.budget.clone(),
            window: self.window,
        }
    }

    /// A request to be sent; `token` is part of the names of its pictures.
    pub fn sending<'a>(
        &'a self,
        (operation, target): (&'a Operation, &'a Target),
        (model, body): (&'a str, &'a Value),
        token: &'a str,
    ) -> Sending<'a> {
        Sending {
            target,
            operation,
            model,
            body,
            out: &self.out,
            token,
            keep: self.keep,
        }
    }

    async fn send(&self, seq: i64, order: &Order) -> Sent {
        let Some(target) = self.targets.get(order.operation) else {
            let api = order.operation.api;
            return unsent(format!("the API {api} has no address here"));
        };
        let token = match hex_text(16) {
            Ok(token) => token,
            Err(why) => return unsent(why),
        };
        let request = (order.model.as_str(), &order.body);
        let sending = self.sending((order.operation, target), request, &token);
        // What is uploaded is not billed, and the ledger has the order as it came.
        let uploaded = match sending.upload().await {
            Ok(uploaded) => uploaded,
            Err(sent) => return sent,
        };
        let sending = Sending {
            body: uploaded.as_ref().unwrap_or(&order.body),
            ..sending
        };
        if !answers_with_task(order.operation) {
            return sending.send().await;
        }
        match sending.submit().await {
            Started::Sent(sent) => *sent,
            Started::Task(task_id, submission) => {
                if let Err(LedgerError(why)) = self.ledger.note_task(seq, &task_id).await {
                    console::warning(&for_user(|| {
                        tr!("the task {task_id} is not noted: {why}", task_id, why)
                    }));
                }
                if order.leaves_task {
                    return left_to_itself(task_id);
                }
                let sent = sending.wait(&task_id).await;
                drop(submission);
                sent
            }
        }
    }

    async fn note(&self, under_way: UnderWay, sent: Sent, price: &OrderPrice) {
        let spending = match sent.made {
            Some(made) => price.of(made),
            None => price.worst(),
        };
        let noted = self
            .ledger
            .conclude(under_way, sent.ending, sent.answer, spending);
        if let Err(LedgerError(why)) = noted.await {
            console::warning(&for_user(|| {
                tr!("what became of an order is not noted: {why}", why)
            }));
        }
    }

    /// Waits for the tasks of orders that an earlier process has submitted.
    pub async fn resume(self: &Arc<Self>) -> Result<(), LedgerError> {
        for task in self.ledger.open_tasks().await? {
            let under_way = self.ledger.take_up(task.seq);
            let dispatcher = self.clone();
            tokio::spawn(async move { dispatcher.wait_again(under_way, task).await });
        }
        Ok(())
    }

    async fn wait_again(&self, under_way: UnderWay, task: OpenTask) {
        let operation = api::operation(&task.api, &task.document);
        let target = operation.and_then(|operation| self.targets.get(operation));
        let (Some(operation), Some(target)) = (operation, target) else {
            // It stays in the ledger as it is, for a process that has this API.
            return;
        };
        let quote = self.quote(operation, &task.model, &task.request);
        let token = hex_text(16).unwrap_or_default();
        let request = (task.model.as_str(), &task.request);
        let sending = self.sending((operation, target), request, &token);
        let sent = sending.wait(&task.task_id).await;
        self.note(under_way, sent, &OrderPrice::new(&quote)).await;
    }
}

/// The answer for an order that can't be sent at all.
fn unsent(message: String) -> Sent {
    Sent {
        ending: Ending::Refused,
        answer: Answer::failed(Failure {
            stage: "configuration".to_owned(),
            message,
            ..Failure::default()
        }),
        made: Some(0),
    }
}

/// The answer for a task that its caller waits for at another time.
fn left_to_itself(task_id: String) -> Sent {
    Sent {
        ending: Ending::Done,
        answer: Answer {
            created: now(),
            task_id: Some(task_id),
            ..Answer::default()
        },
        made: None,
    }
}
