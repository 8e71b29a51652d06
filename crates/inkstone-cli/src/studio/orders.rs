//! What pages ordered: what still runs, and what became of the rest.

use std::collections::HashSet;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tr::tr;

/// How many requests run at once, each in a process of its own.
const MOST: usize = 16;

/// Of how many orders is known what became of them.
const KEPT: usize = 300;

/// How long an order that ended waits for its page, which asks several times a second.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a page that asked may take to be answered.
const ANSWERING: Duration = Duration::from_millis(100);

/// How often a page asks at least, also one that nobody looks at.
const ROUND: Duration = Duration::from_millis(1_200);

/// The orders of this run.
#[derive(Default)]
pub struct Orders(Mutex<State>);

#[derive(Default)]
struct State {
    /// In the order in which they came.
    all: Vec<Order>,
    /// The names of those that were dropped: they are not sent again either.
    dropped: HashSet<String>,
    is_closed: bool,
}

/// What a page orders.
pub struct Asked {
    /// As the page calls it.
    pub id: String,
    pub is_real: bool,
    /// What was filled in, without the bytes of pictures.
    pub request: Value,
}

struct Order {
    asked: Asked,
    /// What became of it; `None` while it runs.
    end: Option<End>,
}

struct End {
    answer: Value,
    at: Instant,
    /// When a page was told first.
    told: Option<Instant>,
    /// Whether the terminal is to be told, and was not.
    is_news: bool,
    /// Whether somebody read it, and wants to read it no more.
    is_dismissed: bool,
}

impl Orders {
    /// Starts an order and notes it: what is noted is under way. One that is known is not sent
    /// again: this is `None`.
    pub fn begin<T>(
        &self,
        asked: Asked,
        start: impl FnOnce() -> io::Result<T>,
    ) -> Result<Option<T>, String> {
        let mut state = self.state();
        if state.is_closed {
            return Err(tr!("the studio is ending: nothing was sent"));
        }
        if asked.id.is_empty() {
            return Err(tr!("the order has no name: nothing was sent"));
        }
        if state.all.iter().any(|order| order.asked.id == asked.id) {
            return Ok(None);
        }
        if state.dropped.contains(&asked.id) {
            return Err(tr!(
                "this order was sent long ago, and what became of it is not known any more: look \
                 at the pictures; nothing was sent again"
            ));
        }
        if state.running().count() >= MOST {
            return Err(tr!(
                "{most} requests are running: wait for one; nothing was sent",
                most = MOST
            ));
        }
        let started = start().map_err(|error| unsent(&error))?;
        state.all.push(Order { asked, end: None });
        state.forget();
        Ok(Some(started))
    }

    /// Notes what became of an order.
    pub fn end(&self, id: &str, answer: Value) {
        let mut state = self.state();
        let is_news = state.is_closed;
        if let Some(order) = state.find(id) {
            order.end = Some(End {
                answer,
                at: Instant::now(),
                told: None,
                is_news: is_news && order.asked.is_real,
                is_dismissed: false,
            });
        }
    }

    /// An order, as a page is told; `None` where it is not known here.
    pub fn tell(&self, id: &str) -> Option<Value> {
        self.state().find(id).map(Order::tell)
    }

    /// All orders, as a page is told.
    pub fn tell_all(&self) -> Vec<Value> {
        self.state().all.iter_mut().map(Order::tell).collect()
    }

    /// Has pages that are opened later not tell of the order's failure any more.
    pub fn dismiss(&self, id: &str) {
        let mut state = self.state();
        let end = state.find(id).and_then(|order| order.end.as_mut());
        if let Some(end) = end {
            end.is_dismissed = true;
        }
    }

    /// Takes no more orders. What ended before and no page was told of is news as well.
    pub fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        for order in &mut state.all {
            let is_real = order.asked.is_real;
            if let Some(end) = &mut order.end {
                end.is_news |= is_real && end.told.is_none();
            }
        }
    }

    /// How many orders run that are paid for.
    pub fn paid(&self) -> usize {
        let state = self.state();
        state.running().filter(|order| order.asked.is_real).count()
    }

    /// Whether an order that is paid for runs, or ended and its page is still to be told.
    pub fn are_awaited(&self) -> bool {
        let state = self.state();
        let mut paid = state.all.iter().filter(|order| order.asked.is_real);
        paid.any(|order| order.end.as_ref().is_none_or(End::is_awaited))
    }

    /// The paid orders that ended since no more are taken, or of which no page was told before, once
    /// each.
    pub fn news(&self) -> Vec<Value> {
        let mut state = self.state();
        let new = state.all.iter_mut().filter_map(|order| {
            let end = order.end.as_mut()?;
            std::mem::take(&mut end.is_news).then(|| order.json())
        });
        new.collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere can't leave an order half noted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&mut self, id: &str) -> Option<&mut Order> {
        self.all.iter_mut().find(|order| order.asked.id == id)
    }

    fn running(&self) -> impl Iterator<Item = &Order> {
        self.all.iter().filter(|order| order.end.is_none())
    }

    /// Drops the oldest orders that ended: first those that nobody has to be told of.
    fn forget(&mut self) {
        while self.all.len() > KEPT {
            let settled = self.all.iter().position(Order::is_settled);
            let ended = || self.all.iter().position(|order| order.end.is_some());
            let Some(at) = settled.or_else(ended) else {
                return;
            };
            let dropped = self.all.remove(at);
            self.dropped.insert(dropped.asked.id);
        }
    }
}

impl Order {
    /// Whether it ended, and there is nothing of it that a page has to tell.
    fn is_settled(&self) -> bool {
        self.end.as_ref().is_some_and(|end| {
            !self.asked.is_real || end.is_dismissed || end.answer["error"].is_null()
        })
    }

    fn tell(&mut self) -> Value {
        if let Some(end) = &mut self.end {
            // The first time counts: who asks again and again holds up nothing.
            end.told.get_or_insert_with(Instant::now);
        }
        self.json()
    }

    fn json(&self) -> Value {
        let end = self.end.as_ref();
        json!({
            "order": self.asked.id,
            "real": self.asked.is_real,
            "request": self.asked.request,
            "answer": end.map(|end| &end.answer),
            "closed": end.is_some_and(|end| end.is_dismissed),
        })
    }
}

impl End {
    fn is_awaited(&self) -> bool {
        match self.told {
            // Another page asks for the same within a round of its own.
            Some(told) => told.elapsed() < ANSWERING || self.at.elapsed() < ROUND,
            None => self.at.elapsed() < PATIENCE,
        }
    }
}

/// What is said where a request could not be started.
pub fn unsent(error: &io::Error) -> String {
    tr!(
        "the request can't be sent: {error}; nothing was sent",
        error
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(orders: &Orders, id: &str) -> Result<Option<()>, String> {
        let asked = Asked {
            id: id.to_owned(),
            is_real: id.starts_with("paid"),
            request: json!({"prompt": id}),
        };
        orders.begin(asked, || Ok(()))
    }

    #[test]
    fn an_order_is_sent_once_and_only_so_many_run() {
        let orders = Orders::default();
        assert_eq!(begin(&orders, "paid"), Ok(Some(())));
        assert_eq!(begin(&orders, "paid"), Ok(None));
        let nameless = "the order has no name: nothing was sent";
        assert_eq!(begin(&orders, "").unwrap_err(), nameless);
        for number in 1..MOST {
            assert_eq!(begin(&orders, &number.to_string()), Ok(Some(())));
        }
        let full = "16 requests are running: wait for one; nothing was sent";
        assert_eq!(begin(&orders, "more").unwrap_err(), full);
        assert_eq!(orders.paid(), 1);
        orders.end("paid", json!({"images": []}));
        assert_eq!(orders.paid(), 0);
        let mut known = json!({"order": "paid", "real": true, "request": {"prompt": "paid"},
            "answer": {"images": []}, "closed": false});
        assert_eq!(orders.tell("paid"), Some(known.clone()));
        orders.dismiss("paid");
        known["closed"] = true.into();
        assert_eq!(orders.tell("paid"), Some(known));
        assert_eq!(orders.tell("more"), None);
        orders.close();
        let ending = "the studio is ending: nothing was sent";
        assert_eq!(begin(&orders, "more").unwrap_err(), ending);
    }

    #[test]
    fn what_can_not_be_started_is_no_order() {
        let orders = Orders::default();
        let asked = Asked {
            id: "paid".to_owned(),
            is_real: true,
            request: json!({}),
        };
        let failed = orders.begin::<()>(asked, || Err(io::Error::other("no room")));
        let expected = "the request can't be sent: no room; nothing was sent";
        assert_eq!(failed.unwrap_err(), expected);
        assert_eq!((orders.tell("paid"), orders.paid()), (None, 0));
    }

    #[test]
    fn what_ends_after_the_last_order_is_news_and_waits_for_its_page() {
        let orders = Orders::default();
        for id in ["paid before", "paid unseen", "paid", "free"] {
            begin(&orders, id).unwrap();
        }
        orders.end("paid before", json!({}));
        orders.tell("paid before");
        orders.end("paid unseen", json!({}));
        orders.close();
        assert!(orders.are_awaited());
        assert_eq!(orders.news()[0]["order"], "paid unseen");
        orders.end("paid", json!({"images": []}));
        orders.end("free", json!({}));
        let news = orders.news();
        assert_eq!((news.len(), &news[0]["order"]), (1, &json!("paid")));
        assert!(orders.news().is_empty() && orders.are_awaited());
        orders.tell_all();
        assert!(orders.are_awaited());
        std::thread::sleep(ROUND);
        // Who asks again holds up nothing.
        orders.tell_all();
        assert!(!orders.are_awaited());
    }

    #[test]
    fn the_oldest_orders_are_dropped_and_last_those_that_a_page_has_to_tell() {
        let orders = Orders::default();
        begin(&orders, "running").unwrap();
        begin(&orders, "paid in vain").unwrap();
        orders.end("paid in vain", json!({"error": "no"}));
        for number in 0..KEPT {
            let id = number.to_string();
            begin(&orders, &id).unwrap();
            orders.end(&id, json!({"error": "no"}));
        }
        let all = orders.tell_all();
        assert_eq!(all.len(), KEPT);
        let names: Vec<&str> = all.iter().filter_map(|one| one["order"].as_str()).collect();
        assert_eq!(names[..3], ["running", "paid in vain", "2"]);
        let again = "this order was sent long ago, and what became of it is not known any more: \
            look at the pictures; nothing was sent again";
        assert_eq!(begin(&orders, "0").unwrap_err(), again);
    }
}
