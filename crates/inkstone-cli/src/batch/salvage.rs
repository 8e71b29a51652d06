//! Looks again into replies that were kept because no picture was known to be in them.

use std::path::Path;

use inkstone::Image;

use crate::batch::execution::stored_replies;
use crate::batch::journal::Journal;
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
    Ok(())
}
