//! A line on the terminal that says what is going on, and for how long.

use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line on the terminal, which is gone when this is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows a message; `quiet` hides it where log lines would break it up.
    pub fn start(message: String, quiet: bool) -> Self {
        if quiet || !stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// The bar itself, for what is printed beside it.
    pub fn bar(&self) -> &ProgressBar {
        &self.0
    }

    pub fn say(&self, message: String) {
        self.0.set_message(message);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
