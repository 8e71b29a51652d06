//! Whether a run begins more jobs.

use tr::tr;

use crate::batch::execution::job_result::JobEnding;
use crate::batch::stop_reason::{MOST_FAILURES, StopReason};
use crate::error::{CliError, Code, worst};

/// Whether a run begins more jobs, and why not.
#[derive(Default)]
pub struct RunState {
    pub stop: Option<StopReason>,
    /// Why the batch can't go on.
    pub error: Option<CliError>,
    /// The codes of jobs that failed in a row.
    failures: Vec<Code>,
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
            JobEnding::Done | JobEnding::Refused => self.failures.clear(),
            JobEnding::Account => self.stop(StopReason::Account),
            JobEnding::Disk => self.stop(StopReason::Disk),
            JobEnding::Unnoted(why) => self.stop(StopReason::Journal(why)),
            JobEnding::Failed(code) => {
                self.failures.push(code);
                if self.failures.len() >= MOST_FAILURES {
                    let code = worst(&self.failures).unwrap_or(code);
                    self.stop(StopReason::Failures(code));
                }
            }
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

#[cfg(test)]
mod tests {
    use super::RunState;
    use crate::batch::execution::job_result::JobEnding;
    use crate::batch::stop_reason::{MOST_FAILURES, StopReason};
    use crate::error::Code;

    #[test]
    fn why_no_more_jobs_are_begun_is_kept() {
        let mut state = RunState::default();
        state.ended(JobEnding::Unnoted("no room".to_owned()));
        state.ended(JobEnding::Disk);
        let stop = state.conclude().unwrap().unwrap();
        assert_eq!(
            (stop.code(), stop.text().as_str()),
            (Code::Unsaved, "no room")
        );
        assert_eq!(serde_json::to_value(stop).unwrap(), "journal");
    }

    #[test]
    fn failures_in_a_row_end_with_the_worst_of_their_codes() {
        let mut state = RunState::default();
        state.ended(JobEnding::Failed(Code::OutcomeUnknown));
        state.ended(JobEnding::Done);
        for _ in 1..MOST_FAILURES {
            state.ended(JobEnding::Failed(Code::NotSent));
            assert!(state.goes_on());
        }
        state.ended(JobEnding::Failed(Code::Throttled));
        let stop = state.conclude().unwrap().unwrap();
        assert_eq!(stop, StopReason::Failures(Code::Throttled));
        assert_eq!(serde_json::to_value(stop).unwrap(), "failures");
    }
}
