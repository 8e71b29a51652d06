//! What is played next?

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::Method;
use serde_json::{Value, json};

use crate::step::{Effect, Step, Target};
use crate::wire::How;

/// The steps that are still to be played, in order.
#[derive(Default)]
pub struct Script(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    next: u64,
    steps: VecDeque<Step>,
}

/// What a step may be for.
pub struct Asked<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    /// The path of the documents that it belongs to, as in `/tasks/{task_id}`.
    pub template: Option<&'a str>,
    pub kind: Kind,
    pub model: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Generation,
    Submission,
    Task,
    Image,
    Other,
}

impl Script {
    /// Adds steps at the end, all or none, or in place of those there are.
    pub fn add(&self, json: &Value, replace: bool) -> Result<(), String> {
        let items = match json {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut queue = self.queue();
        let first = queue.next;
        let read = |(index, item)| {
            let step = Step::read(item, first + index as u64);
            step.map_err(|error| format!("step {index}: {error}"))
        };
        let steps: Result<Vec<_>, _> = items.iter().enumerate().map(read).collect();
        let steps = steps?;
        if replace {
            queue.steps.clear();
        }
        queue.next += steps.len() as u64;
        queue.steps.extend(steps);
        Ok(())
    }

    pub fn clear(&self) {
        self.queue().steps.clear();
    }

    /// What is left to play: each step as it was written, with its number, and how
    /// often it is still played.
    pub fn json(&self) -> Value {
        let steps = &self.queue().steps;
        let shown = steps.iter().map(|step| {
            let mut shown = step.effect.json.clone();
            shown["number"] = step.effect.number.into();
            shown["times"] = step.left.map_or_else(|| json!("always"), Value::from);
            shown
        });
        shown.collect()
    }

    /// Takes the step that a request is for: the first that fits.
    pub fn take(&self, asked: &Asked<'_>) -> Option<Arc<Effect>> {
        let mut queue = self.queue();
        let index = queue.steps.iter().position(|step| step.fits(asked))?;
        queue.play(index)
    }

    /// Takes the next step if it ends connections before their requests are read.
    pub fn refuses_connection(&self) -> Option<(How, u64)> {
        let mut queue = self.queue();
        let how = queue.steps.front()?.is_unread()?;
        let effect = queue.play(0)?;
        Some((how, effect.number))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Steps are added and counted whole, whoever panicked meanwhile.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn play(&mut self, index: usize) -> Option<Arc<Effect>> {
        let step = self.steps.get_mut(index)?;
        let effect = step.effect.clone();
        match &mut step.left {
            None => {}
            Some(left) if *left > 1 => *left -= 1,
            Some(_) => drop(self.steps.remove(index)),
        }
        Some(effect)
    }
}

impl Step {
    fn fits(&self, asked: &Asked<'_>) -> bool {
        let is_for = match &self.on {
            Target::Any => true,
            Target::Generation => matches!(asked.kind, Kind::Generation | Kind::Submission),
            Target::Submission => asked.kind == Kind::Submission,
            Target::Task => asked.kind == Kind::Task,
            Target::Image => asked.kind == Kind::Image,
            Target::Route(method, path) => {
                let is_path = path == asked.path || Some(path.as_str()) == asked.template;
                method == asked.method && is_path
            }
        };
        let model = self.model.as_deref();
        self.is_unread().is_none() && is_for && model.is_none_or(|_| model == asked.model)
    }
}
