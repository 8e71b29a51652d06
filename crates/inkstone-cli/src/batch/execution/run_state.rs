//! Whether a run begins more jobs.

use tr::tr;

use crate::batch::execution::job_result::JobEnding;
use crate::batch::stop_reason::{MOST_FAILURES, StopReason};
use crate::error::CliError;

/// Whether a run begins more jobs, and why not.
#[derive(Default)]
pub struct RunState {
    pub stop: Option<StopReason>,
    /// Why the batch can't go on.
    pub error: Option<CliError>,
    /// How many jobs failed in a row.
    failures: usize,
}

impl RunState {
    pub fn goes_on(&self) -> bool {
        self.stop.is_none() && self.error.is_none()
    }

    /// No more jobs are begun; the first reason counts.
    pub fn stop(&mut self, why: StopReason) {
        self.stop.get_or_insert(why);
    }

    pub fn failed(&mut self, error: CliError) {
        match &mut self.error {
            // What is noted nowhere else must be told of each.
            Some(first) => first.details.extend(error.details),
            None => self.error = Some(error),
        }
    }

    /// A job has ended.
    pub fn ended(&mut self, ending: JobEnding) {
        match ending {
            JobEnding::Done | JobEnding::Refused => self.failures = 0,
            JobEnding::Account | JobEnding::Disk | JobEnding::Failed => self.failures += 1,
        }
        match ending {
            JobEnding::Account => self.stop(StopReason::Account),
            JobEnding::Disk => self.stop(StopReason::Disk),
            _ if self.failures >= MOST_FAILURES => self.stop(StopReason::Failures),
            _ => {}
        }
    }

    /// Why jobs were left that could have been begun.
    pub fn conclude(self) -> Result<Option<StopReason>, CliError> {
        self.error.map_or(Ok(self.stop), Err)
    }
}

/// What is said where somebody is there to press ctrl-c again.
pub fn waiting_for(running: usize) -> String {
    tr!(
        "waiting for 1 running job; press ctrl-c again to quit at once, with its outcome unknown"
            | "waiting for {n} running jobs; press ctrl-c again to quit at once, with their outcome unknown"
                % running
    )
}
