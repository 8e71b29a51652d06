//! Shows how far a batch is: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::batch::journal::Journal;
use crate::batch::journal::tally::Spent;
use crate::exit::Failure;
use crate::output;

/// How often a bar is brought up to date.
const OFTEN: Duration = Duration::from_millis(500);

/// How often a line is written.
const SELDOM: Duration = Duration::from_secs(30);

/// The progress of a batch.
pub struct Ticker {
    bar: Option<ProgressBar>,
    total: u64,
    done_before: u64,
    began: Instant,
    shown: Instant,
}

impl Ticker {
    /// Starts; `quiet` where other lines would come between.
    pub fn start(journal: &Journal, quiet: bool) -> Result<Self, Failure> {
        let (total, done_before) = (journal.jobs()?, done(journal)?);
        let is_shown = !quiet && stderr().is_terminal();
        let now = Instant::now();
        Ok(Self {
            bar: is_shown.then(|| bar(total, done_before)),
            total,
            done_before,
            began: now,
            shown: now,
        })
    }

    /// Shows how far it is, unless that was shown a moment ago.
    pub fn tick(&mut self, journal: &Journal) -> Result<(), Failure> {
        let interval = if self.bar.is_some() { OFTEN } else { SELDOM };
        if self.shown.elapsed() < interval {
            return Ok(());
        }
        self.shown = Instant::now();
        let done = done(journal)?;
        let words = format!("{}, {}", self.rate(done), cost(&journal.spent()?));
        match &self.bar {
            Some(bar) => {
                bar.set_position(done);
                bar.set_message(words);
            }
            None => output::progress(&format!("{done}/{} done, {words}", self.total)),
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

    /// Says something between two ticks.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| output::progress(text)),
            None => output::progress(text),
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64, done: u64) -> ProgressBar {
    let bar = ProgressBar::new(total).with_position(done);
    let template = "{bar:24} {pos}/{len} done, {msg} ({elapsed})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message("starting");
    bar.enable_steady_tick(OFTEN);
    bar
}

fn done(journal: &Journal) -> Result<u64, Failure> {
    Ok(journal.states()?.get("done").copied().unwrap_or_default())
}

/// What has been spent, in words.
pub fn cost(spent: &Spent) -> String {
    let cost = spent.cost.iter();
    let mut parts: Vec<_> = cost
        .map(|(currency, sum)| format!("{sum} {currency}"))
        .collect();
    if spent.unpriced > 0 {
        parts.push(format!("{} pictures at unknown cost", spent.unpriced));
    }
    match parts.is_empty() {
        true => "nothing spent".to_owned(),
        false => parts.join(" and "),
    }
}
