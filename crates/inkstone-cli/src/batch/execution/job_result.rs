//! How a job ended in this run.

use crate::batch::journal::transitions::JobRecord;
use crate::error::Code;
use crate::output::save_budget::SaveBudget;
use crate::pricing::worst::Worst;

/// A job that has ended, as far as this run goes.
#[derive(Debug)]
pub struct JobResult {
    /// What was reserved for it in the budget.
    pub reserved: Worst,
    /// How many pictures count as paid for.
    pub spent: u32,
    pub ending: JobEnding,
}

/// How it ended, as far as the jobs after it are concerned.
#[derive(Debug)]
pub enum JobEnding {
    Done,
    /// The request itself was at fault.
    Refused,
    /// The key or the account was refused, so all other jobs would be, too.
    Account,
    /// Pictures can't be written: more would be paid for in vain.
    Disk,
    /// The journal does not take what is sent, or became of it; and why not.
    Unnoted(String),
    /// Any other failure, which the next job may meet or not; with its exit code.
    Failed(Code),
}

#[cfg(feature = "fleet")]
impl JobResult {
    /// The result of a job that could not be begun: nothing was sent.
    pub fn damaged() -> Self {
        Self {
            reserved: Worst::default(),
            spent: 0,
            ending: JobEnding::Refused,
        }
    }
}

impl JobRecord {
    /// How many of so many pictures count as made: as many as are saved. An outsider says how
    /// many come.
    pub fn made(&self, came: usize) -> usize {
        came.min(SaveBudget::new(self.worst.pictures).most)
    }

    /// The result of this job, in which so many pictures count as paid for.
    pub fn result(&self, spent: u32, ending: JobEnding) -> JobResult {
        JobResult {
            reserved: self.worst,
            spent,
            ending,
        }
    }
}
