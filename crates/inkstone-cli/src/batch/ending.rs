//! The end of a run: the contact sheet, the summary, and what there is to say.

use std::path::Path;
use std::time::{Duration, Instant};

use tr::tr;

use crate::batch::conclusion;
use crate::batch::journal::Journal;
use crate::batch::reserve::note;
use crate::batch::sheet;
use crate::batch::state::State;
use crate::batch::stop_reason::StopReason;
use crate::batch::summary;
use crate::client::interrupt::Interrupt;
use crate::console;
use crate::error::{CliError, Code};
use crate::pricing::prices::Prices;

/// What the end of a run needs.
pub struct Ending<'a> {
    pub journal: &'a Journal,
    pub out: &'a Path,
    /// Where it is read, as it is shown.
    pub shown: String,
    pub prices: &'a Prices,
    /// Whether it was only a rehearsal, of which money is no matter.
    pub is_sandbox: bool,
    pub as_json: bool,
    pub began: Instant,
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
        let stop = worked.as_ref().map_or(None, Clone::clone);
        let stop = stop.as_ref();
        if worked.is_err() && !self.journal.is_in(self.out) {
            return worked.map(drop);
        }
        let sheet = sheet::write(self.journal, self.out, self.is_sandbox, interrupt).await;
        let concluded = conclusion::conclude(self.journal, stop, note::is_pending(self.out));
        let ended = [worked.map(drop), concluded, sheet];
        let first = ended.iter().find_map(|ended| ended.as_ref().err());
        let summary = self.summarize(stop, first.map(|error| error.code));
        let errors = ended.into_iter().chain([summary]).filter_map(Result::err);
        errors.reduce(CliError::and).map_or(Ok(()), Err)
    }

    /// Writes the summary, and tells of it: two lines for people, all of it for programs.
    fn summarize(&self, stop: Option<&StopReason>, code: Option<Code>) -> Result<(), CliError> {
        let prices = (!self.is_sandbox).then_some(self.prices);
        summary::write(self.journal, self.out, prices, stop, code, self.as_json)?;
        match self.as_json {
            true => Ok(()),
            false => self
                .lines()?
                .iter()
                .try_for_each(|line| console::line(line)),
        }
    }

    /// As in `50 done, 74 pictures, 32.20 CNY → out/index.html`, and where the rest stands.
    fn lines(&self) -> Result<[String; 2], CliError> {
        let found = self.journal.states()?;
        let states = State::ALL.iter().filter_map(|state| {
            let count = found.get(state).filter(|count| **count > 0)?;
            Some(format!("{count} {}", state.shown()))
        });
        let mut parts: Vec<String> = states.collect();
        let pictures = self.journal.saved_pictures()?;
        parts.push(tr!("{n} picture" | "{n} pictures" % pictures));
        if !self.is_sandbox {
            parts.push(self.journal.cost_text()?);
        }
        let shown = self.shown.trim_end_matches('/');
        let (sheet, summary) = (
            format!("{shown}/index.html"),
            format!("{shown}/summary.json"),
        );
        let time = humantime::format_duration(Duration::from_secs(self.began.elapsed().as_secs()));
        let time = time.to_string();
        Ok([
            format!("{} → {sheet}", parts.join(&tr!(", "))),
            tr!(
                "after {time}; the whole account is in {summary}",
                time,
                summary
            ),
        ])
    }
}
