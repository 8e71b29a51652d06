//! What callers of our own servers show.

use hyper::header::{AUTHORIZATION, HeaderMap};

/// The key of `Authorization: Bearer …`, if there is one.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    Some(key.trim()).filter(|key| is_bearer && !key.is_empty())
}
