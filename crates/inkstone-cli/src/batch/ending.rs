//! The end of a run: the contact sheet, the summary, and what there is to say.

use std::path::Path;

use crate::batch::conclusion;
use crate::batch::journal::Journal;
use crate::batch::reserve::note;
use crate::batch::sheet;
use crate::batch::stop_reason::StopReason;
use crate::batch::summary;
use crate::client::interrupt::Interrupt;
use crate::error::CliError;
use crate::pricing::prices::Prices;

/// What the end of a run needs.
pub struct Ending<'a> {
    pub journal: &'a Journal,
    pub out: &'a Path,
    pub prices: &'a Prices,
}

impl Ending<'_> {
    /// Writes the contact sheet and the summary of what was done, and fails if not all of it
    /// was. Where one of them can't be written, the others are all the same.
    pub async fn conclude(
        &self,
        worked: Result<Option<StopReason>, CliError>,
        interrupt: &mut Interrupt,
    ) -> Result<(), CliError> {
        // A signal that ended the jobs does not end this as well.
        interrupt.rearm();
        let stop = worked.as_ref().map_or(None, |stop| *stop);
        if worked.is_err() && !self.journal.is_in(self.out) {
            return worked.map(drop);
        }
        let sheet = sheet::write(self.journal, self.out, interrupt).await;
        let summary = summary::write(self.journal, self.out, self.prices, stop);
        let concluded = conclusion::conclude(self.journal, stop, note::is_pending(self.out));
        let results = [worked.map(drop), concluded, sheet, summary];
        let errors = results.into_iter().filter_map(Result::err);
        match errors.reduce(joined) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// The first error, with what the other says.
fn joined(mut first: CliError, other: CliError) -> CliError {
    first.details.push(other.message);
    first.details.extend(other.details);
    first
}
