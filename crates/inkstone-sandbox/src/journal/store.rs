//! The journal: what the server was asked.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::journal::entry::JournalEntry;
use crate::journal::stats::Stats;

const MOST_ENTRIES: usize = 100_000;

/// What is called with each entry.
pub type AccessLog = Arc<dyn Fn(&JournalEntry) + Send + Sync>;

/// The latest entries.
pub struct Journal {
    // A panic elsewhere can't leave an entry half added.
    pages: Mutex<Pages>,
    log: Option<AccessLog>,
}

#[derive(Default)]
struct Pages {
    next: u64,
    stats: Stats,
    kept: VecDeque<JournalEntry>,
}

impl Journal {
    pub fn new(log: Option<AccessLog>) -> Self {
        Self {
            pages: Mutex::default(),
            log,
        }
    }

    /// Adds an entry, which gets its number here, and counts its request.
    pub fn record(&self, mut entry: JournalEntry, body: &[u8]) {
        let mut pages = self.pages.lock();
        pages.stats.count(&entry, body);
        entry.seq = pages.next;
        pages.next += 1;
        if let Some(log) = &self.log {
            log(&entry);
        }
        if pages.kept.len() == MOST_ENTRIES {
            pages.kept.pop_front();
        }
        pages.kept.push_back(entry);
    }

    pub fn entries(&self) -> Vec<JournalEntry> {
        self.pages.lock().kept.iter().cloned().collect()
    }

    pub fn stats(&self) -> Stats {
        self.pages.lock().stats.clone()
    }

    /// The entries from a number on, or those of one kind: submitted or not.
    pub fn json(&self, submitted: Option<bool>, from: u64) -> String {
        let pages = self.pages.lock();
        let new = pages.kept.iter().filter(|entry| entry.seq >= from);
        let lines: Vec<_> = new
            .filter(|entry| submitted.is_none_or(|wanted| entry.submitted == wanted))
            .map(|entry| entry.json().to_string())
            .collect();
        match lines.is_empty() {
            true => "[]\n".into(),
            false => format!("[\n{}\n]\n", lines.join(",\n")),
        }
    }
}
