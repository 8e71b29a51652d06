//! Looks again into replies that were kept: because no picture was known to be in them, or for
//! pictures whose files are gone.

use std::path::Path;

use inkstone::Image;

use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
use crate::batch::journal::change::Change;
use crate::batch::state::State;
use crate::error::CliError;

/// Has the pictures fetched that are in kept replies after all: to send such a job again
/// would be to pay twice.
pub fn look_again(journal: &Journal, out: &Path) -> Result<(), CliError> {
    let mut after = 0;
    while let Some(job) = journal.next(State::Unknown, after)? {
        after = job.seq;
        let stored = journal.stored_reply(job.seq)?;
        // Without the reply, nothing is known.
        let reply = stored_replies::read(out, stored).unwrap_or_default();
        let images = Image::find(&reply);
        if !images.is_empty() {
            journal.found_pictures(job.seq, images.len()).commit()?;
        }
    }
    fetch_what_is_gone(journal, out)
}

/// Has pictures fetched again that were saved and whose files are gone, or empty. Where the reply
/// is gone too, the job says that they were paid for.
fn fetch_what_is_gone(journal: &Journal, out: &Path) -> Result<(), CliError> {
    let mut changes = None;
    // All of them are committed at once.
    let mut note = |change| {
        if let Some(earlier) = changes.replace(change) {
            Change::commit_with_next(earlier);
        }
    };
    for (seq, gone) in journal.gone(out)? {
        let stored = journal.stored_reply(seq)?;
        let reply = stored_replies::read(out, stored).unwrap_or_default();
        let count = Image::find(&reply).len();
        let (known, lost): (Vec<_>, Vec<_>) =
            gone.into_iter().partition(|(number, _)| *number < count);
        if !lost.is_empty() {
            note(journal.lost(seq, &lost));
        }
        if !known.is_empty() {
            note(journal.fetch_again(seq, &known));
        }
    }
    changes.map_or(Ok(()), Change::commit)
}
