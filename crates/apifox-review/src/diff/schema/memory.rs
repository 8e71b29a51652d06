//! What was found out of conjunctions: alternatives are compared with alternatives, and the
//! same comes up again and again, in one question and in others.
//!
//! Remembering changes no answer. What relied on an assumption, or was given up, is not
//! remembered. What is remembered costs the fuel that asking again would cost, and is asked
//! again where that would not do.

use std::rc::Rc;

use serde_json::Value;

use super::conjunction::Conjunction;
use super::inclusion::{ALL_FUEL, SchemaComparison};
use super::mismatch::Mismatch;
use super::node::NodeId;
use super::numbers::NumberMap;

/// How much is remembered at most.
const MOST_REMEMBERED: usize = 250_000;

/// What was found out, and what is to be paid for it.
#[derive(Debug, Default)]
pub(super) struct Memory {
    known: NumberMap<Key, (Rc<[Mismatch]>, u32)>,
    /// The fuel of the open question that was spent on what will not be asked again.
    pub paid_once: u32,
}

/// The number of a conjunction, what refuses some of it, the depth of nesting, and whether one
/// mismatch is enough.
type Key = (usize, Refusing, u32, bool);

/// A schema, or the value of one of its keywords.
pub(super) type Refusing = (NodeId, Option<*const Value>);

/// The fuel at some time, and what of it was spent once and for all.
#[derive(Clone, Copy)]
pub(super) struct Meter {
    fuel: u32,
    paid_once: u32,
}

impl<'d> SchemaComparison<'d> {
    /// What is found out of a conjunction and `refusing`, which may be known already.
    pub(super) fn remembered(
        &mut self,
        conjunction: &Conjunction<'d>,
        refusing: Refusing,
        ask: impl FnOnce(&mut Self) -> Vec<Mismatch>,
    ) -> Vec<Mismatch> {
        let number = conjunction.number(&mut self.numbers).order;
        let key = (number, refusing, self.depth, self.is_brief);
        if let Some((found, cost)) = self.memory.known.get(&key).cloned()
            && self.fuel > cost
            && self.spent + u64::from(cost) < ALL_FUEL
        {
            self.fuel -= cost;
            self.spent += u64::from(cost);
            return found.to_vec();
        }
        let (assumed, given_up) = (self.assumed, self.given_up);
        let meter = self.meter();
        let found = ask(self);
        let is_certain = assumed == self.assumed
            && given_up == self.given_up
            && self.fuel > 0
            && self.spent < ALL_FUEL;
        if is_certain && self.memory.known.len() < MOST_REMEMBERED {
            let once = self.memory.paid_once - meter.paid_once;
            let cost = meter.fuel - self.fuel - once;
            self.memory.known.insert(key, (found.clone().into(), cost));
        }
        found
    }

    pub(super) fn meter(&self) -> Meter {
        Meter {
            fuel: self.fuel,
            paid_once: self.memory.paid_once,
        }
    }

    /// Notes that what was spent since then will not be spent again.
    pub(super) fn is_known_now(&mut self, since: Meter) {
        self.memory.paid_once = since.paid_once + (since.fuel - self.fuel);
    }
}
