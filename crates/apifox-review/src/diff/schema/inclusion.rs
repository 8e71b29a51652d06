//! Whether a schema accepts everything that others accept together; and the mismatches, if
//! it does not.
//!
//! A schema that contains itself is compared once: where the same question comes up again
//! further in, the answer is assumed to be yes. That is sound, because values are finite:
//! what is true of all smaller values is true of the next larger one. An answer that relies
//! on such an assumption is kept if the assumption turns out to be right. If it does not, a yes
//! is withdrawn; a no stays a no, and is completed by what the assumption hid from it. So each
//! question is answered a few times at most, however schemas refer to each other.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::conjunction::{Conjunction, ConjunctionNumbers};
use super::equivalence::Equivalence;
use super::kinds::Kinds;
use super::memory::{Memory, Meter};
use super::mismatch::{Mismatch, MismatchKind, Reason, distinct, unclear};
use super::node::{Literal, NodeId, Nodes, sorted};
use super::numbers::NumberMap;
use super::path::Paths;
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::member;

/// How many requirements may be tried for one question, and for all together; after that,
/// the answer is that it is unclear.
const FUEL: u32 = 20_000;
pub(super) const ALL_FUEL: u64 = 3_000_000;
/// How many questions may be open at once.
const MOST_OPEN: usize = 48;
/// How deeply nested values are searched for a contradiction.
const MOST_NESTED: u32 = 4;

pub(super) const TOO_MUCH: &str = "too many alternatives to compare";

/// Does the schema accept everything that these literals accept together?
type Question = (Vec<Literal>, NodeId);
type Mismatches = Rc<[Mismatch]>;

/// The open questions that an answer relies on, by their numbers, each with the steps that lead
/// to it.
type Assumptions = BTreeMap<usize, String>;

/// A question that is being answered.
struct Open {
    question: Question,
    /// The steps that led to it from the open question before it.
    step: String,
    relies_on: Assumptions,
}

/// What was found out.
struct Answer {
    found: Mismatches,
    relies_on: Assumptions,
}

/// Compares the schemas of two documents.
#[derive(Default)]
pub(crate) struct SchemaComparison<'d> {
    pub(super) nodes: Nodes<'d>,
    pub(super) equivalence: Equivalence,
    pub(crate) paths: Paths,
    answers: NumberMap<Question, Answer>,
    /// Whether literals accept nothing together, at a depth of nesting.
    nothings: NumberMap<(Vec<Literal>, u32), bool>,
    /// Whether conjunctions plainly accept nothing, at a depth of nesting.
    emptiness: NumberMap<(usize, u32), bool>,
    pub(super) numbers: ConjunctionNumbers,
    pub(super) memory: Memory,
    /// How often an answer was assumed.
    pub(super) assumed: u64,
    /// How often a question was given up, as too many others were open.
    pub(super) given_up: u64,
    open: Vec<Open>,
    /// The answered questions that rely on open ones.
    unconfirmed: Vec<Question>,
    pub(super) fuel: u32,
    pub(super) spent: u64,
    pub(super) depth: u32,
    /// Whether one mismatch is as good as all: where only it matters whether there is any.
    pub(super) is_brief: bool,
}

impl<'d> SchemaComparison<'d> {
    /// Why `big` refuses some of what `small` accepts; empty if it accepts it all. `step` leads
    /// here from the value of the question around this one.
    pub(super) fn mismatches(
        &mut self,
        small: Vec<Literal>,
        big: NodeId,
        step: &str,
    ) -> Mismatches {
        let small = small.into_iter().map(|literal| Literal {
            id: self.nodes.resolve(literal.id),
            ..literal
        });
        let question = (sorted(small.collect()), self.nodes.resolve(big));
        if let Some(known) = self.answers.get(&question) {
            let (found, relies_on) = (Rc::clone(&known.found), known.relies_on.clone());
            for (index, path) in relies_on {
                self.rely_on(index, step, &path);
            }
            return found;
        }
        let is_open = |open: &Open| open.question == question;
        if let Some(index) = self.open.iter().position(is_open) {
            self.rely_on(index, step, "");
            return Rc::new([]);
        }
        if self.open.len() >= MOST_OPEN {
            self.given_up += 1;
            return Rc::new([unclear(question.1, "nested too deeply to compare")]);
        }
        let mark = self.unconfirmed.len();
        self.open.push(Open {
            question: question.clone(),
            step: step.to_owned(),
            relies_on: Assumptions::new(),
        });
        let found = self.answer(&question);
        self.close(question, found, mark)
    }

    fn answer(&mut self, (small, big): &Question) -> Mismatches {
        let is_same = |literal: &Literal| {
            let (equivalence, nodes) = (&mut self.equivalence, &mut self.nodes);
            literal.is_positive && equivalence.are_equivalent(nodes, literal.id, *big)
        };
        if small.iter().any(is_same) {
            return Rc::new([]);
        }
        let fuel_outside = std::mem::replace(&mut self.fuel, FUEL);
        let paid_outside = self.memory.paid_once;
        // Others may ask this who want to know all.
        let was_brief = std::mem::take(&mut self.is_brief);
        let conjunction = Conjunction::new(&mut self.nodes, small);
        let found = match self.accepts_nothing(&conjunction) {
            true => Vec::new(),
            false => self.asked_mismatches(&conjunction, *big),
        };
        self.fuel = fuel_outside;
        self.memory.paid_once = paid_outside;
        self.is_brief = was_brief;
        distinct(&self.paths, found).into()
    }

    /// Notes that all open questions within the one with this number rely on it; the steps lead
    /// to it from the innermost.
    fn rely_on(&mut self, index: usize, step: &str, path: &str) {
        self.assumed += 1;
        let mut steps = format!("{step}{path}");
        for open in self.open.iter_mut().skip(index + 1).rev() {
            open.relies_on.entry(index).or_insert_with(|| steps.clone());
            steps.insert_str(0, &open.step);
        }
    }

    /// Stores the answer to the innermost open question; `mark` is how many answers were
    /// unconfirmed before it was opened.
    fn close(&mut self, question: Question, found: Mismatches, mark: usize) -> Mismatches {
        let relies_on = self
            .open
            .pop()
            .map_or_else(Assumptions::new, |open| open.relies_on);
        let own = self.open.len();
        for earlier in self.unconfirmed.split_off(mark) {
            let Some(answer) = self.answers.get_mut(&earlier) else {
                continue;
            };
            if let Some(path) = answer.relies_on.remove(&own) {
                if answer.found.is_empty() && !found.is_empty() {
                    self.answers.remove(&earlier);
                    continue;
                }
                answer.complete(&mut self.paths, &found, &path, &relies_on);
            }
            if !answer.relies_on.is_empty() {
                self.unconfirmed.push(earlier);
            }
        }
        if !relies_on.is_empty() {
            self.unconfirmed.push(question.clone());
        }
        let answer = Answer {
            found: Rc::clone(&found),
            relies_on,
        };
        self.answers.insert(question, answer);
        found
    }

    /// Why `big` refuses some of what a conjunction accepts.
    pub(super) fn conjunction_mismatches(
        &mut self,
        conjunction: &Conjunction<'d>,
        big: NodeId,
    ) -> Vec<Mismatch> {
        match conjunction.values {
            Some(_) => self.asked_mismatches(conjunction, big),
            None => self.remembered(conjunction, (big, None), |it| {
                it.asked_mismatches(conjunction, big)
            }),
        }
    }

    /// The same, where the answer is not known.
    fn asked_mismatches(&mut self, conjunction: &Conjunction<'d>, big: NodeId) -> Vec<Mismatch> {
        for (id, _) in &conjunction.schemas {
            if self.equivalence.are_equivalent(&mut self.nodes, *id, big) {
                return Vec::new();
            }
        }
        if let Some(values) = &conjunction.values {
            return self.refused_values(conjunction, values, big);
        }
        self.schema_mismatches(conjunction, big)
    }

    /// Which of these values `big` refuses.
    pub(super) fn refused_values(
        &mut self,
        conjunction: &Conjunction<'d>,
        values: &[Value],
        big: NodeId,
    ) -> Vec<Mismatch> {
        let refused: Vec<String> = values
            .iter()
            .filter(|value| self.nodes.accepts(big, value) != Some(true))
            .map(shortened)
            .collect();
        if refused.is_empty() {
            return Vec::new();
        }
        let keywords = self.nodes.keywords(big);
        let has = |name: &&str| keywords.is_some_and(|it| member(it, name).is_some());
        let keyword = ["const", "enum", "type"].into_iter().find(has);
        let reason = Reason {
            refuses: Some(big),
            accepts: conjunction.origin("enum"),
            keyword: keyword.unwrap_or("enum").to_owned(),
            kind: MismatchKind::Values(refused),
        };
        vec![Mismatch::new(reason)]
    }

    /// Tries a requirement as it is, then for the alternatives of one choice after the
    /// other, then for those of all choices at once.
    pub(super) fn by_cases(
        &mut self,
        conjunction: &Conjunction<'d>,
        requirement: &mut dyn FnMut(&mut Self, &Conjunction<'d>) -> Vec<Mismatch>,
    ) -> Vec<Mismatch> {
        if conjunction.choices.is_empty() {
            return requirement(self, conjunction);
        }
        let found = self.briefly(|comparison| requirement(comparison, conjunction));
        if found.is_empty() {
            return found;
        }
        for choice in 1..conjunction.choices.len() {
            let (alternatives, rest) = conjunction.split(choice);
            let is_met = |literals: &Vec<Literal>| {
                let case = rest.clone().and(&mut self.nodes, literals);
                self.plainly_accepts_nothing(&case)
                    || self.briefly(|it| requirement(it, &case)).is_empty()
            };
            if alternatives.iter().all(is_met) {
                return Vec::new();
            }
        }
        if !self.spend_fuel() {
            let give_up = |reason: &mut Reason| reason.kind = MismatchKind::Unclear(TOO_MUCH);
            return found.iter().map(|found| found.with(give_up)).collect();
        }
        let mut all = Vec::new();
        let (alternatives, rest) = conjunction.split(0);
        for literals in alternatives.iter() {
            let case = rest.clone().and(&mut self.nodes, literals);
            if self.plainly_accepts_nothing(&case) {
                continue;
            }
            all.extend(self.by_cases(&case, requirement));
            if self.has_enough(&all) {
                break;
            }
        }
        distinct(&self.paths, all)
    }

    /// Asks something of which it only matters whether there is a mismatch.
    pub(super) fn briefly<T>(&mut self, ask: impl FnOnce(&mut Self) -> T) -> T {
        let was_brief = std::mem::replace(&mut self.is_brief, true);
        let answer = ask(self);
        self.is_brief = was_brief;
        answer
    }

    /// Whether no more mismatches need to be found than these.
    pub(super) fn has_enough(&self, found: &[Mismatch]) -> bool {
        self.is_brief && !found.is_empty()
    }

    /// Whether a schema accepts everything that a conjunction accepts.
    pub(super) fn accepts_all(&mut self, conjunction: &Conjunction<'d>, id: NodeId) -> bool {
        let ask = |it: &mut Self| it.conjunction_mismatches(conjunction, id).is_empty();
        self.briefly(ask)
    }

    /// Spends fuel; false if none is left.
    pub(super) fn spend_fuel(&mut self) -> bool {
        self.spent += 1;
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0 && self.spent < ALL_FUEL
    }

    /// Whether a conjunction certainly accepts nothing; choices are tried.
    pub(super) fn accepts_nothing(&mut self, conjunction: &Conjunction<'d>) -> bool {
        if self.plainly_accepts_nothing(conjunction) {
            return true;
        }
        if conjunction.choices.is_empty() || !self.spend_fuel() {
            return false;
        }
        let (alternatives, rest) = conjunction.split(0);
        alternatives.iter().all(|literals| {
            let case = rest.clone().and(&mut self.nodes, literals);
            self.accepts_nothing(&case)
        })
    }

    /// The same, as far as it is known without trying choices.
    pub(super) fn plainly_accepts_nothing(&mut self, conjunction: &Conjunction<'d>) -> bool {
        // One question asks this for each keyword anew, and in each case for all others.
        let key = (conjunction.number(&mut self.numbers).identity, self.depth);
        if let Some(known) = self.emptiness.get(&key) {
            return *known;
        }
        let meter = self.meter();
        let accepts_nothing = self.is_plainly_empty(conjunction);
        if self.is_certain(accepts_nothing, meter) {
            self.emptiness.insert(key, accepts_nothing);
            self.is_known_now(meter);
        }
        accepts_nothing
    }

    /// Whether an answer that was asked for since then is certain: that something accepts
    /// nothing, or something. An assumption may make a yes of a no, and so does a lack of fuel
    /// the other way round.
    fn is_certain(&self, accepts_nothing: bool, since: Meter) -> bool {
        let was_enough = match accepts_nothing {
            true => since.assumed == self.assumed,
            false => self.fuel > 0,
        };
        was_enough && since.given_up == self.given_up
    }

    fn is_plainly_empty(&mut self, conjunction: &Conjunction<'d>) -> bool {
        if conjunction.is_false || conjunction.values.as_ref().is_some_and(Vec::is_empty) {
            return true;
        }
        if conjunction.values.is_none() && self.possible_kinds(conjunction) == Kinds::NONE {
            return true;
        }
        // A negated schema may accept all the rest.
        let (negated, rest) = conjunction.without_negated();
        negated
            .into_iter()
            .any(|id| self.spend_fuel() && self.accepts_all(&rest, id))
    }

    /// The kinds of values that remain when contradicting limits are considered.
    pub(super) fn possible_kinds(&mut self, conjunction: &Conjunction<'d>) -> Kinds {
        if let Some(known) = conjunction.possible_kinds.get() {
            return known;
        }
        let meter = self.meter();
        let kinds = self.uncontradicted_kinds(conjunction);
        // What relies on an open question is asked again, so that who asks relies on it too.
        if self.relies_on_nothing(meter) {
            conjunction.possible_kinds.set(Some(kinds));
        }
        kinds
    }

    fn uncontradicted_kinds(&mut self, conjunction: &Conjunction<'d>) -> Kinds {
        let mut kinds = conjunction.kinds;
        if conjunction.interval.is_empty(false) {
            kinds = kinds.difference(Kinds::NUMBER);
        }
        if conjunction
            .divisors
            .iter()
            .any(|divisor| divisor.is_whole())
        {
            kinds = kinds.difference(Kinds::FRACTION);
        }
        if conjunction.interval.is_empty(true) {
            kinds = kinds.difference(Kinds::WHOLE);
        }
        if conjunction.lengths.is_empty() {
            kinds = kinds.difference(Kinds::STRING);
        }
        if conjunction.items.is_empty()
            || kinds.intersects(Kinds::ARRAY) && self.lacks_an_item(conjunction)
        {
            kinds = kinds.difference(Kinds::ARRAY);
        }
        if conjunction.members.is_empty()
            || kinds.intersects(Kinds::OBJECT) && self.lacks_a_member(conjunction)
        {
            kinds = kinds.difference(Kinds::OBJECT);
        }
        kinds
    }

    /// Whether no value is possible for one of the first items.
    fn lacks_an_item(&mut self, conjunction: &Conjunction<'d>) -> bool {
        let least = conjunction.items.least.min(4);
        (0..least).any(|index| {
            let literals = self.item_literals(conjunction, usize::try_from(index).ok());
            self.accept_nothing_together(&literals)
        })
    }

    /// Whether no value is possible for a required property.
    fn lacks_a_member(&mut self, conjunction: &Conjunction<'d>) -> bool {
        conjunction.required.iter().any(|name| {
            let literals = self.property_literals(conjunction, name);
            literals.is_none_or(|literals| self.accept_nothing_together(&literals))
        })
    }

    fn accept_nothing_together(&mut self, literals: &[Literal]) -> bool {
        if literals.is_empty() || self.depth >= MOST_NESTED {
            return false;
        }
        let key = (literals.to_vec(), self.depth);
        if let Some(known) = self.nothings.get(&key) {
            return *known;
        }
        let meter = self.meter();
        self.depth += 1;
        let conjunction = Conjunction::new(&mut self.nodes, literals);
        let accepts_nothing = self.accepts_nothing(&conjunction);
        self.depth -= 1;
        if self.is_certain(accepts_nothing, meter) {
            self.nothings.insert(key, accepts_nothing);
            self.is_known_now(meter);
        }
        accepts_nothing
    }

    /// Whether a schema certainly refuses everything that a conjunction accepts.
    pub(super) fn excludes(&mut self, conjunction: &Conjunction<'d>, id: NodeId) -> bool {
        let literals = [Literal::positive(id)];
        let both = conjunction.clone().and(&mut self.nodes, &literals);
        self.accepts_nothing(&both)
    }
}

impl Answer {
    /// Adds what was found at these steps from its value, where so far nothing was assumed to
    /// be, and what that relies on.
    fn complete(
        &mut self,
        paths: &mut Paths,
        found: &[Mismatch],
        path: &str,
        relies_on: &Assumptions,
    ) {
        for (index, further) in relies_on {
            let steps = || format!("{path}{further}");
            self.relies_on.entry(*index).or_insert_with(steps);
        }
        if !found.is_empty() {
            let steps = paths.steps(path);
            let added = found.iter().map(|mismatch| mismatch.nested(paths, &steps));
            let all = self.found.iter().cloned().chain(added).collect();
            self.found = distinct(paths, all).into();
        }
    }
}
