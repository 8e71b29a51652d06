//! The steps of the script that are still to be played.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::script::effect::{CutKind, Effect};
use crate::script::step::{RequestFacts, Step};

/// The steps that are still to be played, in order.
// A panic elsewhere can't leave a step half added or half counted.
#[derive(Default)]
pub struct Script(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    next: u64,
    steps: VecDeque<Step>,
}

impl Script {
    /// Adds steps at the end, or in place of the present ones; all of them or none.
    pub fn add(&self, json: &Value, replace: bool) -> Result<(), String> {
        let items = match json {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut queue = self.0.lock();
        let first = queue.next;
        let read = |(index, item)| {
            let step = Step::read(item, first + index as u64);
            step.map_err(|error| format!("step {index}: {error}"))
        };
        let steps = items.iter().enumerate().map(read);
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        if replace {
            queue.steps.clear();
        }
        queue.next += steps.len() as u64;
        queue.steps.extend(steps);
        Ok(())
    }

    pub fn clear(&self) {
        self.0.lock().steps.clear();
    }

    /// The steps that are left, as they were written, each with its number and how often
    /// it is still played.
    pub fn json(&self) -> Value {
        let steps = &self.0.lock().steps;
        let json = steps.iter().map(|step| {
            let mut shown = step.effect.json.clone();
            shown["number"] = step.effect.number.into();
            shown["times"] = step.left.map_or_else(|| json!("always"), Value::from);
            shown
        });
        json.collect()
    }

    /// Takes the first step that is for a request; without one, nothing happens to it.
    pub fn take(&self, request: &RequestFacts<'_>) -> Arc<Effect> {
        let mut queue = self.0.lock();
        let index = queue.steps.iter().position(|step| step.matches(request));
        index
            .and_then(|index| queue.play(index))
            .unwrap_or_default()
    }

    /// Takes the next step if it ends connections before their requests are read.
    pub fn take_connection_cut(&self) -> Option<(CutKind, Option<u64>)> {
        let mut queue = self.0.lock();
        let kind = queue.steps.front()?.cut_before_request()?;
        let effect = queue.play(0)?;
        Some((kind, effect.number))
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
