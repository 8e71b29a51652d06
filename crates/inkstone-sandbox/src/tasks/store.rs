//! The latest tasks, by id.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use crate::tasks::filter::Filter;
use crate::tasks::stages::Status;
use crate::tasks::task::Task;

const MOST_TASKS: usize = 100_000;
/// The latest tasks.
// Where a panic left a task in only one of the two lists, it is never found or
// never evicted.
#[derive(Default)]
pub struct Tasks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Task>,
    /// The ids, oldest first.
    ids: VecDeque<String>,
}

impl Tasks {
    pub fn add(&self, task: Task) {
        let mut kept = self.0.lock();
        if kept.ids.len() == MOST_TASKS
            && let Some(oldest) = kept.ids.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
        kept.ids.push_back(task.id.clone());
        kept.by_id.insert(task.id.clone(), task);
    }

    /// A task as it is now. Each query advances it.
    pub fn poll(&self, id: &str) -> Option<Task> {
        let mut kept = self.0.lock();
        let task = kept.by_id.get_mut(id).filter(|task| !task.has_expired())?;
        task.catch_up();
        let seen = task.clone();
        task.count_poll();
        Some(seen)
    }

    /// Cancels a task, unless it has begun or is unknown: then its status is the error.
    pub fn cancel(&self, id: &str) -> Result<(), Status> {
        let mut kept = self.0.lock();
        let task = kept.by_id.get_mut(id).filter(|task| !task.has_expired());
        let task = task.ok_or(Status::Unknown)?;
        task.catch_up();
        task.cancel()
    }

    /// How many tasks match, and one page of them, the latest first.
    pub fn list(&self, filter: &Filter, skip: usize, most: usize) -> (usize, Vec<Task>) {
        let mut kept = self.0.lock();
        let Kept { by_id, ids } = &mut *kept;
        let mut total = 0;
        let mut page = Vec::new();
        for id in ids.iter().rev() {
            let Some(task) = by_id.get_mut(id).filter(|task| !task.has_expired()) else {
                continue;
            };
            task.catch_up();
            if filter.matches(task) {
                total += 1;
                if total > skip && page.len() < most {
                    page.push(task.clone());
                }
            }
        }
        (total, page)
    }
}
