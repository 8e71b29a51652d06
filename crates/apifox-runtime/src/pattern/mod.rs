//! Regular expressions of ECMA-262, as `pattern` and `patternProperties` have them.

mod backtracking;
mod linear;
mod syntax;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use regex_automata::meta;

use crate::pattern::backtracking::Backtracking;

/// regress recurses for each alternative: more than this would overflow a thread's stack.
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

    /// The expression `source`, where it is known only at run time.
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
        Self::check(source).is_ok()
    }

    /// Checks `source` without compiling it, where that is possible.
    ///
    /// # Errors
    ///
    /// Why it is not a regular expression, or that it has too many alternatives.
    pub(crate) fn check(source: &str) -> Result<(), regress::Error> {
        if Self::has_too_many(source) {
            let text = format!("it has more than {MOST_ALTERNATIVES} alternatives");
            return Err(regress::Error { text });
        }
        match syntax::parse(source) {
            Some(_) => Ok(()),
            None => Backtracking::new(source).map(drop),
        }
    }

    /// Whether `source` has more alternatives than can be compiled: over 1000.
    #[must_use]
    pub fn has_too_many(source: &str) -> bool {
        source.bytes().filter(|byte| *byte == b'|').count() > MOST_ALTERNATIVES
    }

    /// Whether some part of `text` matches.
    ///
    /// An invalid expression matches nothing; the generator refuses such schemas.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Matcher::new(&self.source))
            .as_ref()
            .is_some_and(|matcher| matcher.is_match(text))
    }
}

/// A compiled expression.
enum Matcher {
    /// Regular in the strict sense, as nearly all are: matched in linear time.
    Regular(meta::Regex),
    /// Lookaround, references to groups, or properties of Unicode.
    Backtracking(Backtracking),
}

impl Matcher {
    /// Compiles `source`; `None` where [`Pattern::check`] fails.
    fn new(source: &str) -> Option<Self> {
        if Pattern::has_too_many(source) {
            return None;
        }
        match linear::compile(source) {
            Some(regex) => Some(Self::Regular(regex)),
            None => Backtracking::new(source).ok().map(Self::Backtracking),
        }
    }

    /// Whether some part of `text` matches.
    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Regular(regex) => regex.is_match(text),
            Self::Backtracking(regex) => regex.is_match(text),
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/u", self.source)
    }
}
