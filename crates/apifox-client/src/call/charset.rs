//! The text of a reply, in the encoding that its headers say.

use std::str;

use apifox_runtime::{Invalid, Node, Path, Report, media_type};
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Encodings that are UTF-8, or a part of it.
const UTF_8: [&str; 4] = ["utf-8", "utf8", "us-ascii", "ascii"];

/// How the names of encodings begin in which bytes of ASCII stand for something else.
const NOT_LIKE_ASCII: [&str; 6] = ["utf-7", "utf-16", "utf-32", "ucs-", "iso-10646", "iso-2022"];

/// The text of a reply with these headers, which is read where it is UTF-8.
///
/// # Errors
///
/// That it is not, with the encoding that the headers name.
pub(crate) fn text<'b>(headers: &HeaderMap, bytes: &'b [u8]) -> Result<&'b str, Invalid> {
    let charset = charset(headers).unwrap_or_default();
    let is_like_ascii = !NOT_LIKE_ASCII.iter().any(|name| charset.starts_with(name));
    let is_read = charset.is_empty()
        || UTF_8.contains(&charset.as_str())
        || (is_like_ascii && bytes.is_ascii())
        || bytes.is_empty();
    match str::from_utf8(bytes) {
        Ok(text) if is_read => Ok(text),
        // A name says more than the bytes do.
        _ if !charset.is_empty() => Err(unreadable(charset)),
        _ => Err(unreadable(String::from_utf8_lossy(bytes).into_owned())),
    }
}

fn unreadable(found: String) -> Invalid {
    let mut report = Report::default();
    let found = Node::String(found.into());
    let nothing = report.violation(Path::ROOT, "charset", &found, "a text in UTF-8");
    // There is no value, so only the violation can come of it.
    match report.conclude::<std::convert::Infallible>(nothing) {
        Err(invalid) => invalid,
        Ok(never) => match never {},
    }
}

/// The encoding that the headers of a reply name.
fn charset(headers: &HeaderMap) -> Option<String> {
    media_type::charset(headers.get(CONTENT_TYPE)?.to_str().ok()?)
}
