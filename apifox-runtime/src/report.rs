//! What is found wrong with an instance while it is decoded.

use std::fmt;

use crate::node::Node;
use crate::path::Path;

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
    /// Every rule that was found broken, in the order of the instance.
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

/// Collects violations and warnings while an instance is decoded.
#[derive(Clone, Debug, Default)]
pub struct Report {
    violations: Vec<Violation>,
    warnings: Vec<Warning>,
    /// Whether violations are not noted: that there are any is all that matters.
    silent: bool,
    /// Whether warnings aren't either.
    deaf: bool,
    /// How many alternatives deep this report is.
    depth: usize,
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
        &self.violations
    }

    /// The warnings so far.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The warnings alone.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// Notes that `node` breaks `keyword`. Always `None`, to be returned.
    pub fn violation<T>(
        &mut self,
        at: Path<'_>,
        keyword: &'static str,
        node: &Node<'_>,
        expected: impl fmt::Display,
    ) -> Option<T> {
        if self.silent {
            return None;
        }
        self.violations.push(Violation {
            pointer: at.to_string(),
            keyword,
            value: shortened(node),
            expected: expected.to_string(),
        });
        None
    }

    /// Notes what was found wrong by a rule that no type enforces.
    pub fn add(&mut self, violation: Violation) {
        if !self.silent {
            self.violations.push(violation);
        }
    }

    /// Notes that `node` is not of the type that `expected` describes.
    pub fn wrong_type<T>(
        &mut self,
        at: Path<'_>,
        node: &Node<'_>,
        expected: &'static str,
    ) -> Option<T> {
        self.violation(at, "type", node, expected)
    }

    /// Notes what an instance says in vain.
    pub fn warning(&mut self, at: Path<'_>, message: impl fmt::Display) {
        if self.deaf {
            return;
        }
        self.warnings.push(Warning {
            pointer: at.to_string(),
            message: message.to_string(),
        });
    }

    /// Says of the violations from the one numbered `from` on why they are asked for.
    pub(crate) fn explain(&mut self, from: usize, why: &str) {
        for violation in self.violations.iter_mut().skip(from) {
            violation.expected = format!("{} {why}", violation.expected);
        }
    }

    /// Takes over the warnings, but not the violations, of a trial that succeeded.
    pub(crate) fn keep_warnings(&mut self, trial: Self) {
        self.warnings.extend(trial.warnings);
    }

    /// Takes over the violations of a trial.
    pub(crate) fn extend(&mut self, trial: Self) {
        self.violations.extend(trial.violations);
        self.warnings.extend(trial.warnings);
    }

    /// `value`, unless a violation stands against it.
    ///
    /// # Errors
    ///
    /// The violations, when there are any or there is no value.
    pub fn conclude<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.violations.is_empty() => Ok(value),
            _ => Err(Invalid {
                violations: self.violations,
            }),
        }
    }
}

/// `node` as JSON, cut to a length fit for one line of an error.
fn shortened(node: &Node<'_>) -> String {
    const LONGEST: usize = 60;
    match node {
        // Pictures are sent as strings of megabytes: cut before quoting.
        Node::String(text) => match text.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", quoted(&text[..at]).trim_end_matches('"')),
            None => quoted(text),
        },
        Node::Array(items) if items.len() > LONGEST => format!("an array of {}", items.len()),
        Node::Object(members) if members.len() > LONGEST => {
            format!("an object of {}", members.len())
        }
        Node::Array(items) => {
            let items: Vec<String> = items.iter().map(shortened).collect();
            cut(format!("[{}]", items.join(",")), LONGEST)
        }
        Node::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), shortened(value)))
                .collect();
            cut(format!("{{{}}}", members.join(",")), LONGEST)
        }
        Node::Null => "null".into(),
        Node::Bool(value) => value.to_string(),
        Node::Number(value) => value.to_string(),
    }
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
