//! What was found out of conjunctions: alternatives are compared with alternatives, and the
//! same comes up again and again, in one question and in others.

use std::rc::Rc;

use serde_json::Value;

use super::mismatch::Mismatch;
use super::node::NodeId;
use super::numbers::NumberMap;

/// How much is remembered at most: answers, and mismatches in them.
const MOST_REMEMBERED: usize = 100_000;
/// The fuel from which on remembering is less work than asking again.
const LEAST_COST: u32 = 8;

/// What was found out, and what is to be paid for it.
#[derive(Debug)]
pub(super) struct Memory {
    known: NumberMap<Key, (Rc<[Mismatch]>, u32)>,
    pub most: usize,
    held: usize,
    /// The fuel of the open question that was spent on what will not be asked again.
    pub paid_once: u32,
}

/// The number of a conjunction, what refuses some of it, the depth of nesting, and whether one
/// mismatch is enough.
pub(super) type Key = (usize, Refusing, u32, bool);

/// A schema, or the value of one of its keywords.
pub(super) type Refusing = (NodeId, Option<*const Value>);

/// The fuel at some time, what of it was spent once and for all, and how often an answer was
/// assumed or given up until then.
#[derive(Clone, Copy)]
pub(super) struct Meter {
    pub fuel: u32,
    pub paid_once: u32,
    pub assumed: u64,
    pub given_up: u64,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            known: NumberMap::default(),
            most: MOST_REMEMBERED,
            held: 0,
            paid_once: 0,
        }
    }
}

impl Memory {
    /// What was found out, and what it costs.
    pub fn get(&self, key: &Key) -> Option<(Rc<[Mismatch]>, u32)> {
        self.known.get(key).cloned()
    }

    pub fn insert(&mut self, key: Key, found: &[Mismatch], cost: u32) {
        let held = self.held.saturating_add(1 + found.len());
        if held <= self.most && cost >= LEAST_COST {
            self.known.insert(key, (found.into(), cost));
            self.held = held;
        }
    }

    /// How much is remembered.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.len()
    }
}
