//! The orders that are under way in this process, and who waits for their answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::ledger::answer::Answer;

/// An answer, once there is one.
pub type Awaited = watch::Receiver<Option<Arc<Answer>>>;

/// Waits for an answer; there is none where the order was given up.
pub async fn answer(mut awaited: Awaited) -> Option<Arc<Answer>> {
    let answered = awaited.wait_for(Option::is_some).await;
    answered.ok().and_then(|answer| answer.clone())
}

/// The orders that are under way, and how many callers are connected for each order.
#[derive(Default)]
pub struct Running(Mutex<Orders>);

#[derive(Default)]
struct Orders {
    awaited: HashMap<i64, Awaited>,
    attached: HashMap<i64, u32>,
}

impl Running {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of an order that is under way.
    pub fn find(&self, seq: i64) -> Option<Awaited> {
        self.orders().awaited.get(&seq).cloned()
    }

    /// Whether somebody is connected who gets the answer.
    pub fn is_attached(&self, seq: i64) -> bool {
        self.orders().attached.contains_key(&seq)
    }

    /// How many are under way.
    pub fn count(&self) -> usize {
        self.orders().awaited.len()
    }
}

/// An order that is under way, until this is dropped.
#[must_use = "an order that is noted as being sent is to be sent"]
pub struct UnderWay {
    pub seq: i64,
    answer: watch::Sender<Option<Arc<Answer>>>,
    /// What those who wait are told if this is given up.
    before: Option<Arc<Answer>>,
    running: Arc<Running>,
}

impl UnderWay {
    pub fn begin(running: &Arc<Running>, seq: i64) -> Self {
        let (answer, awaited) = watch::channel(None);
        running.orders().awaited.insert(seq, awaited);
        Self {
            seq,
            answer,
            before: None,
            running: running.clone(),
        }
    }

    /// An order that is gone on with, of which so much was known before.
    pub fn again(running: &Arc<Running>, seq: i64, before: Option<&Answer>) -> Self {
        let mut begun = Self::begin(running, seq);
        begun.before = before.cloned().map(Arc::new);
        begun
    }

    pub fn awaited(&self) -> Awaited {
        self.answer.subscribe()
    }

    /// Gives the answer to all who wait.
    pub fn answer(&self, answer: Arc<Answer>) {
        self.answer.send_replace(Some(answer));
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            self.answer.send_if_modified(|answer| {
                let is_open = answer.is_none();
                answer.get_or_insert(before);
                is_open
            });
        }
        self.running.orders().awaited.remove(&self.seq);
    }
}

/// A caller that is connected for the answer of an order, until this is dropped.
pub struct Attachment {
    pub seq: i64,
    running: Arc<Running>,
}

impl Attachment {
    pub fn new(running: &Arc<Running>, seq: i64) -> Self {
        *running.orders().attached.entry(seq).or_default() += 1;
        Self {
            seq,
            running: running.clone(),
        }
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        let mut orders = self.running.orders();
        if let Some(count) = orders.attached.get_mut(&self.seq) {
            *count -= 1;
            if *count == 0 {
                orders.attached.remove(&self.seq);
            }
        }
    }
}
