//! The JSON of a page: read from its blocks, and written for the endpoint object.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::error::{AGAIN, PageError};
use crate::text::reindent::reindent;

/// The JSON of a block whose body starts at line `at`, counted from 0.
///
/// # Errors
///
/// When it is empty, or not JSON.
pub(super) fn block_json(
    page: &str,
    heading: &str,
    at: usize,
    body: &[&str],
) -> Result<String, PageError> {
    let text = spaced(&body.join("\n"));
    if text.trim().is_empty() {
        let message = "the block is empty: copy the page again, with its JSON";
        return Err(PageError::new(page, Some(heading), (at, 1), message));
    }
    let Err(error) = serde_json::from_str::<IgnoredAny>(&text) else {
        return Ok(text);
    };
    let line = error.line().clamp(1, body.len());
    // The column counts bytes, and may be in the middle of a character.
    let starts = body[line - 1].char_indices().map(|(at, _)| at);
    let column = starts.take_while(|at| *at < error.column()).count().max(1);
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let message = format!("not JSON: {reason}{AGAIN}");
    let place = (at + line, column);
    Err(PageError::new(page, Some(heading), place, message))
}

/// Whether a character is invisible; browsers put such characters into copied text.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Replaces whitespace that JSON does not allow between tokens by as many bytes of spaces,
/// so that line and column of an error stay right.
fn spaced(text: &str) -> String {
    let (mut spaced, mut in_string, mut is_escaped) = (String::new(), false, false);
    for c in text.chars() {
        let is_strange = !in_string && is_blank(c) && !matches!(c, ' ' | '\t' | '\n' | '\r');
        match is_strange {
            true => spaced.extend(std::iter::repeat_n(' ', c.len_utf8())),
            false => spaced.push(c),
        }
        in_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && in_string && !is_escaped;
    }
    spaced
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// An object of these members, whose values are JSON, indented.
pub(super) fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", quoted(key)))
        .collect();
    let mut json = reindent(&format!("{{{}}}", members.join(",")));
    json.push('\n');
    json
}
