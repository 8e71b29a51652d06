//! Which tasks are there, and how far are they?

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::order::Order;
use crate::plan::{Hold, Stage, Status};
use crate::stamp;

const MOST_TASKS: usize = 100_000;
/// How long the results of a task are kept.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// The latest tasks.
#[derive(Default)]
pub struct Tasks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Task>,
    /// The ids, oldest first.
    ids: VecDeque<String>,
}

/// A task, and the plan it follows.
#[derive(Clone)]
pub struct Task {
    pub id: String,
    pub order: Order,
    pub submitted: SystemTime,
    /// When it left PENDING, and when it came to its end.
    pub scheduled: Option<SystemTime>,
    pub ended: Option<SystemTime>,
    stages: VecDeque<Stage>,
    /// How often it was asked about in its present state, and since when it is in it.
    polls: u64,
    since: Instant,
}

impl Task {
    pub fn new(id: String, order: Order, stages: Vec<Stage>) -> Self {
        Self {
            id,
            order,
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

    /// Goes on to the state that the time asks for.
    fn age(&mut self) {
        self.stamp();
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

    /// Counts a poll, which may be the last in this state.
    fn count(&mut self) {
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
        self.stamp();
    }

    fn stamp(&mut self) {
        let status = self.status();
        let now = SystemTime::now();
        if status != Status::Pending {
            self.scheduled.get_or_insert(now);
        }
        if status.is_final() {
            self.ended.get_or_insert(now);
        }
    }

    fn is_over(&self) -> bool {
        self.submitted.elapsed().is_ok_and(|age| age > LIFETIME)
    }
}

/// Which tasks a list is of.
#[derive(Default)]
pub struct Filter {
    pub model: Option<String>,
    pub status: Option<String>,
    /// Times in digits, of which a later one is the larger text.
    pub start: Option<String>,
    pub end: Option<String>,
}

impl Filter {
    fn fits(&self, task: &Task) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        let time = digits(&stamp::text(task.submitted));
        // A day without a time is all of the day.
        let is_after = |start: &String| digits(start) <= time;
        let is_before = |end: &String| time.starts_with(&digits(end)) || time < digits(end);
        is(&self.model, &task.order.model)
            && is(&self.status, task.status().name())
            && self.start.as_ref().is_none_or(is_after)
            && self.end.as_ref().is_none_or(is_before)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl Tasks {
    pub fn add(&self, task: Task) {
        let mut kept = self.kept();
        if kept.ids.len() == MOST_TASKS
            && let Some(oldest) = kept.ids.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
        kept.ids.push_back(task.id.clone());
        kept.by_id.insert(task.id.clone(), task);
    }

    /// A task as it is now. Asking is what brings it on.
    pub fn poll(&self, id: &str) -> Option<Task> {
        let mut kept = self.kept();
        let task = kept.by_id.get_mut(id).filter(|task| !task.is_over())?;
        task.age();
        let seen = task.clone();
        task.count();
        Some(seen)
    }

    /// Cancels a task that has not begun, or says how far it is.
    pub fn cancel(&self, id: &str) -> Result<(), Status> {
        let mut kept = self.kept();
        let task = kept.by_id.get_mut(id).filter(|task| !task.is_over());
        let task = task.ok_or(Status::Unknown)?;
        task.age();
        match task.status() {
            Status::Pending => {
                task.stages = [Stage::new(Status::Canceled)].into();
                task.stamp();
                Ok(())
            }
            other => Err(other),
        }
    }

    /// The tasks that fit, the latest first: how many, and some of them.
    pub fn list(&self, filter: &Filter, skip: usize, most: usize) -> (usize, Vec<Task>) {
        let mut kept = self.kept();
        let Kept { by_id, ids } = &mut *kept;
        let mut total = 0;
        let mut page = Vec::new();
        for id in ids.iter().rev() {
            let Some(task) = by_id.get_mut(id).filter(|task| !task.is_over()) else {
                continue;
            };
            task.age();
            if filter.fits(task) {
                total += 1;
                if total > skip && page.len() < most {
                    page.push(task.clone());
                }
            }
        }
        (total, page)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A task that is in one of the two lists only is never found, or never evicted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
