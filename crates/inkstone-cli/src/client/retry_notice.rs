//! Says that a request waits to be sent again.

use std::time::Duration;

use indicatif::ProgressBar;
use inkstone::{Hook, Pause, Stage};

use tr::tr;

use crate::console;

/// Prints a line for each pause before another attempt.
pub struct RetryNotice {
    bar: ProgressBar,
    /// What is sent again, as in `job "cat"`.
    subject: Option<String>,
}

impl RetryNotice {
    /// Notices that don't break up `bar`.
    pub fn new(bar: &ProgressBar, subject: Option<String>) -> Self {
        Self {
            bar: bar.clone(),
            subject,
        }
    }
}

impl Hook for RetryNotice {
    fn pausing(&self, pause: &Pause<'_>) {
        let subject = self.subject.as_ref();
        let subject = subject.map_or_else(String::new, |subject| format!("{subject}: "));
        let why = why(pause.error.stage().into());
        let (next, most) = (pause.next, pause.most);
        let pause = shown(pause.length);
        let text = tr!(
            "{subject}{why}, attempt {next} of {most} in {pause}",
            subject,
            why,
            next,
            most,
            pause
        );
        self.bar.suspend(|| console::progress(&text));
    }
}

fn why(stage: Stage) -> String {
    match stage {
        Stage::Throttled => tr!("throttled"),
        Stage::NotSent => tr!("the API can't be reached"),
        Stage::Refused => tr!("an input could not be fetched"),
        _ => tr!("no answer"),
    }
}

/// A pause in words: whole seconds, or tenths of one.
fn shown(pause: Duration) -> String {
    match pause.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{:.0} s", seconds.ceil()),
        seconds => format!("{:.1} s", seconds.max(0.1)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::shown;

    #[test]
    fn a_pause_is_told_in_seconds() {
        let cases = [
            (0, "0.1 s"),
            (440, "0.4 s"),
            (1000, "1 s"),
            (2100, "3 s"),
            (60_000, "60 s"),
        ];
        for (milliseconds, expected) in cases {
            assert_eq!(shown(Duration::from_millis(milliseconds)), expected);
        }
    }
}
