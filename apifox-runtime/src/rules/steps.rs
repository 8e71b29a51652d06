//! From a test to steps: what to ask first, and what next, whatever the answer.
//!
//! A step says by its place which part of the value it is about: what several ask of is
//! looked up once, and nothing is asked of what lies on the way.

use super::Id;
use super::plan::{Member, Test};

/// The place of the value itself.
pub(super) const WHOLE: usize = 0;

/// What tells whether a value passes a test.
pub(super) struct Steps {
    pub first: Next,
    pub steps: Vec<Step>,
    /// The value, and the members that steps are about.
    pub places: Vec<Place>,
}

/// A member of what is at another place.
#[derive(PartialEq)]
pub(super) struct Place {
    pub parent: usize,
    pub name: String,
}

/// A question, and where its answers lead.
pub(super) struct Step {
    pub place: usize,
    pub ask: Ask,
    pub exits: Exits,
}

#[derive(Clone, Copy)]
pub(super) struct Exits {
    pub yes: Next,
    pub no: Next,
    /// Where there is nothing at the place.
    pub missing: Next,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Next {
    Pass,
    Fail,
    /// By its place among the steps.
    Step(usize),
}

/// What is asked of a value.
pub(super) enum Ask {
    /// Nothing but that it is there.
    Anything,
    Object,
    /// By its place among the shared tests.
    Shared(usize),
    /// Passes it one of these, and no other?
    One(Vec<Steps>),
    Items {
        prefix: Vec<Steps>,
        rest: Box<Steps>,
    },
    Contains {
        item: Box<Steps>,
        least: u64,
        most: Option<u64>,
    },
    /// The rule of a schema, by its place there.
    Rule(Id, usize),
}

impl Steps {
    pub fn of(test: &Test) -> Self {
        let whole = Place {
            parent: WHOLE,
            name: String::new(),
        };
        let mut steps = Self {
            first: Next::Pass,
            steps: Vec::new(),
            places: vec![whole],
        };
        let exits = Exits {
            yes: Next::Pass,
            no: Next::Fail,
            missing: Next::Pass,
        };
        steps.first = steps.test(test, WHOLE, exits);
        steps
    }

    /// Asks whether what is at `place` passes `test`; the first step of that. Each step
    /// is made after those that it leads to.
    fn test(&mut self, test: &Test, place: usize, exits: Exits) -> Next {
        let ask = match test {
            Test::Always => Ask::Anything,
            Test::Never => return self.test(&Test::Always, place, exits.swapped()),
            Test::Not(test) => return self.test(test, place, exits.swapped()),
            Test::All(tests) => {
                let ask = |yes, test| self.test(test, place, Exits { yes, ..exits });
                return tests.iter().rev().fold(exits.yes, ask);
            }
            Test::Any(tests) => {
                let ask = |no, test| self.test(test, place, Exits { no, ..exits });
                return tests.iter().rev().fold(exits.no, ask);
            }
            Test::Members(members) => {
                let ask = |yes, member| self.member(member, place, Exits { yes, ..exits });
                return members.iter().rev().fold(exits.yes, ask);
            }
            Test::If(tests) => {
                let [yes, no] = [&tests[1], &tests[2]].map(|it| self.test(it, place, exits));
                return self.test(&tests[0], place, Exits { yes, no, ..exits });
            }
            Test::Shared(shared) => Ask::Shared(*shared),
            Test::One(tests) => Ask::One(tests.iter().map(Self::of).collect()),
            Test::Items { prefix, rest } => Ask::Items {
                prefix: prefix.iter().map(Self::of).collect(),
                rest: Box::new(Self::of(rest)),
            },
            Test::Contains { item, least, most } => Ask::Contains {
                item: Box::new(Self::of(item)),
                least: *least,
                most: *most,
            },
            Test::Rule(id, rule) => Ask::Rule(*id, *rule),
        };
        self.step(place, ask, exits)
    }

    fn member(&mut self, member: &Member, place: usize, exits: Exits) -> Next {
        // Where it is missing, that matters to an object alone.
        let missing = match member.is_required {
            true => self.step(place, Ask::Object, exits.swapped()),
            false => self.step(place, Ask::Anything, exits),
        };
        let inner = self.place(place, &member.name);
        self.test(&member.test, inner, Exits { missing, ..exits })
    }

    fn step(&mut self, place: usize, ask: Ask, exits: Exits) -> Next {
        let is_there = place == WHOLE || exits.missing == exits.yes;
        if is_there && matches!(ask, Ask::Anything) {
            return exits.yes;
        }
        self.steps.push(Step { place, ask, exits });
        Next::Step(self.steps.len() - 1)
    }

    fn place(&mut self, parent: usize, name: &str) -> usize {
        let place = Place {
            parent,
            name: name.to_owned(),
        };
        let known = self.places.iter().skip(1).position(|it| *it == place);
        known.map_or_else(
            || {
                self.places.push(place);
                self.places.len() - 1
            },
            |at| at + 1,
        )
    }
}

impl Exits {
    /// With yes for no.
    fn swapped(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
            ..self
        }
    }
}
