//! What pages ordered: what still runs, and what became of the rest.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tr::tr;

/// How many requests run at once, each in a process of its own.
const MOST: usize = 16;

/// The orders of this run.
#[derive(Default)]
pub struct Orders(Mutex<State>);

#[derive(Default)]
struct State {
    /// In the order in which they came.
    all: Vec<Order>,
    is_closed: bool,
}

struct Order {
    /// As the page calls it.
    id: String,
    is_real: bool,
    /// As the page sent it.
    request: Value,
    /// What became of it; `None` while it runs.
    answer: Option<Value>,
}

impl Orders {
    /// Notes an order that is about to be sent. One that is known is not to be sent again: this is
    /// false.
    pub fn begin(&self, id: &str, is_real: bool, request: &Value) -> Result<bool, String> {
        let mut state = self.state();
        if state.is_closed {
            return Err(tr!("the studio is ending: nothing was sent"));
        }
        if id.is_empty() {
            return Err(tr!("the order has no name: nothing was sent"));
        }
        if state.find(id).is_some() {
            return Ok(false);
        }
        if state.running().count() >= MOST {
            return Err(tr!(
                "{most} requests are running: wait for one; nothing was sent",
                most = MOST
            ));
        }
        state.all.push(Order {
            id: id.to_owned(),
            is_real,
            request: request.clone(),
            answer: None,
        });
        Ok(true)
    }

    /// Notes what became of an order.
    pub fn end(&self, id: &str, answer: Value) {
        let mut state = self.state();
        let order = state.all.iter_mut().find(|order| order.id == id);
        if let Some(order) = order {
            order.answer = Some(answer);
        }
    }

    /// An order, as a page is told; `None` where it is not known here.
    pub fn find(&self, id: &str) -> Option<Value> {
        self.state().find(id).map(Order::json)
    }

    pub fn all(&self) -> Vec<Value> {
        self.state().all.iter().map(Order::json).collect()
    }

    /// Takes no more orders.
    pub fn close(&self) {
        self.state().is_closed = true;
    }

    /// How many orders run that are paid for.
    pub fn paid(&self) -> usize {
        self.state().running().filter(|order| order.is_real).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere can't leave an order half noted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&self, id: &str) -> Option<&Order> {
        self.all.iter().find(|order| order.id == id)
    }

    fn running(&self) -> impl Iterator<Item = &Order> {
        self.all.iter().filter(|order| order.answer.is_none())
    }
}

impl Order {
    fn json(&self) -> Value {
        json!({
            "order": self.id,
            "real": self.is_real,
            "request": self.request,
            "answer": self.answer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_sent_once_and_only_so_many_run() {
        let orders = Orders::default();
        let begin = |id: &str| orders.begin(id, id == "paid", &json!({"prompt": id}));
        assert_eq!(begin("paid"), Ok(true));
        assert_eq!(begin("paid"), Ok(false));
        let nameless = "the order has no name: nothing was sent";
        assert_eq!(begin("").unwrap_err(), nameless);
        for number in 1..MOST {
            assert_eq!(begin(&number.to_string()), Ok(true));
        }
        let full = "16 requests are running: wait for one; nothing was sent";
        assert_eq!(begin("more").unwrap_err(), full);
        assert_eq!(orders.paid(), 1);
        orders.end("paid", json!({"images": []}));
        assert_eq!(orders.paid(), 0);
        let known = json!({"order": "paid", "real": true, "request": {"prompt": "paid"},
            "answer": {"images": []}});
        assert_eq!(orders.find("paid"), Some(known));
        assert_eq!(orders.find("more"), None);
        orders.close();
        let ending = "the studio is ending: nothing was sent";
        assert_eq!(begin("more").unwrap_err(), ending);
    }
}
