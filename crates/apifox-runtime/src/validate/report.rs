//! What is found wrong with an instance while it is decoded.

use std::fmt;

use crate::value::json_view::{JsonRef, JsonView, Members};
use crate::value::path::Path;

/// A rule of a schema that an instance breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer to the value in the instance; empty for the whole of it.
    pub pointer: String,
    /// The keyword of the schema that the value breaks.
    pub keyword: &'static str,
    /// The value as JSON, shortened.
    pub value: String,
    /// What the keyword asks for.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "(root)"
        } else {
            &self.pointer
        };
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

/// Something an instance may do, but that won't have the effect it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// JSON pointer to the value in the instance.
    pub pointer: String,
    /// What will happen.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// An instance or a value that breaks rules of its schema: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    violations: Vec<Violation>,
}

impl Invalid {
    /// Every rule that was found broken: of more than 1000 the first.
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
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// How many violations, and warnings, are noted of one instance. An outsider's reply
/// of millions of wrong items would take a hundred times the memory otherwise.
const MOST: usize = 1000;

/// Collects violations and warnings while an instance is decoded: the first 1000 of
/// each.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was found: mostly nothing, and reports are made for every trial.
    noted: Option<Box<Noted>>,
    /// Whether violations are not noted: that there are any is all that matters.
    silent: bool,
    /// Whether warnings aren't either.
    deaf: bool,
    /// How many alternatives deep this report is.
    depth: usize,
}

#[derive(Clone, Debug, Default)]
struct Noted {
    violations: Vec<Violation>,
    warnings: Vec<Warning>,
}

impl Report {
    /// A report for a trial whose outcome alone matters: it notes nothing.
    pub(crate) fn silent() -> Self {
        Self {
            silent: true,
            deaf: true,
            ..Self::default()
        }
    }

    /// A report for one of several alternatives, which mostly don't fit: what is
    /// wrong is found out only once none does. What it warns of counts if it fits.
    pub(crate) fn attempt(&self) -> Self {
        Self {
            silent: true,
            deaf: self.deaf,
            ..Self::default()
        }
    }

    /// An empty report for why an alternative does not fit; `None` where nobody
    /// would read on, among alternatives within alternatives.
    pub(crate) fn trial(&self) -> Option<Self> {
        const DEEPEST: usize = 3;
        let is_read = !self.silent && self.depth < DEEPEST;
        is_read.then(|| Self {
            depth: self.depth + 1,
            ..Self::default()
        })
    }

    /// Whether violations are not noted.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Whether nothing at all is noted.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf
    }

    /// The rules found broken so far.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.noted.as_ref().map_or(&[], |it| &it.violations)
    }

    /// The warnings so far.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.noted.as_ref().map_or(&[], |it| &it.warnings)
    }

    /// The warnings alone.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        let noted = self.noted.as_mut();
        noted.map_or_else(Vec::new, |it| std::mem::take(&mut it.warnings))
    }

    /// Notes that `value` breaks `keyword`. Always `None`, to be returned.
    pub fn violation<T>(
        &mut self,
        at: Path<'_>,
        keyword: &'static str,
        value: &dyn JsonView,
        expected: impl fmt::Display,
    ) -> Option<T> {
        self.note(at, keyword, value, &expected);
        None
    }

    /// Notes that `value` breaks `keyword`: compiled once, and not for every type that a
    /// violation is returned in place of.
    pub(crate) fn note(
        &mut self,
        at: Path<'_>,
        keyword: &'static str,
        value: &dyn JsonView,
        expected: &dyn fmt::Display,
    ) {
        if self.takes_violation() {
            self.noted().violations.push(Violation {
                pointer: at.to_string(),
                keyword,
                value: shortened(value),
                expected: expected.to_string(),
            });
        }
    }

    /// Notes what was found wrong by a rule that no type enforces.
    pub fn add(&mut self, violation: Violation) {
        if self.takes_violation() {
            self.noted().violations.push(violation);
        }
    }

    /// Notes that `value` is not of the type that `expected` describes.
    pub fn wrong_type<T>(
        &mut self,
        at: Path<'_>,
        value: &dyn JsonView,
        expected: &'static str,
    ) -> Option<T> {
        self.note(at, "type", value, &expected);
        None
    }

    /// Notes what an instance says in vain.
    pub fn warning(&mut self, at: Path<'_>, message: impl fmt::Display) {
        if self.deaf || self.warnings().len() >= MOST {
            return;
        }
        self.noted().warnings.push(Warning {
            pointer: at.to_string(),
            message: message.to_string(),
        });
    }

    /// Says of the violations from the one numbered `from` on why they are asked for.
    pub(crate) fn explain(&mut self, from: usize, why: &str) {
        let violations = self.noted.iter_mut().flat_map(|it| &mut it.violations);
        for violation in violations.skip(from) {
            violation.expected = format!("{} {why}", violation.expected);
        }
    }

    /// Takes over the warnings, but not the violations, of a trial that succeeded.
    pub(crate) fn keep_warnings(&mut self, trial: Self) {
        if let Some(trial) = trial.noted {
            let warnings = &mut self.noted().warnings;
            warnings.extend(trial.warnings);
            warnings.truncate(MOST);
        }
    }

    /// Takes over the violations of a trial.
    pub(crate) fn extend(&mut self, mut trial: Self) {
        if let Some(trial) = &mut trial.noted {
            let violations = &mut self.noted().violations;
            violations.append(&mut trial.violations);
            violations.truncate(MOST);
        }
        self.keep_warnings(trial);
    }

    /// Whether one more violation is noted.
    fn takes_violation(&self) -> bool {
        !self.silent && self.violations().len() < MOST
    }

    /// Where to note something.
    fn noted(&mut self) -> &mut Noted {
        self.noted.get_or_insert_default()
    }

    /// `value`, unless a violation stands against it.
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

    /// The violations, which stand against a value.
    pub(crate) fn into_invalid(self) -> Invalid {
        Invalid {
            violations: self.noted.unwrap_or_default().violations,
        }
    }
}

/// How many characters of a value an error shows, and parts of one.
const LONGEST: usize = 60;

/// `value` as JSON, cut to a length fit for one line of an error.
fn shortened(value: &dyn JsonView) -> String {
    match value.as_json() {
        // Pictures are sent as strings of megabytes: cut before quoting.
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
    members.each(&mut |key, value| {
        written.push(format!("{}:{}", quoted(key), shortened(value)));
    });
    format!("{{{}}}", written.join(","))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn cut(mut text: String, longest: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
        text.push('…');
    }
    text
}
