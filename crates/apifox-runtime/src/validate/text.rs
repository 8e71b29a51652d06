//! The rules of strings.

use std::fmt;

use crate::pattern::Pattern;
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;
use crate::value::path::Path;

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

    /// Takes the text of a string that keeps to the rules.
    #[must_use]
    pub fn of_node(&self, node: &mut Node<'_>) -> Option<String> {
        match node {
            Node::String(text) if self.accepts(text) => Some(std::mem::take(text).into_owned()),
            _ => None,
        }
    }

    /// Whether `text` keeps to the rules; why not does not matter.
    fn accepts(&self, text: &str) -> bool {
        let check = || self.check_text(text, Path::ROOT, &mut Report::silent());
        self.is_plain(text) || check().is_some()
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
            let expected = format_args!("a match of {}", pattern.source());
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
