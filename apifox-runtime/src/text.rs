//! The rules of strings.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use regress::Regex;

use crate::node::Node;
use crate::path::Path;
use crate::read::Read;
use crate::report::{Invalid, Report};

/// `minLength`, `maxLength`, `pattern`, and our own `x-truncated-length`.
///
/// Lengths count code points, as JSON Schema does.
#[derive(Debug)]
pub struct Text {
    /// The fewest characters allowed.
    pub min_length: u64,
    /// The most characters allowed.
    pub max_length: Option<u64>,
    /// What the string has to match somewhere.
    pub pattern: Option<Pattern>,
    /// How many characters the API looks at: a warning when there are more.
    pub truncated_length: Option<u64>,
}

impl Text {
    /// Checks the string `node`.
    pub fn check<'n>(
        &self,
        node: &'n Node<'_>,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<&'n str> {
        match node {
            Node::String(text) => self.check_text(text, at, report).map(|()| text.as_ref()),
            _ => report.wrong_type(at, node, "a string"),
        }
    }

    /// The text of a string that keeps to the rules; or the tree back.
    #[must_use]
    pub fn of_node<'n>(&self, node: Node<'n>) -> Read<'n, String> {
        match node {
            Node::String(text) if self.holds(&text) => Read::Fit(text.into_owned()),
            _ => Read::Unfit(node),
        }
    }

    /// Whether `text` keeps to the rules; why not does not matter.
    fn holds(&self, text: &str) -> bool {
        let report = &mut Report::silent();
        self.is_plain(text) || self.check_text(text, Path::ROOT, report).is_some()
    }

    /// Checks the string `text`.
    pub(crate) fn check_text(&self, text: &str, at: Path<'_>, report: &mut Report) -> Option<()> {
        if self.is_plain(text) {
            return Some(());
        }
        let value = &text;
        let length = text.chars().count() as u64;
        let mut clean = Some(());
        if length < self.min_length {
            let expected = format_args!("at least {}", characters(self.min_length));
            clean = report.violation(at, "minLength", value, expected);
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            let expected = format_args!("at most {}", characters(most));
            clean = report.violation(at, "maxLength", value, expected);
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|it| !it.is_match(text)) {
            let expected = format_args!("a match of {}", pattern.source);
            clean = report.violation(at, "pattern", value, expected);
        }
        if let Some(kept) = self.truncated_length.filter(|kept| length > *kept) {
            let message =
                format_args!("{length} characters, of which the API keeps the first {kept}");
            report.warning(at, message);
        }
        clean
    }

    /// Whether nothing more has to be asked about a string: a character takes one to
    /// four bytes, so mostly their number need not be known.
    fn is_plain(&self, text: &str) -> bool {
        let bytes = text.len() as u64;
        let most = self.max_length.unwrap_or(u64::MAX);
        let most = self.truncated_length.map_or(most, |kept| most.min(kept));
        let is_match = |it: &Pattern| it.is_match(text);
        self.min_length <= bytes.div_ceil(4)
            && bytes <= most
            && self.pattern.as_ref().is_none_or(is_match)
    }

    /// Checks a string that was put together in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn check_built(&self, text: &str) -> Result<(), Invalid> {
        let mut report = Report::default();
        let checked = self.check_text(text, Path::ROOT, &mut report);
        report.conclude(checked)
    }
}

fn characters(count: u64) -> impl fmt::Display {
    let noun = if count == 1 {
        "character"
    } else {
        "characters"
    };
    format!("{count} {noun}")
}

/// regress calls itself once for each alternative, and more of them than this would
/// overrun the stack of a thread.
const MOST_ALTERNATIVES: usize = 1000;

/// A regular expression of ECMA-262, compiled when it is first needed.
pub struct Pattern {
    source: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
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

    pub(crate) fn owned(source: String) -> Self {
        Self {
            source: Cow::Owned(source),
            compiled: OnceLock::new(),
        }
    }

    /// Whether `source` is a regular expression.
    #[must_use]
    pub fn is_valid(source: &str) -> bool {
        compile(source).is_ok()
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
            .get_or_init(|| compile(&self.source).ok())
            .as_ref()
            .is_some_and(|regex| matches(regex, text))
    }
}

/// Whether some part of `text` matches.
pub(crate) fn matches(regex: &Regex, text: &str) -> bool {
    // Characters of one byte need not be decoded.
    match text.is_ascii() {
        true => regex.find_from_ascii(text, 0).next().is_some(),
        false => regex.find(text).is_some(),
    }
}

/// Compiles with the flag `u`, as JSON Schema asks; or without it where the source
/// is an expression only then, such as `\-`.
pub(crate) fn compile(source: &str) -> Result<Regex, regress::Error> {
    if Pattern::has_too_many(source) {
        let text = format!("it has more than {MOST_ALTERNATIVES} alternatives");
        return Err(regress::Error { text });
    }
    Regex::with_flags(source, "u").or_else(|error| Regex::new(source).map_err(|_| error))
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/u", self.source)
    }
}
