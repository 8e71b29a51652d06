//! Paths in a value, by numbers: the same mismatches are told one step further out over and
//! over, at thousands of places.

use std::collections::HashMap;
use std::rc::Rc;

use super::numbers::NumberMap;

/// A path in a value: the number of a JSON pointer, with `*` for any item or property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Path(usize);

/// The number of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Step(usize);

impl Path {
    /// The path to the value itself.
    pub const HERE: Self = Self(0);
}

impl Step {
    /// The step to a property without a name.
    const EMPTY: Self = Self(0);
}

/// All paths, each once.
pub(crate) struct Paths {
    steps: Vec<Rc<str>>,
    numbers: HashMap<Rc<str>, Step>,
    paths: Vec<Steps>,
    known: NumberMap<(Step, Path), Path>,
}

/// A step, and the path from there.
struct Steps {
    first: Step,
    rest: Path,
    last: Step,
    /// How long the pointer is.
    length: usize,
}

impl Default for Paths {
    fn default() -> Self {
        let here = Steps {
            first: Step::EMPTY,
            rest: Path::HERE,
            last: Step::EMPTY,
            length: 0,
        };
        Self {
            steps: vec!["".into()],
            numbers: HashMap::from([("".into(), Step::EMPTY)]),
            paths: vec![here],
            known: NumberMap::default(),
        }
    }
}

impl Paths {
    /// The steps of a JSON pointer, the last one first.
    pub fn steps(&mut self, pointer: &str) -> Vec<Step> {
        // Before the first `/` there is nothing.
        let steps = pointer.split('/').skip(1);
        let mut steps: Vec<Step> = steps.map(|step| self.step(step)).collect();
        steps.reverse();
        steps
    }

    fn step(&mut self, name: &str) -> Step {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let (step, name) = (Step(self.steps.len()), Rc::from(name));
        self.steps.push(Rc::clone(&name));
        self.numbers.insert(name, step);
        step
    }

    /// The path from a value that these steps lead out of, the last step first.
    pub fn nested(&mut self, steps: &[Step], path: Path) -> Path {
        steps
            .iter()
            .fold(path, |rest, step| self.after(*step, rest))
    }

    fn after(&mut self, first: Step, rest: Path) -> Path {
        let next = Path(self.paths.len());
        let path = *self.known.entry((first, rest)).or_insert(next);
        if path == next {
            let length = self.length(rest) + 1 + self.steps[first.0].len();
            let last = match rest == Path::HERE {
                true => first,
                false => self.last(rest),
            };
            self.paths.push(Steps {
                first,
                rest,
                last,
                length,
            });
        }
        path
    }

    /// How long a path is, as a JSON pointer.
    pub fn length(&self, path: Path) -> usize {
        self.paths[path.0].length
    }

    /// The last step of a path, which is empty where there is none.
    pub fn last(&self, path: Path) -> Step {
        self.paths[path.0].last
    }

    /// Whether a path leads to any item or property.
    pub fn is_to_any(&self, path: Path) -> bool {
        &*self.steps[self.last(path).0] == "*"
    }

    /// A path as a JSON pointer.
    pub fn pointer(&self, path: Path) -> String {
        let mut pointer = String::with_capacity(self.length(path));
        let mut rest = path;
        while rest != Path::HERE {
            let steps = &self.paths[rest.0];
            pointer.push('/');
            pointer.push_str(&self.steps[steps.first.0]);
            rest = steps.rest;
        }
        pointer
    }
}
