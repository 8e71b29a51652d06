//! Patterns that are written as literals of JavaScript: `/^a$/i`.

use apifox_runtime::Pattern;

/// What a pattern is read as that is written as a literal of JavaScript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternLiteral {
    /// The pattern between the slashes.
    Source(String),
    /// Anything: these flags change what the pattern matches, and can't be kept.
    Flags(String),
    /// Anything: this between the slashes is no regular expression.
    Invalid(String),
}

impl PatternLiteral {
    /// Reads a pattern; `None` where it is not written as such a literal.
    #[must_use]
    pub fn read(pattern: &str) -> Option<Self> {
        let (source, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
        if source.is_empty() || !flags.chars().all(|flag| "dgimsuvy".contains(flag)) {
            return None;
        }
        let source = source.replace("\\/", "/");
        Some(if flags.contains(['i', 'm', 's']) {
            Self::Flags(flags.to_owned())
        } else if Pattern::is_valid(&source) {
            Self::Source(source)
        } else {
            Self::Invalid(source)
        })
    }
}
