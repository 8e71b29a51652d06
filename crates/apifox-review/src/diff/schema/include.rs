//! Whether a schema accepts all that others accept together, by what it asks of
//! a value; and the obstacles, if it does not.
//!
//! A schema that contains itself is compared once: where the same question comes
//! up again further in, the answer is taken to be yes. That is sound, as a value
//! ends somewhere: what holds of all smaller values holds of the next. An answer
//! that relied on such a question is kept only if the question is answered so.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use super::flat::Flat;
use super::kinds::Kinds;
use super::node::{Id, Literal, Nodes, sorted};
use super::obstacle::{Obstacle, What};
use super::same::Sameness;

/// How many goals one schema may take, and all together; past that, nothing is
/// claimed.
const FUEL: u32 = 20_000;
const ALL_FUEL: u64 = 3_000_000;
/// How many questions may be open at once.
const DEEPEST: usize = 48;
/// How deep objects within objects are looked into for a contradiction.
const DEEPEST_EMPTY: u32 = 4;

pub(super) const TOO_MUCH: &str = "too many alternatives to compare";

type Question = (Vec<Literal>, Id);
type Obstacles = Rc<[Obstacle]>;

/// No question further out.
const NONE: usize = usize::MAX;

/// Compares the schemas of two sides.
#[derive(Default)]
pub(crate) struct Comparison<'d> {
    pub(super) nodes: Nodes<'d>,
    pub(super) sameness: Sameness,
    answers: HashMap<Question, (Obstacles, usize)>,
    /// The questions that are being answered, with the outermost that each relies on.
    open: Vec<(Question, usize)>,
    /// The answers that rely on open questions.
    trail: Vec<Question>,
    fuel: u32,
    spent: u64,
    depth: u32,
}

impl<'d> Comparison<'d> {
    /// Why `big` refuses some of what `small` accepts; empty if it accepts it all.
    pub(super) fn obstacles(&mut self, small: Vec<Literal>, big: Id) -> Obstacles {
        let small = small.into_iter().map(|it| Literal {
            id: self.nodes.resolved(it.id),
            ..it
        });
        let question = (sorted(small.collect()), self.nodes.resolved(big));
        if let Some((known, relies)) = self.answers.get(&question) {
            let (known, relies) = (Rc::clone(known), *relies);
            self.rely(relies);
            return known;
        }
        if let Some(at) = self.open.iter().position(|(it, _)| *it == question) {
            self.rely(at);
            return Rc::new([]);
        }
        if self.open.len() >= DEEPEST {
            return Rc::new([unclear(question.1, "nested too deeply to compare")]);
        }
        let mark = self.trail.len();
        self.open.push((question.clone(), NONE));
        let found = self.answer(&question);
        self.close(question, found, mark)
    }

    fn answer(&mut self, (small, big): &Question) -> Obstacles {
        let is_alike =
            |it: &Literal| it.holds && self.sameness.are_same(&mut self.nodes, it.id, *big);
        if small.iter().any(is_alike) {
            return Rc::new([]);
        }
        let around = std::mem::replace(&mut self.fuel, FUEL);
        let flat = Flat::of(&mut self.nodes, small);
        let found = match self.is_never(&flat) {
            true => Vec::new(),
            false => self.holds(&flat, *big),
        };
        self.fuel = around;
        found.into()
    }

    fn rely(&mut self, on: usize) {
        if let Some((_, relies)) = self.open.last_mut() {
            *relies = (*relies).min(on);
        }
    }

    /// Keeps the answer to the innermost open question.
    fn close(&mut self, question: Question, found: Obstacles, mark: usize) -> Obstacles {
        let relies = self.open.pop().map_or(NONE, |(_, relies)| relies);
        let own = self.open.len();
        // Relying on itself is no reliance.
        let relies = if relies >= own { NONE } else { relies };
        self.rely(relies);
        for earlier in self.trail.split_off(mark) {
            let Some((_, on)) = self.answers.get_mut(&earlier) else {
                continue;
            };
            let on_this = *on >= own;
            if !found.is_empty() {
                self.answers.remove(&earlier);
                continue;
            }
            if on_this {
                *on = relies;
            }
            if *on != NONE {
                self.trail.push(earlier);
            }
        }
        if relies != NONE {
            self.trail.push(question.clone());
        }
        self.answers.insert(question, (Rc::clone(&found), relies));
        found
    }

    /// Why `big` refuses some of what a flat accepts.
    pub(super) fn holds(&mut self, flat: &Flat<'d>, big: Id) -> Vec<Obstacle> {
        for (id, _) in &flat.facets {
            if self.sameness.are_same(&mut self.nodes, *id, big) {
                return Vec::new();
            }
        }
        if let Some(values) = &flat.values {
            return self.accepts_each(flat, values, big);
        }
        self.goals(flat, big)
    }

    pub(super) fn accepts_each(
        &mut self,
        flat: &Flat<'d>,
        values: &[Value],
        big: Id,
    ) -> Vec<Obstacle> {
        let refused = values
            .iter()
            .filter(|it| self.nodes.accepts(big, it) != Some(true));
        let refused: Vec<String> = refused
            .map(apifox_document::diagnostics::shortened)
            .collect();
        if refused.is_empty() {
            return Vec::new();
        }
        let keywords = self.nodes.keywords(big);
        let has = |name: &&str| keywords.is_some_and(|it| it.contains_key(*name));
        let keyword = ["const", "enum", "type"].into_iter().find(has);
        vec![Obstacle {
            path: String::new(),
            keyword: keyword.unwrap_or("enum").to_owned(),
            accepts: flat.origin("enum"),
            refuses: Some(big),
            what: What::Values(refused),
        }]
    }

    /// Tries a goal as it is, then for one choice after the other, then for all
    /// choices at once.
    pub(super) fn by_cases(
        &mut self,
        flat: &Flat<'d>,
        goal: &mut dyn FnMut(&mut Self, &Flat<'d>) -> Vec<Obstacle>,
    ) -> Vec<Obstacle> {
        let found = goal(self, flat);
        if found.is_empty() || flat.choices.is_empty() {
            return found;
        }
        for choice in 1..flat.choices.len() {
            let cases = flat.split(&mut self.nodes, choice);
            let is_met = |it: &Flat<'d>| self.is_plainly_never(it) || goal(self, it).is_empty();
            if cases.iter().all(is_met) {
                return Vec::new();
            }
        }
        if !self.burn() {
            let cut = |it: Obstacle| Obstacle {
                what: What::Unclear(TOO_MUCH),
                ..it
            };
            return found.into_iter().map(cut).collect();
        }
        let mut all = Vec::new();
        for case in flat.split(&mut self.nodes, 0) {
            if self.is_plainly_never(&case) {
                continue;
            }
            for obstacle in self.by_cases(&case, goal) {
                if !all.contains(&obstacle) {
                    all.push(obstacle);
                }
            }
        }
        all
    }

    /// Whether there is fuel left; less of it from now on.
    pub(super) fn burn(&mut self) -> bool {
        self.spent += 1;
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0 && self.spent < ALL_FUEL
    }

    /// Whether nothing is accepted, for certain; choices are tried.
    pub(super) fn is_never(&mut self, flat: &Flat<'d>) -> bool {
        if self.is_plainly_never(flat) {
            return true;
        }
        if flat.choices.is_empty() || !self.burn() {
            return false;
        }
        let cases = flat.split(&mut self.nodes, 0);
        cases.iter().all(|it| self.is_never(it))
    }

    /// The same as far as it shows without trying choices.
    pub(super) fn is_plainly_never(&mut self, flat: &Flat<'d>) -> bool {
        if flat.never || flat.values.as_ref().is_some_and(Vec::is_empty) {
            return true;
        }
        if flat.values.is_none() && self.possible(flat) == Kinds::NONE {
            return true;
        }
        // What is ruled out is all there is.
        let mut rest = flat.clone();
        let negated = std::mem::take(&mut rest.negated);
        negated
            .into_iter()
            .any(|it| self.burn() && self.holds(&rest, it).is_empty())
    }

    /// The kinds of values that are left when limits that contradict each other
    /// are counted in.
    pub(super) fn possible(&mut self, flat: &Flat<'d>) -> Kinds {
        let mut kinds = flat.kinds;
        if flat.interval.is_empty(false) {
            kinds = kinds.without(Kinds::NUMBER);
        }
        let is_whole = flat.divisors.iter().any(|it| it.is_whole());
        if is_whole {
            kinds = kinds.without(Kinds::FRACTION);
        }
        if flat.interval.is_empty(true) {
            kinds = kinds.without(Kinds::WHOLE);
        }
        if flat.lengths.is_empty() {
            kinds = kinds.without(Kinds::STRING);
        }
        if flat.items.is_empty() || kinds.meets(Kinds::ARRAY) && self.lacks_an_item(flat) {
            kinds = kinds.without(Kinds::ARRAY);
        }
        if flat.members.is_empty() || kinds.meets(Kinds::OBJECT) && self.lacks_a_member(flat) {
            kinds = kinds.without(Kinds::OBJECT);
        }
        kinds
    }

    fn lacks_an_item(&mut self, flat: &Flat<'d>) -> bool {
        let least = flat.items.least.min(4);
        (0..least).any(|at| {
            let literals = self.at_position(flat, usize::try_from(at).ok());
            self.is_never_within(&literals)
        })
    }

    fn lacks_a_member(&mut self, flat: &Flat<'d>) -> bool {
        flat.required.iter().any(|name| {
            let literals = self.at_property(flat, name);
            literals.is_none_or(|it| self.is_never_within(&it))
        })
    }

    fn is_never_within(&mut self, literals: &[Literal]) -> bool {
        if literals.is_empty() || self.depth >= DEEPEST_EMPTY {
            return false;
        }
        self.depth += 1;
        let flat = Flat::of(&mut self.nodes, literals);
        let is_never = self.is_never(&flat);
        self.depth -= 1;
        is_never
    }

    /// Whether no value that a flat accepts is accepted by a schema, for certain.
    pub(super) fn excludes(&mut self, flat: &Flat<'d>, id: Id) -> bool {
        let both = flat.clone().and(&mut self.nodes, &[Literal::yes(id)]);
        self.is_never(&both)
    }
}

pub(super) fn unclear(big: Id, why: &'static str) -> Obstacle {
    Obstacle {
        path: String::new(),
        keyword: String::new(),
        accepts: None,
        refuses: Some(big),
        what: What::Unclear(why),
    }
}
