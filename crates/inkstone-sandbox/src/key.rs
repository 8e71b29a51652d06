//! Did a key come with the request?

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

/// Whether there is a key in the header, in the form that both APIs want it.
pub fn has_bearer(headers: &HeaderMap) -> bool {
    let header = headers.get(AUTHORIZATION);
    header.is_some_and(|value| matches!(scheme(value.as_bytes()), (true, key) if !key.is_empty()))
}

/// Whether there is anything in the header that could be a key.
pub fn has_any(headers: &HeaderMap) -> bool {
    let header = headers.get(AUTHORIZATION);
    header.is_some_and(|value| !scheme(value.as_bytes()).1.is_empty())
}

/// Whether a header's value begins with `Bearer`, and what comes after it.
fn scheme(value: &[u8]) -> (bool, &[u8]) {
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
