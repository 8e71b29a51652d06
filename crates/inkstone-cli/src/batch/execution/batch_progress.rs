//! Shows the progress of a batch: a bar on a terminal, occasional lines elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tr::tr;

use crate::batch::journal::Journal;
use crate::batch::state::State;
use crate::console;
use crate::error::CliError;

/// How often a bar is updated.
const BAR_INTERVAL: Duration = Duration::from_millis(500);

/// How often a line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// When the first line is written: whoever waits wants to know that it goes on.
const FIRST_LINE: Duration = Duration::from_secs(10);

/// The progress of a batch.
pub struct BatchProgress {
    /// Hidden where lines are written instead.
    bar: ProgressBar,
    total: u64,
    ended_before: u64,
    began: Instant,
    /// When it is to be shown again.
    due: Instant,
    is_sandbox: bool,
}

impl BatchProgress {
    /// Starts; `quiet` hides the bar where log lines would break it up.
    pub fn start(journal: &Journal, quiet: bool, is_sandbox: bool) -> Result<Self, CliError> {
        let (total, done_before) = (journal.jobs()?, done(journal)?);
        let is_shown = !quiet && stderr().is_terminal();
        let now = Instant::now();
        Ok(Self {
            bar: match is_shown {
                true => bar(total, done_before),
                false => ProgressBar::hidden(),
            },
            total,
            ended_before: ended(journal)?,
            began: now,
            due: match is_shown {
                true => now + BAR_INTERVAL,
                false => now + FIRST_LINE,
            },
            is_sandbox,
        })
    }

    /// Shows the progress, unless it was shown a moment ago.
    pub fn tick(&mut self, journal: &Journal) -> Result<(), CliError> {
        let now = Instant::now();
        if now < self.due {
            return Ok(());
        }
        let done = done(journal)?;
        let words = self.words(journal, done)?;
        if self.bar.is_hidden() {
            let total = self.total;
            console::progress(&tr!("{done}/{total} done, {words}", done, total, words));
            self.due = now + LINE_INTERVAL;
        } else {
            self.bar.set_position(done);
            self.bar.set_message(words);
            self.due = now + BAR_INTERVAL;
        }
        Ok(())
    }

    /// Ends when [`tick`](Self::tick) has something to show, whether or not a job ends.
    pub async fn due(&self) {
        tokio::time::sleep_until(self.due.into()).await;
    }

    /// What is not done and has ended all the same, the pace, the cost, and the time left.
    fn words(&self, journal: &Journal, done: u64) -> Result<String, CliError> {
        let ended = ended(journal)?;
        let mut words = Vec::new();
        if ended > done {
            let failed = ended - done;
            words.push(tr!("{failed} not made", failed));
        }
        words.push(self.rate(ended));
        if !self.is_sandbox {
            words.push(journal.cost_text()?);
        }
        words.extend(self.time_left(ended));
        Ok(words.join(", "))
    }

    /// How long the rest takes at the pace so far.
    fn time_left(&self, ended: u64) -> Option<String> {
        let here = ended
            .checked_sub(self.ended_before)
            .filter(|here| *here > 0)?;
        let left = self.total.checked_sub(ended).filter(|left| *left > 0)?;
        let seconds = self.began.elapsed().as_secs_f64() / here as f64 * left as f64;
        let left = Duration::try_from_secs_f64(seconds.ceil()).ok()?;
        let left = humantime::format_duration(left).to_string();
        Some(tr!("{left} left", left))
    }

    fn rate(&self, ended: u64) -> String {
        let seconds = self.began.elapsed().as_secs_f64();
        let ended = ended.saturating_sub(self.ended_before) as f64;
        match ended / seconds.max(1.0) {
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
    let template = "{bar:12} {pos}/{len} {msg} ({elapsed})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(tr!("starting"));
    bar.enable_steady_tick(BAR_INTERVAL);
    bar
}

fn done(journal: &Journal) -> Result<u64, CliError> {
    let found = journal.states()?;
    Ok(found.get(&State::Done).copied().unwrap_or_default())
}

/// How many jobs need no more waiting in this run.
fn ended(journal: &Journal) -> Result<u64, CliError> {
    let ended = |state: &State| {
        !matches!(
            state,
            State::Queued | State::Submitting | State::Waiting | State::Replied
        )
    };
    let found = journal.states()?;
    let ended = State::ALL.iter().filter(|state| ended(state));
    Ok(ended.filter_map(|state| found.get(state)).sum())
}
