//! Takes orders in, and carries out those that are new, whether or not the caller stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use inkstone::Operation;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tr::tr;

use crate::args::address::AddressArgs;
use crate::console;
use crate::hex::hex_text;
use crate::language::for_user;
use crate::ledger::answer::{Answer, Ending, Failure, Picture};
use crate::ledger::claim::{Claim, Claimed, Taken};
use crate::ledger::clock::now;
use crate::ledger::conclude::Conclusion;
use crate::ledger::retention::Retention;
use crate::ledger::running::UnderWay;
use crate::ledger::{Ledger, LedgerError};
use crate::orders::kept::{self, NotedOrder};
use crate::orders::order::{Order, OrderPrice};
use crate::orders::send::{Sending, Sent, Started};
use crate::orders::targets::Targets;
use crate::output::input;
use crate::output::names::stamp::Stamp;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;

/// How long to wait before what could not be noted is noted again.
const AGAIN: Duration = Duration::from_secs(5);

/// Takes orders in and carries them out.
pub struct Dispatcher {
    pub ledger: Ledger,
    pub targets: Targets,
    pub prices: Prices,
    /// Where requests go, which decides on their prices; none is a sandbox.
    pub address: Option<AddressArgs>,
    /// Where pictures are saved.
    pub out: PathBuf,
    /// What of an order stays. Where pictures do, a file beside each says how it was made.
    pub retention: Retention,
    /// How long after its answer an order is found again by its body.
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
        let named = hex_text(16).map(|token| order_stamp(SystemTime::now(), &order.model, &token));
        let stamp = match named {
            Ok(stamp) => stamp,
            Err(why) => return drop(told.send(Err(LedgerError(why)))),
        };
        // Of a caller who has left, nothing is begun: it may have been waiting here for long, and
        // a later attempt is under way. Nothing is waited for before: attempts are claimed in
        // the order in which they came.
        if told.is_closed() {
            return;
        }
        let claim = self.claim(&mut order, &stamp);
        let (received, new) = match self.ledger.claim(claim).await {
            Ok(Taken::New(under_way, attachment)) => {
                let claimed = Claimed::UnderWay(under_way.awaited(), attachment);
                (Ok(claimed), Some(under_way))
            }
            Ok(Taken::Again(under_way, attachment, unfinished)) => {
                let claimed = Claimed::UnderWay(under_way.awaited(), attachment);
                // Where the caller has left, the pictures are saved all the same.
                let _ = told.send(Ok(claimed));
                drop(order);
                self.go_on(under_way, *unfinished).await;
                return;
            }
            Ok(Taken::Known(claimed)) => (Ok(claimed), None),
            Err(error) => (Err(error), None),
        };
        // Where the caller has left, the attachment is dropped, and the answer lost.
        let _ = told.send(received);
        if let Some(under_way) = new {
            let sent = self.send(under_way.seq, &order, &stamp).await;
            // Others have its turn while it is noted.
            let price = order.into_price();
            self.note((under_way, &stamp), sent, &price).await;
        }
    }

    fn claim(&self, order: &mut Order, stamp: &Stamp) -> Claim {
        Claim {
            caller: order.caller.clone(),
            identity: order.identity.clone(),
            hash: order.hash(),
            api: order.operation.api,
            document: order.operation.name,
            model: order.model.clone(),
            stem: stamp.stem.clone(),
            request: order.shortened(),
            worst: order.price.worst(),
            budget: order.budget.clone(),
            window: self.window,
            retention: self.retention,
            out: self.out.clone(),
        }
    }

    async fn send(&self, seq: i64, order: &Order, stamp: &Stamp) -> Sent {
        let Some(target) = self.targets.get(order.operation) else {
            let api = order.operation.api;
            return unsent(format!("the API {api} has no address here"));
        };
        let sending = Sending {
            target,
            operation: order.operation,
            model: Some(&order.model),
            body: &order.body,
            inputs: &order.inputs,
            uploaded: None,
            noted: Some(NotedOrder {
                ledger: &self.ledger,
                seq,
            }),
            out: &self.out,
            stamp,
            keep: self.retention.keeps_pictures(),
        };
        // What is uploaded is not billed, and the ledger has the order as it came.
        let uploaded = match sending.upload().await {
            Ok(uploaded) => uploaded,
            Err(sent) => return sent,
        };
        let kept = uploaded.as_ref();
        let kept = kept.map(|uploaded| input::with_uploads(&order.body, uploaded, &order.inputs));
        let sending = Sending {
            body: kept.as_ref().unwrap_or(&order.body),
            uploaded: uploaded.as_ref(),
            ..sending
        };
        match sending.begin().await {
            Started::Sent(sent) => *sent,
            Started::Task(task_id, submission) => {
                self.note_task(seq, &task_id, stamp).await;
                if order.leaves_task {
                    return left_to_itself(task_id);
                }
                let sent = sending.wait(&task_id).await;
                drop(submission);
                sent
            }
        }
    }

    /// Notes the task that an order has become. Where it can't be noted now, it is with what becomes
    /// of the order, and a file has it until then.
    async fn note_task(&self, seq: i64, task_id: &str, stamp: &Stamp) {
        if let Err(LedgerError(why)) = self.ledger.note_task(seq, task_id).await {
            console::warning(&for_user(|| {
                tr!("the task {task_id} is not noted: {why}", task_id, why)
            }));
            // It is told, should it be nowhere else.
            let _ = kept::keep_task(&self.out, &stamp.stem, task_id);
        }
    }

    /// Notes what became of an order, and then gives the answer to those who wait. Where it can't
    /// be noted, they get it all the same, and it is noted as soon as it can be.
    pub async fn note(
        &self,
        (under_way, stamp): (UnderWay, &Stamp),
        sent: Sent,
        price: &OrderPrice,
    ) -> Arc<Answer> {
        let answer = Arc::new(sent.answer);
        let conclusion = Conclusion {
            ending: sent.ending,
            answer: answer.clone(),
            spending: match sent.made {
                Some(made) => price.of(made),
                None => price.worst(),
            },
            reply: sent.reply,
        };
        warn_of_unsaved(&answer);
        let seq = under_way.seq;
        let mut is_told = false;
        while let Err(LedgerError(why)) = self.ledger.conclude(seq, &conclusion).await {
            under_way.answer(answer.clone());
            if !is_told {
                console::warning(&for_user(|| {
                    tr!("what became of an order is not noted: {why}", why)
                }));
            }
            is_told = true;
            sleep(AGAIN).await;
        }
        if let Some(done_with) = &sent.done_with {
            kept::remove(&self.out, done_with);
        }
        kept::clear(&self.out, &stamp.stem, &answer);
        under_way.answer(answer.clone());
        answer
    }
}

/// The names of an order's files, which nobody guesses.
pub fn order_stamp(time: SystemTime, model: &str, token: &str) -> Stamp {
    let stamp = Stamp::new(time, model);
    Stamp {
        stem: format!("{}-{token}", stamp.stem),
        ..stamp
    }
}

/// Says where a reply is whose pictures could not all be saved.
fn warn_of_unsaved(answer: &Answer) {
    let is_unsaved = |picture: &&Picture| matches!(picture, Picture::Unsaved { .. });
    let unsaved = answer.pictures.iter().filter(is_unsaved).count();
    let Some(file) = answer.kept.as_ref().filter(|_| unsaved > 0) else {
        return;
    };
    console::warning(&for_user(|| {
        tr!(
            "{n} picture of an order could not be saved; the reply is kept in {file}"
                | "{n} pictures of an order could not be saved; the reply is kept in {file}"
                    % unsaved,
            file = file
        )
    }));
}

/// The answer for an order that can't be sent at all.
fn unsent(message: String) -> Sent {
    let answer = Answer::failed(Failure {
        stage: "configuration".to_owned(),
        message,
        ..Failure::default()
    });
    Sent::without_pictures(Ending::Refused, answer, Some(0))
}

/// The answer for a task that its caller waits for at another time.
fn left_to_itself(task_id: String) -> Sent {
    let answer = Answer {
        created: now(),
        task_id: Some(task_id),
        ..Answer::default()
    };
    Sent::without_pictures(Ending::Done, answer, None)
}
