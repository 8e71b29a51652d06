//! Expressions that are not regular in the strict sense: regress tries alternatives one
//! after another.

use regress::Regex;
use regress::backends::{self, PikeVMExecutor};

/// An expression that regress compiled.
pub(crate) struct Backtracking {
    regex: Regex,
    repeats_repeated: bool,
}

impl Backtracking {
    /// Compiles with the flag `u`, as JSON Schema requires, or without it where `source` is
    /// valid only then, such as `\-`.
    ///
    /// # Errors
    ///
    /// Why it is not a regular expression.
    pub fn new(source: &str) -> Result<Self, regress::Error> {
        let regex =
            Regex::with_flags(source, "u").or_else(|error| Regex::new(source).map_err(|_| error));
        Ok(Self {
            regex: regex?,
            repeats_repeated: repeats_repeated(source),
        })
    }

    /// Whether some part of `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        // ASCII need not be decoded.
        match (self.repeats_repeated, text.is_ascii()) {
            (false, true) => self.regex.find_from_ascii(text, 0).next().is_some(),
            (false, false) => self.regex.find(text).is_some(),
            (true, true) => backends::find_ascii::<PikeVMExecutor>(&self.regex, text, 0)
                .next()
                .is_some(),
            (true, false) => backends::find::<PikeVMExecutor>(&self.regex, text, 0)
                .next()
                .is_some(),
        }
    }
}

/// Whether a repeated group holds a repeated group, or a reference to one, as in
/// `(?:(?:ab)+c)*`.
///
/// regress 0.12 has one counter for each repeated group. When it backtracks to an earlier
/// round of the outer group it does not reset the inner group's counter: it then finds
/// wrong matches, or never ends. Its other engine, which is slower, counts correctly.
pub(super) fn repeats_repeated(source: &str) -> bool {
    let mut bytes = source.bytes().peekable();
    let mut is_in_class = false;
    // For each open group, and for the whole: does it contain a repeated one?
    let mut open = vec![false];
    while let Some(byte) = bytes.next() {
        let mut holds = false;
        match byte {
            b'\\' => {
                let is_reference = |next: u8| matches!(next, b'1'..=b'9' | b'k');
                holds = bytes.next().is_some_and(is_reference) && !is_in_class;
            }
            _ if is_in_class => is_in_class = byte != b']',
            b'[' => is_in_class = true,
            b'(' => open.push(false),
            b')' => {
                let is_repeated = bytes.peek().is_some_and(|next| b"*+?{".contains(next));
                holds = open.pop().unwrap_or_default();
                if holds && is_repeated {
                    return true;
                }
                holds |= is_repeated;
            }
            _ => {}
        }
        if let Some(innermost) = open.last_mut() {
            *innermost |= holds;
        }
    }
    false
}
