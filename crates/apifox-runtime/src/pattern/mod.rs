//! Regular expressions of ECMA-262, as `pattern` and `patternProperties` have them.

mod backtracking;
mod expression;
mod linear;
mod program;
mod syntax;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::pattern::backtracking::Backtracking;
use crate::pattern::linear::Linear;

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
    /// Why it is not a regular expression, or that it has too many alternatives or would
    /// take too long to match.
    pub(crate) fn check(source: &str) -> Result<(), regress::Error> {
        if Self::has_too_many(source) {
            let text = format!("it has more than {MOST_ALTERNATIVES} alternatives");
            return Err(regress::Error { text });
        }
        match syntax::parse(source) {
            Some(expression) if linear::is_small(&expression) => Ok(()),
            Some(_) if linear::compile(source).is_some() => Ok(()),
            _ => Backtracking::new(source).map(drop),
        }
    }

    /// Whether `source` has more alternatives than can be compiled: over 1000.
    #[must_use]
    pub fn has_too_many(source: &str) -> bool {
        source.bytes().filter(|byte| *byte == b'|').count() > MOST_ALTERNATIVES
    }

    /// Whether matching may be given up, since it could take more steps than there are.
    pub(crate) fn may_give_up(&self) -> bool {
        matches!(self.matcher(), Some(Matcher::Backtracking(_)))
    }

    /// Whether `source` is a regular expression, but nests or repeats more than can be
    /// matched in bounded time.
    #[must_use]
    pub fn costs_too_much(source: &str) -> bool {
        Self::check(source).is_err_and(|error| error.text == backtracking::TOO_MUCH)
    }

    /// Whether `source` refers to groups, so that matching a text may take time exponential
    /// in its length; it is given up after some steps, and the text refused.
    #[must_use]
    pub fn may_take_long(source: &str) -> bool {
        match Matcher::new(source) {
            Some(Matcher::Backtracking(regex)) => regex.refers(),
            Some(Matcher::Regular(_)) | None => false,
        }
    }

    /// Whether some part of `text` matches; `None` where that takes too many steps.
    pub(crate) fn try_match(&self, text: &str) -> Option<bool> {
        match self.matcher() {
            Some(Matcher::Regular(regex)) => Some(regex.is_match(text)),
            Some(Matcher::Backtracking(regex)) => regex.is_match(text).ok(),
            None => Some(false),
        }
    }

    fn matcher(&self) -> Option<&Matcher> {
        let compiled = self.compiled.get_or_init(|| Matcher::new(&self.source));
        compiled.as_ref()
    }

    /// Whether some part of `text` matches. Where telling takes too many steps, none does.
    ///
    /// An invalid expression matches nothing; the generator refuses such schemas.
    pub fn is_match(&self, text: &str) -> bool {
        self.try_match(text).unwrap_or(false)
    }
}

/// A compiled expression.
enum Matcher {
    /// Regular in the strict sense, as nearly all are: matched in linear time.
    Regular(Linear),
    /// Lookaround, references to groups, properties of Unicode, or large.
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
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/u", self.source)
    }
}
