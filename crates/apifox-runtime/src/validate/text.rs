//! The rules of strings.

use crate::format::named::Format;
use crate::pattern::Pattern;
use crate::validate::listing::Counted;
use crate::validate::report::{Invalid, Report, cut};
use crate::value::json_view::{JsonView, if_text};
use crate::value::node::Node;
use crate::value::path::Path;

/// `minLength`, `maxLength`, `pattern`, and our own `x-format` and `x-truncated-length`.
///
/// Lengths count code points, as JSON Schema does.
#[derive(Debug)]
pub struct Text {
    /// The format of the whole string.
    pub format: Option<Format>,
    /// The fewest characters allowed.
    pub min_length: u64,
    /// The most characters allowed.
    pub max_length: Option<u64>,
    /// What some part of the string has to match.
    pub pattern: Option<Pattern>,
    /// How many characters the API keeps: more are a warning.
    pub truncated_length: Option<u64>,
}

impl Text {
    /// Decodes the string `node`. Compiled once, not once for each type.
    pub fn decode(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<String> {
        match node {
            Node::String(text) if self.is_plain(text) => Some(text.as_ref().to_owned()),
            Node::String(text) => {
                let checked = self.check_slowly(text, at, report);
                checked.map(|()| text.as_ref().to_owned())
            }
            _ => report.wrong_type(at, node, "a string"),
        }
    }

    /// Checks the string `text`.
    pub(crate) fn check_text(&self, text: &str, at: Path<'_>, report: &mut Report) -> Option<()> {
        match self.is_plain(text) {
            true => Some(()),
            false => self.check_slowly(text, at, report),
        }
    }

    fn check_slowly(&self, text: &str, at: Path<'_>, report: &mut Report) -> Option<()> {
        let value = &text;
        let length = text.chars().count() as u64;
        let mut checked = Some(());
        if length < self.min_length {
            let expected = Counted("at least", self.min_length, "character");
            checked = report.violation(at, "minLength", value, expected);
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            let expected = Counted("at most", most, "character");
            checked = report.violation(at, "maxLength", value, expected);
        }
        if let Some(pattern) = &self.pattern {
            let source = cut(pattern.source().to_owned(), LONGEST_PATTERN);
            checked = match pattern.try_match(text) {
                Some(true) => checked,
                Some(false) => {
                    let expected = format_args!("a match of {source}");
                    report.violation(at, "pattern", value, expected)
                }
                None => {
                    let expected =
                        format_args!("a text that can be matched with {source} in fewer steps");
                    report.violation(at, "pattern", value, expected)
                }
            };
        }
        if let Some(format) = self.format.filter(|format| !format.accepts(text)) {
            checked = report.violation(at, "format", value, format.described());
        }
        if let Some(kept) = self.truncated_length.filter(|kept| length > *kept) {
            let message =
                format_args!("{length} characters, of which the API keeps the first {kept}");
            report.warning(at, message);
        }
        checked
    }

    /// Whether a string keeps to the rules; values of other types do.
    #[must_use]
    pub fn accepts(&self, value: &dyn JsonView) -> bool {
        if_text(value, |text| {
            let checked = self.check_text(text, Path::ROOT, &mut Report::verdict_only());
            checked.is_some()
        })
    }

    /// Whether there is no verdict about a string, since matching it takes too many steps.
    pub(crate) fn gives_up(&self, text: &str) -> bool {
        let gives_up =
            |pattern: &Pattern| pattern.may_give_up() && pattern.try_match(text).is_none();
        self.pattern.as_ref().is_some_and(gives_up)
    }

    /// Whether a string is certainly accepted, without warnings. A character takes one to
    /// four bytes, so mostly the characters need not be counted.
    #[inline]
    fn is_plain(&self, text: &str) -> bool {
        let bytes = text.len() as u64;
        let most = self.max_length.unwrap_or(u64::MAX);
        let most = self.truncated_length.map_or(most, |kept| most.min(kept));
        let is_match = |pattern: &Pattern| pattern.is_match(text);
        self.min_length <= bytes.div_ceil(4)
            && bytes <= most
            && self.pattern.as_ref().is_none_or(is_match)
            && self.format.is_none_or(|format| format.accepts(text))
    }

    /// Checks a string that was made in Rust.
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

/// The most characters of a pattern that a message shows.
const LONGEST_PATTERN: usize = 300;

#[cfg(test)]
mod tests {
    use super::{LONGEST_PATTERN, Text};
    use crate::pattern::Pattern;

    #[test]
    fn a_violation_shows_no_more_of_a_pattern_and_a_text_than_is_read() {
        let pattern = format!("^({})$", "a|".repeat(LONGEST_PATTERN));
        let text = Text {
            format: None,
            min_length: 0,
            max_length: None,
            pattern: Some(Pattern::new(Box::leak(pattern.into_boxed_str()))),
            truncated_length: None,
        };
        let told = text.check_built(&"b".repeat(1000)).expect_err("no match");
        let told = told.to_string();
        assert!(
            told.starts_with("(root): pattern: expected a match of ^(a|a|"),
            "{told}"
        );
        assert!(told.contains("|…, found \"bbb"), "{told}");
        assert!(told.len() < 450, "{told}");
    }
}
