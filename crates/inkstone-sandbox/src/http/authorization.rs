//! The key in a request's headers.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

/// Whether the header has a key in the form that both APIs want: `Bearer <key>`.
pub fn has_bearer(headers: &HeaderMap) -> bool {
    bearer(headers).is_some()
}

/// The key, in that form.
pub fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    match split_scheme(headers.get(AUTHORIZATION)?.as_bytes()) {
        (true, key) if !key.is_empty() => Some(key),
        _ => None,
    }
}

/// Whether the header has anything that could be a key.
pub fn has_any(headers: &HeaderMap) -> bool {
    let header = headers.get(AUTHORIZATION);
    header.is_some_and(|value| !split_scheme(value.as_bytes()).1.is_empty())
}

/// Whether a header's value begins with `Bearer`, and the key after it.
fn split_scheme(value: &[u8]) -> (bool, &[u8]) {
    const BEARER: &[u8] = b"bearer";
    let value = value.trim_ascii();
    match value.split_at_checked(BEARER.len()) {
        Some((scheme, key))
            if scheme.eq_ignore_ascii_case(BEARER)
                && key.first().is_none_or(u8::is_ascii_whitespace) =>
        {
            (true, key.trim_ascii())
        }
        _ => (false, value),
    }
}
