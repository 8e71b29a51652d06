//! The journal: what the server was asked.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::journal::entry::JournalEntry;
use crate::journal::stats::Stats;

const MOST_ENTRIES: usize = 100_000;

/// The latest entries.
#[derive(Default)]
pub struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    next: u64,
    stats: Stats,
    kept: VecDeque<JournalEntry>,
}

impl Journal {
    /// Adds an entry, which gets its number here, and counts its request.
    pub fn record(&self, mut entry: JournalEntry, body: &[u8]) {
        let mut pages = self.pages();
        pages.stats.count(&entry, body);
        entry.seq = pages.next;
        pages.next += 1;
        if pages.kept.len() == MOST_ENTRIES {
            pages.kept.pop_front();
        }
        pages.kept.push_back(entry);
    }

    pub fn entries(&self) -> Vec<JournalEntry> {
        self.pages().kept.iter().cloned().collect()
    }

    pub fn stats(&self) -> Stats {
        self.pages().stats.clone()
    }

    /// The entries, or those of one kind: submitted or not.
    pub fn json(&self, submitted: Option<bool>) -> String {
        let entries = self.entries();
        let lines: Vec<_> = entries
            .iter()
            .filter(|entry| submitted.is_none_or(|wanted| entry.submitted == wanted))
            .map(|entry| entry.json().to_string())
            .collect();
        match lines.is_empty() {
            true => "[]\n".into(),
            false => format!("[\n{}\n]\n", lines.join(",\n")),
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        // A panic elsewhere can't leave an entry half added.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
