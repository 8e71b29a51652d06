//! The events of YAML. Those of a long text are parsed on another processor while the first of
//! them are read.

use std::sync::mpsc;
use std::thread;

use saphyr_parser::{Event, Parser, ScanError, Span};

/// An event and where it is; or why the text is not YAML.
pub(super) type Next<'t> = Result<(Event<'t>, Span), ScanError>;

/// How many bytes a text has at least for which a thread is worth its start.
const LONG: usize = 1 << 16;

/// How many events are handed over at once, and how many times that many may wait.
const BATCH: usize = 512;
const WAITING: usize = 8;

/// Calls `read` with the events of `text`.
pub(super) fn of<'t, T>(
    text: &'t str,
    read: impl FnOnce(&mut dyn Iterator<Item = Next<'t>>) -> T,
) -> T {
    if text.len() < LONG {
        return read(&mut Parser::new_from_str(text));
    }
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(WAITING);
        let parse = move || {
            let mut events = Parser::new_from_str(text);
            loop {
                let batch: Vec<Next<'t>> = events.by_ref().take(BATCH).collect();
                // Nobody waits for more where what was read is enough.
                if batch.is_empty() || sender.send(batch).is_err() {
                    return;
                }
            }
        };
        match thread::Builder::new().spawn_scoped(scope, parse) {
            Ok(_) => read(&mut batches.into_iter().flatten()),
            // Some systems have no threads, or no more.
            Err(_) => read(&mut Parser::new_from_str(text)),
        }
    })
}
