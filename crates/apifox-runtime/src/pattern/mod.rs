//! Regular expressions of ECMA-262, as `pattern` and `patternProperties` have them.

mod automaton;
mod backtracking;
mod syntax;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use automaton::Automaton;
use backtracking::Backtracking;

/// regress calls itself once for each alternative, and more of them than this would
/// overrun the stack of a thread.
const MOST_ALTERNATIVES: usize = 1000;

/// A regular expression of ECMA-262, compiled when it is first needed.
pub struct Pattern {
    source: Cow<'static, str>,
    compiled: OnceLock<Option<Matcher>>,
}

impl Pattern {
    /// The expression `source`.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self {
            source: Cow::Borrowed(source),
            compiled: OnceLock::new(),
        }
    }

    /// The expression `source`, which is known only when the program runs.
    #[must_use]
    pub fn owned(source: String) -> Self {
        Self {
            source: Cow::Owned(source),
            compiled: OnceLock::new(),
        }
    }

    /// The expression as it is written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether `source` is a regular expression.
    #[must_use]
    pub fn is_valid(source: &str) -> bool {
        Matcher::new(source).is_ok()
    }

    /// Whether `source` has more alternatives than can be compiled: over 1000.
    #[must_use]
    pub fn has_too_many(source: &str) -> bool {
        source.bytes().filter(|it| *it == b'|').count() > MOST_ALTERNATIVES
    }

    /// Whether some part of `text` matches.
    ///
    /// Nothing matches a source that is no regular expression; the generator
    /// refuses such a schema.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Matcher::new(&self.source).ok())
            .as_ref()
            .is_some_and(|it| it.is_match(text))
    }
}

/// A compiled expression: most are simple enough for a table.
pub(crate) enum Matcher {
    Automaton(Automaton),
    Backtracking(Backtracking),
}

impl Matcher {
    /// Compiles `source`.
    ///
    /// # Errors
    ///
    /// Why it is no regular expression, or that it has too many alternatives.
    pub(crate) fn new(source: &str) -> Result<Self, regress::Error> {
        if Pattern::has_too_many(source) {
            let text = format!("it has more than {MOST_ALTERNATIVES} alternatives");
            return Err(regress::Error { text });
        }
        match Automaton::new(source) {
            Some(automaton) => Ok(Self::Automaton(automaton)),
            None => Backtracking::new(source).map(Self::Backtracking),
        }
    }

    /// Whether some part of `text` matches.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Automaton(automaton) => automaton.is_match(text),
            Self::Backtracking(regex) => regex.is_match(text),
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/u", self.source)
    }
}
