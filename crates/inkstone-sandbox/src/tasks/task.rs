//! A task, and how far it is.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use crate::pictures::render_job::RenderJob;
use crate::tasks::stages::{Hold, Stage, Status};

/// How long the results of a task are kept.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// A task, and the states that are still before it.
#[derive(Clone)]
pub struct Task {
    pub id: String,
    pub job: RenderJob,
    pub submitted: SystemTime,
    /// When it left PENDING, and when it came to its end.
    pub scheduled: Option<SystemTime>,
    pub ended: Option<SystemTime>,
    stages: VecDeque<Stage>,
    /// How often it was queried in its present state, and since when it is in it.
    polls: u64,
    since: Instant,
}

impl Task {
    pub fn new(id: String, job: RenderJob, stages: Vec<Stage>) -> Self {
        Self {
            id,
            job,
            submitted: SystemTime::now(),
            scheduled: None,
            ended: None,
            stages: stages.into(),
            polls: 0,
            since: Instant::now(),
        }
    }

    pub fn stage(&self) -> Option<&Stage> {
        self.stages.front()
    }

    pub fn status(&self) -> Status {
        self.stage().map_or(Status::Unknown, |stage| stage.status)
    }

    /// Advances to the state that it has by now.
    pub fn catch_up(&mut self) {
        self.note_times();
        while let (true, Some(Hold::Time(time))) =
            (self.stages.len() > 1, self.stage().map(|stage| stage.hold))
        {
            if self.since.elapsed() < time {
                break;
            }
            let since = self.since + time;
            self.advance();
            self.since = since;
        }
    }

    /// Counts a query, which may be the last in this state.
    pub fn count_poll(&mut self) {
        self.polls += 1;
        match self.stage().map(|stage| stage.hold) {
            Some(Hold::Polls(most)) if self.stages.len() > 1 && self.polls >= most => {
                self.advance();
            }
            _ => {}
        }
    }

    fn advance(&mut self) {
        self.stages.pop_front();
        self.polls = 0;
        self.since = Instant::now();
        self.note_times();
    }

    fn note_times(&mut self) {
        let status = self.status();
        let now = SystemTime::now();
        if status != Status::Pending {
            self.scheduled.get_or_insert(now);
        }
        if status.is_final() {
            self.ended.get_or_insert(now);
        }
    }

    /// Cancels it, unless it has begun: then its status is the error.
    pub fn cancel(&mut self) -> Result<(), Status> {
        match self.status() {
            Status::Pending => {
                self.stages = [Stage::new(Status::Canceled)].into();
                self.note_times();
                Ok(())
            }
            other => Err(other),
        }
    }

    /// Whether it is too old to be kept.
    pub fn has_expired(&self) -> bool {
        self.submitted.elapsed().is_ok_and(|age| age > LIFETIME)
    }
}
