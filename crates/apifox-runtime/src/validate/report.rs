//! What is wrong with an instance.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use crate::value::json_view::{JsonRef, JsonView, Members};
use crate::value::path::Path;

/// A rule of a schema that an instance breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Violation {
    /// JSON pointer to the value in the instance; empty for the whole of it.
    pub pointer: String,
    /// The keyword of the schema that the value breaks.
    pub keyword: &'static str,
    /// The value as JSON, shortened.
    pub value: String,
    /// What the keyword expects.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = place(&self.pointer);
        let Self {
            keyword,
            value,
            expected,
            ..
        } = self;
        write!(
            f,
            "{pointer}: {keyword}: expected {expected}, found {value}"
        )
    }
}

/// Something that is allowed but won't have the effect that it seems to have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// JSON pointer to the value in the instance.
    pub pointer: String,
    /// What will happen.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", place(&self.pointer), self.message)
    }
}

/// A place as a reader is told it: the empty pointer is that of the whole value.
fn place(pointer: &str) -> &str {
    match pointer {
        "" => "(root)",
        pointer => pointer,
    }
}

/// An instance or a value that breaks rules of its schema: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    violations: Vec<Violation>,
}

impl Invalid {
    /// How many broken rules are told at most.
    pub const MOST: usize = MOST;

    /// Every broken rule: of more than [`MOST`](Self::MOST) the first so many.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.violations.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        match self.violations.len() < MOST {
            true => Ok(()),
            false => write!(f, "; at most {MOST} are told"),
        }
    }
}

impl std::error::Error for Invalid {}

/// How many violations, and how many warnings, are recorded for one instance. A reply
/// with millions of wrong items would otherwise take a hundred times its memory.
const MOST: usize = 1000;

/// Up to this many unions within each other are tried again sooner than remembered.
const FEW: u32 = 3;

/// Collects violations and warnings while an instance is decoded: the first 1000 of
/// each.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "mostly there are none, and every trial has a report"
)]
pub struct Report {
    /// In a box, since mostly nothing is found and every trial has a report.
    recorded: Option<Box<Recorded>>,
    /// Whether violations are not recorded: only whether there are any matters.
    ignores_violations: bool,
    /// Whether warnings are not recorded either.
    ignores_warnings: bool,
    /// How many alternatives this report is nested in.
    depth: u8,
    /// How many unions are being decoded, each within an alternative of the one before.
    unions: u32,
    /// The places, as an evaluation knows them, that were explained in this report. What
    /// is explained once need not be again: nested schemas could apply one to a value
    /// twice as often with each level.
    explained: Option<Box<HashSet<ExplainedPlace>>>,
    /// Which alternative of unions accepts values, if one does. It lives as long as the
    /// outermost union is decoded.
    tried: Option<Box<HashMap<TriedPlace, Option<usize>>>>,
}

/// A union, and the address of a value.
pub(crate) type TriedPlace = (TypeId, usize);

/// A schema, a value, and how they were reached.
type ExplainedPlace = (usize, usize, usize, usize);

#[derive(Clone, Debug, Default)]
struct Recorded {
    violations: Vec<Violation>,
    warnings: Vec<Warning>,
    /// The hashes of both: a value may be led to the same rule by several ways, as by
    /// two references to one schema, and a reader is told once.
    hashes: HashSet<u64>,
    hasher: RandomState,
}

impl Recorded {
    /// Adds a violation, unless it is there already.
    fn add(&mut self, violation: Violation) {
        if self.hashes.insert(self.hasher.hash_one(&violation)) {
            self.violations.push(violation);
        }
    }

    /// Adds a warning, unless it is there already.
    fn warn(&mut self, warning: Warning) {
        if self.warnings.len() < MOST && self.hashes.insert(self.hasher.hash_one(&warning)) {
            self.warnings.push(warning);
        }
    }

    /// Changes the violations from index `from` on.
    fn amend(&mut self, from: usize, change: impl Fn(&mut Violation)) {
        let tail = self.violations.split_off(from.min(self.violations.len()));
        for violation in &tail {
            self.hashes.remove(&self.hasher.hash_one(violation));
        }
        for mut violation in tail {
            change(&mut violation);
            self.add(violation);
        }
    }
}

impl Report {
    /// A report that records nothing, where only the verdict matters.
    #[inline]
    pub(crate) fn verdict_only() -> Self {
        Self {
            ignores_violations: true,
            ignores_warnings: true,
            ..Self::default()
        }
    }

    /// A report for one of several alternatives. Most don't accept the value, so
    /// violations are recorded in a second pass, once none does. Warnings count if it does.
    pub(crate) fn attempt(&mut self) -> Self {
        Self {
            ignores_violations: true,
            ignores_warnings: self.ignores_warnings,
            unions: self.unions,
            tried: self.tried.take(),
            ..Self::default()
        }
    }

    /// Takes back what was lent to an attempt or a trial.
    pub(crate) fn end_attempt(&mut self, attempt: &mut Self) {
        self.tried = attempt.tried.take();
    }

    /// Notes that a union is decoded, within others.
    #[inline]
    pub(crate) fn enter_alternatives(&mut self) {
        self.unions += 1;
    }

    /// Notes that it is decoded.
    #[inline]
    pub(crate) fn leave_alternatives(&mut self) {
        self.unions -= 1;
        if self.unions == 0 {
            // Others may have the addresses.
            self.tried = None;
        }
    }

    /// Whether a union that is decoded here only has to be decided: nothing is recorded, no union
    /// is remembered, and this one need not be.
    #[inline]
    pub(crate) fn only_decides(&self) -> bool {
        self.records_nothing() && self.unions < FEW && self.tried.is_none()
    }

    /// Which alternative accepts a value, if one does; `None` where that is not known.
    pub(crate) fn tried(&self, place: TriedPlace) -> Option<Option<usize>> {
        let tried = self.tried.as_ref()?;
        tried.get(&place).copied()
    }

    /// Remembers which alternative accepts a value.
    pub(crate) fn set_tried(&mut self, place: TriedPlace, index: Option<usize>) {
        if self.unions > FEW {
            self.tried.get_or_insert_default().insert(place, index);
        }
    }

    /// An empty report for why an alternative does not accept the value; `None` for
    /// alternatives nested too deeply for a reader to follow.
    pub(crate) fn trial(&mut self) -> Option<Self> {
        const DEEPEST: u8 = 3;
        let is_read = !self.ignores_violations && self.depth < DEEPEST;
        is_read.then(|| Self {
            depth: self.depth + 1,
            unions: self.unions,
            tried: self.tried.take(),
            ..Self::default()
        })
    }

    /// Whether violations are not recorded.
    #[inline]
    pub(crate) fn ignores_violations(&self) -> bool {
        self.ignores_violations
    }

    /// Whether nothing is recorded.
    #[inline]
    pub(crate) fn records_nothing(&self) -> bool {
        self.ignores_warnings
    }

    /// Whether a place was explained before; from now on it was.
    pub(crate) fn was_explained(&mut self, place: ExplainedPlace) -> bool {
        !self.explained.get_or_insert_default().insert(place)
    }

    /// Forgets which places were explained: others may have their addresses.
    pub(crate) fn forget_explained(&mut self) {
        self.explained = None;
    }

    /// The rules found broken so far.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.recorded
            .as_ref()
            .map_or(&[], |recorded| &recorded.violations)
    }

    /// The warnings so far.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.recorded
            .as_ref()
            .map_or(&[], |recorded| &recorded.warnings)
    }

    /// Takes the warnings out.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        let recorded = self.recorded.as_mut();
        recorded.map_or_else(Vec::new, |recorded| std::mem::take(&mut recorded.warnings))
    }

    /// Records that `value` breaks `keyword`. Always `None`, for the caller to return.
    pub fn violation<T>(
        &mut self,
        at: Path<'_>,
        keyword: &'static str,
        value: &dyn JsonView,
        expected: impl fmt::Display,
    ) -> Option<T> {
        self.record(at, keyword, value, &expected);
        None
    }

    /// The same, compiled once instead of once for each type that a caller returns.
    pub(crate) fn record(
        &mut self,
        at: Path<'_>,
        keyword: &'static str,
        value: &dyn JsonView,
        expected: &dyn fmt::Display,
    ) {
        if self.takes_violation() {
            self.recorded_mut().add(Violation {
                pointer: at.to_string(),
                keyword,
                value: shortened(value),
                expected: expected.to_string(),
            });
        }
    }

    /// Records a violation that was found elsewhere.
    pub fn add(&mut self, violation: Violation) {
        if self.takes_violation() {
            self.recorded_mut().add(violation);
        }
    }

    /// Records that `value` is not of the type that `expected` describes.
    pub fn wrong_type<T>(
        &mut self,
        at: Path<'_>,
        value: &dyn JsonView,
        expected: &'static str,
    ) -> Option<T> {
        self.record(at, "type", value, &expected);
        None
    }

    /// Records a warning.
    pub fn warning(&mut self, at: Path<'_>, message: impl fmt::Display) {
        if self.ignores_warnings || self.warnings().len() >= MOST {
            return;
        }
        self.recorded_mut().warn(Warning {
            pointer: at.to_string(),
            message: message.to_string(),
        });
    }

    /// Notes that `null` would be accepted as well, where a violation from index `from` on
    /// is of the value at `at` as a whole.
    pub(crate) fn add_null(&mut self, from: usize, at: Path<'_>) {
        let Some(recorded) = self.recorded.as_mut().filter(|_| !self.ignores_violations) else {
            return;
        };
        let here = at.to_string();
        let is_of_all = |keyword| matches!(keyword, "type" | "anyOf" | "oneOf" | "enum" | "const");
        recorded.amend(from, |violation| {
            if violation.pointer == here && is_of_all(violation.keyword) {
                violation.expected.push_str("; or null");
            }
        });
    }

    /// Appends the reason for a rule to all violations from index `from` on.
    pub(crate) fn explain(&mut self, from: usize, why: &str) {
        if let Some(recorded) = &mut self.recorded {
            recorded.amend(from, |violation| {
                violation.expected = format!("{} {why}", violation.expected);
            });
        }
    }

    /// Adds the warnings, but not the violations, of a trial.
    pub(crate) fn keep_warnings(&mut self, trial: Self) {
        if let Some(trial) = trial.recorded {
            let recorded = self.recorded_mut();
            trial.warnings.into_iter().for_each(|it| recorded.warn(it));
        }
    }

    /// Adds the violations and warnings of a trial.
    pub(crate) fn extend(&mut self, mut trial: Self) {
        if let Some(trial) = &mut trial.recorded {
            for violation in std::mem::take(&mut trial.violations) {
                self.add(violation);
            }
        }
        self.keep_warnings(trial);
    }

    /// Whether one more violation is recorded.
    fn takes_violation(&self) -> bool {
        !self.ignores_violations && self.violations().len() < MOST
    }

    /// Whether as many violations are recorded as there may be. Then the value is refused,
    /// and nothing more is said of it.
    pub(crate) fn is_full(&self) -> bool {
        !self.ignores_violations && self.violations().len() >= MOST
    }

    /// Where things are recorded.
    fn recorded_mut(&mut self) -> &mut Recorded {
        self.recorded.get_or_insert_default()
    }

    /// `value`, unless there are violations.
    ///
    /// # Errors
    ///
    /// The violations, when there are any or there is no value.
    pub fn conclude<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.violations().is_empty() => Ok(value),
            _ => Err(self.into_invalid()),
        }
    }

    /// The violations, of which there is at least one.
    pub(crate) fn into_invalid(self) -> Invalid {
        Invalid {
            violations: self.recorded.unwrap_or_default().violations,
        }
    }
}

/// How many characters of a value an error shows, and how many parts.
const LONGEST: usize = 60;

/// `value` as JSON, cut to fit one line of an error.
fn shortened(value: &dyn JsonView) -> String {
    match value.as_json() {
        // Pictures are strings of megabytes: cut before quoting.
        JsonRef::String(text) => match text.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", quoted(&text[..at]).trim_end_matches('"')),
            None => quoted(&text),
        },
        JsonRef::Array(items) if items.count() > LONGEST => {
            format!("an array of {}", items.count())
        }
        JsonRef::Object(members) if members.count() > LONGEST => {
            format!("an object of {}", members.count())
        }
        JsonRef::Array(items) => {
            let items: Vec<String> = items.iter().map(shortened).collect();
            cut(format!("[{}]", items.join(",")), LONGEST)
        }
        JsonRef::Object(members) => cut(shortened_members(members), LONGEST),
        JsonRef::Null => "null".into(),
        JsonRef::Bool(value) => value.to_string(),
        JsonRef::Number(value) => value.to_string(),
    }
}

fn shortened_members(members: &dyn Members) -> String {
    let mut written = Vec::new();
    members.for_each(&mut |key, value| {
        written.push(format!("{}:{}", quoted(key), shortened(value)));
    });
    format!("{{{}}}", written.join(","))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text, cut to so many characters.
pub(crate) fn cut(mut text: String, longest: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
        text.push('…');
    }
    text
}
