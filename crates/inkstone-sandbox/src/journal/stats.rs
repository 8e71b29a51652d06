//! Counts of all requests.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::journal::entry::JournalEntry;

/// How many models and clients are counted one by one: their names come from
/// requests, and must not fill the memory.
const MOST_NAMES: usize = 1000;
/// How many different bodies are counted one by one.
const MOST_BODIES: usize = 1_000_000;

/// Counts of all requests since the server started, whether the journal still has
/// them or not.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Requests, and connections that a script ended unread.
    pub requests: u64,
    /// Generations that were accepted.
    pub submitted: u64,
    /// The same by the model that was asked for.
    pub models: BTreeMap<String, u64>,
    /// The same by what the client calls itself in the header `X-Sandbox-Client`.
    pub clients: BTreeMap<String, u64>,
    /// How often each body was submitted, by its hash.
    bodies: HashMap<u64, u64>,
}

impl Stats {
    /// How many different bodies were submitted, up to a million.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.bodies.len()
    }

    /// How often the body was submitted that was submitted most.
    #[must_use]
    pub fn most_of_one(&self) -> u64 {
        self.bodies.values().copied().max().unwrap_or(0)
    }

    pub(crate) fn count(&mut self, entry: &JournalEntry, body: &[u8]) {
        self.requests += 1;
        if !entry.submitted {
            return;
        }
        self.submitted += 1;
        add(&mut self.models, entry.model.as_ref());
        add(&mut self.clients, entry.client.as_ref());
        let hash = inkstone_painting::hash(&[body]);
        if self.bodies.len() < MOST_BODIES || self.bodies.contains_key(&hash) {
            *self.bodies.entry(hash).or_default() += 1;
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "requests": self.requests,
            "submitted": self.submitted,
            "models": self.models,
            "clients": self.clients,
            "distinct": self.distinct(),
            "most_of_one": self.most_of_one(),
        })
    }
}

fn add(counts: &mut BTreeMap<String, u64>, name: Option<&String>) {
    let Some(name) = name else {
        return;
    };
    if counts.len() < MOST_NAMES || counts.contains_key(name) {
        *counts.entry(name.clone()).or_default() += 1;
    }
}
