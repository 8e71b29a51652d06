//! Which tasks a list is of.

use crate::tasks::task::Task;
use crate::tasks::timestamp;

/// The query of a list of tasks.
#[derive(Default)]
pub struct Filter {
    pub model: Option<String>,
    pub status: Option<String>,
    /// Times of which only the digits count: a later time is the larger text.
    pub start: Option<String>,
    pub end: Option<String>,
}

impl Filter {
    pub fn matches(&self, task: &Task) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        let time = digits(&timestamp::text(task.submitted));
        // A date without a time is the whole day.
        let is_after = |start: &String| digits(start) <= time;
        let is_before = |end: &String| time.starts_with(&digits(end)) || time < digits(end);
        is(&self.model, &task.job.model)
            && is(&self.status, task.status().name())
            && self.start.as_ref().is_none_or(is_after)
            && self.end.as_ref().is_none_or(is_before)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
