//! An order: a request that was checked, and who asks for it.

use inkstone::Operation;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use crate::hex::request_hash;
use crate::ledger::account::{Budget, Spending};
use crate::ledger::claim::Identity;
use crate::output::input::{self, Input};
use crate::pricing::quote::Quote;
use crate::pricing::worst::Worst;

/// A request that was checked, and who asks for it.
pub struct Order {
    pub caller: String,
    pub identity: Identity,
    pub budget: Budget,
    pub operation: &'static Operation,
    pub model: String,
    pub body: Value,
    /// The files that its pictures are from.
    pub inputs: Vec<Input>,
    pub price: OrderPrice,
    /// Whether an order that becomes a task is answered as soon as it is one.
    pub leaves_task: bool,
    /// The room in memory that the body takes, and the caller's turn: held as long as the
    /// order is.
    pub _permits: Vec<OwnedSemaphorePermit>,
}

/// What an order may cost.
pub struct OrderPrice {
    worst: Worst,
    currency: String,
}

impl OrderPrice {
    pub fn new(quote: &Quote) -> Self {
        Self {
            worst: quote.worst(),
            currency: quote.currency.clone(),
        }
    }

    /// The most that it may make and cost.
    pub fn worst(&self) -> Spending {
        self.of(self.worst.pictures)
    }

    /// What so many pictures cost, which were made.
    pub fn of(&self, pictures: u32) -> Spending {
        Spending {
            images: pictures.into(),
            cost: self.worst.cost(pictures),
            currency: self.currency.clone(),
        }
    }
}

impl Order {
    /// Identifies the request: a hash of its document and its body, in which the order of
    /// fields does not count.
    pub fn hash(&mut self) -> String {
        let names = [self.operation.api, self.operation.name];
        request_hash(&names, &mut self.body)
    }

    /// What it may cost, when it is sent: its turn is over.
    pub fn into_price(self) -> OrderPrice {
        self.price
    }

    /// The request as the ledger keeps it.
    pub fn shortened(&self) -> String {
        input::shortened(&self.body, &self.inputs).to_string()
    }
}
