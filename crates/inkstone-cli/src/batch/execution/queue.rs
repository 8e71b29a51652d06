//! The order in which jobs are run.

use crate::batch::journal::Journal;
use crate::batch::journal::transitions::JobRecord;
use crate::batch::state::State;
use crate::error::CliError;

/// First the replies whose pictures are missing, then the running tasks, then the requests
/// to be sent.
pub struct Queue<'a> {
    journal: &'a Journal,
    /// The states that are searched first, with the last job found; `None` when there are no more.
    searched: [(State, Option<i64>); 2],
    submitted: i64,
    put_back: Option<JobRecord>,
}

impl<'a> Queue<'a> {
    pub fn new(journal: &'a Journal) -> Self {
        Self {
            journal,
            // Tasks that this process submits wait after the search has passed them.
            searched: [(State::Replied, Some(0)), (State::Waiting, Some(0))],
            submitted: 0,
            put_back: None,
        }
    }

    /// The next job, with the state that it is in.
    pub fn next(&mut self) -> Result<Option<(State, JobRecord)>, CliError> {
        if let Some(record) = self.put_back.take() {
            return Ok(Some((State::Queued, record)));
        }
        for (state, last) in &mut self.searched {
            let Some(after) = *last else { continue };
            let found = self.journal.next(*state, after)?;
            *last = found.as_ref().map(|record| record.seq);
            if let Some(record) = found {
                return Ok(Some((*state, record)));
            }
        }
        let found = self.journal.next(State::Queued, self.submitted)?;
        self.submitted = found.as_ref().map_or(self.submitted, |record| record.seq);
        Ok(found.map(|record| (State::Queued, record)))
    }

    /// Returns a job that could not be sent yet.
    pub fn put_back(&mut self, record: JobRecord) {
        self.put_back = Some(record);
    }
}
