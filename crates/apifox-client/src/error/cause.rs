//! What caused an error, and what of it may be shown.

use std::error::Error as StdError;
use std::fmt;

use crate::key::Key;

/// What caused an error.
pub(super) type Cause = Box<dyn StdError + Send + Sync>;

/// An error, what caused it, what caused that and so on.
pub fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'e (dyn StdError + 'static) = *error;
        error.source()
    })
}

/// What the innermost cause of an error says: of all of them it says most.
#[must_use]
pub fn innermost_cause(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// A cause that showed the key, and the causes of it: what they say without the key.
struct Blanked {
    said: String,
    source: Option<Box<Blanked>>,
}

/// The cause as it is, or what it and its causes say without the key where one shows it.
pub(super) fn without(cause: Cause, key: &Key) -> Cause {
    let chain: Vec<_> = causes(cause.as_ref()).collect();
    if !chain.iter().any(|error| is_shown(key, *error)) {
        return cause;
    }
    let blanked = chain.iter().rev().fold(None, |source, error| {
        let said = key.redact(&error.to_string());
        Some(Box::new(Blanked { said, source }))
    });
    match blanked {
        Some(blanked) => blanked,
        None => cause,
    }
}

/// Whether an error shows the key, be it with the escapes of a string in `Debug`.
fn is_shown(key: &Key, error: &dyn StdError) -> bool {
    let is_in = |text: &str| key.redact(text) != text;
    let (display, debug) = (error.to_string(), format!("{error:?}"));
    let escaped = key.text().escape_debug().to_string();
    is_in(&display) || is_in(&debug) || (!escaped.is_empty() && debug.contains(&escaped))
}

impl fmt::Display for Blanked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl fmt::Debug for Blanked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl StdError for Blanked {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
