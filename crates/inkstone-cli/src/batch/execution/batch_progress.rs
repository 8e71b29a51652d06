//! Shows the progress of a batch: a bar on a terminal, occasional lines elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::batch::journal::Journal;
use crate::console;
use crate::error::CliError;

/// How often a bar is updated.
const BAR_INTERVAL: Duration = Duration::from_millis(500);

/// How often a line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// The progress of a batch.
pub struct BatchProgress {
    /// Hidden where lines are written instead.
    bar: ProgressBar,
    total: u64,
    done_before: u64,
    began: Instant,
    shown: Instant,
}

impl BatchProgress {
    /// Starts; `quiet` hides the bar where log lines would break it up.
    pub fn start(journal: &Journal, quiet: bool) -> Result<Self, CliError> {
        let (total, done_before) = (journal.jobs()?, done(journal)?);
        let is_shown = !quiet && stderr().is_terminal();
        let now = Instant::now();
        Ok(Self {
            bar: match is_shown {
                true => bar(total, done_before),
                false => ProgressBar::hidden(),
            },
            total,
            done_before,
            began: now,
            shown: now,
        })
    }

    /// Shows the progress, unless it was shown a moment ago.
    pub fn tick(&mut self, journal: &Journal) -> Result<(), CliError> {
        let interval = match self.bar.is_hidden() {
            false => BAR_INTERVAL,
            true => LINE_INTERVAL,
        };
        if self.shown.elapsed() < interval {
            return Ok(());
        }
        self.shown = Instant::now();
        let done = done(journal)?;
        let words = format!("{}, {}", self.rate(done), journal.spent()?.text());
        match self.bar.is_hidden() {
            false => {
                self.bar.set_position(done);
                self.bar.set_message(words);
            }
            true => console::progress(&format!("{done}/{} done, {words}", self.total)),
        }
        Ok(())
    }

    fn rate(&self, done: u64) -> String {
        let seconds = self.began.elapsed().as_secs_f64();
        let done = done.saturating_sub(self.done_before) as f64;
        match done / seconds.max(1.0) {
            rate if rate >= 1.0 => format!("{rate:.1}/s"),
            rate => format!("{:.1}/min", rate * 60.0),
        }
    }

    /// Prints a line without disturbing the bar.
    pub fn say(&self, text: &str) {
        self.bar.suspend(|| console::progress(text));
    }

    /// The bar itself, for what is printed beside it.
    pub fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

impl Drop for BatchProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn bar(total: u64, done: u64) -> ProgressBar {
    let bar = ProgressBar::new(total).with_position(done);
    let template = "{bar:24} {pos}/{len} done, {msg} ({elapsed})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message("starting");
    bar.enable_steady_tick(BAR_INTERVAL);
    bar
}

fn done(journal: &Journal) -> Result<u64, CliError> {
    Ok(journal.states()?.get("done").copied().unwrap_or_default())
}
