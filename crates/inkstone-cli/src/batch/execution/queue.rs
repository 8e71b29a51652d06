//! The order in which jobs are run.

use crate::batch::journal::Journal;
use crate::batch::journal::transitions::JobRecord;
use crate::batch::state::State;
use crate::error::CliError;

/// First the replies whose pictures are missing, then the running tasks, then the requests
/// to be sent.
pub struct Queue<'a> {
    journal: &'a Journal,
    /// The last job of each kind; `None` when there are no more.
    fetched: Option<i64>,
    waited: Option<i64>,
    submitted: i64,
    put_back: Option<JobRecord>,
}

impl<'a> Queue<'a> {
    pub fn new(journal: &'a Journal) -> Self {
        Self {
            journal,
            fetched: Some(0),
            waited: Some(0),
            submitted: 0,
            put_back: None,
        }
    }

    /// The next job, with the state that it is in.
    pub fn next(&mut self) -> Result<Option<(State, JobRecord)>, CliError> {
        if let Some(record) = self.put_back.take() {
            return Ok(Some((State::Queued, record)));
        }
        if let Some(record) = next_of(self.journal, State::Replied, &mut self.fetched)? {
            return Ok(Some((State::Replied, record)));
        }
        // Tasks that this process submits get this state after the search has passed them.
        if let Some(record) = next_of(self.journal, State::Waiting, &mut self.waited)? {
            return Ok(Some((State::Waiting, record)));
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

/// The next job in a state, after the last one found.
fn next_of(
    journal: &Journal,
    state: State,
    last: &mut Option<i64>,
) -> Result<Option<JobRecord>, CliError> {
    let Some(after) = *last else {
        return Ok(None);
    };
    let found = journal.next(state, after)?;
    *last = found.as_ref().map(|record| record.seq);
    Ok(found)
}
