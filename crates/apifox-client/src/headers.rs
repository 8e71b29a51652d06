//! The headers of a reply as its document has them.

use apifox_runtime::{Invalid, ReplyHeaders};
use reqwest::header::HeaderMap;

/// What the type `H` makes of the headers of a reply.
///
/// # Errors
///
/// Where they deviate from what the document says.
pub(crate) fn typed_headers<H: ReplyHeaders>(headers: &HeaderMap) -> Result<H, Invalid> {
    H::from_headers(|name| {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    })
}
