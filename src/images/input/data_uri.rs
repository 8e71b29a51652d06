//! What is in a data URI (RFC 2397)?

use std::io::Read as _;

use base64::engine::general_purpose::STANDARD;
use base64::read::DecoderReader;

use super::refusal::InputError;

const SCHEME: &str = "data:";
const ENCODING: &str = ";base64";

/// Whether `text` starts as a data URI does.
pub(super) fn is_one(text: &str) -> bool {
    let start = text.get(..SCHEME.len());
    start.is_some_and(|it| it.eq_ignore_ascii_case(SCHEME))
}

/// The bytes in a data URI, unless there are more than `limit`.
pub(super) fn decode(uri: &str, limit: u64) -> Result<Vec<u8>, InputError> {
    let encoded = encoded(uri).ok_or(InputError::NoBase64)?;
    // Four characters are three bytes, or at the end one or two.
    if encoded.len() as u64 / 4 * 3 > limit + 2 {
        return Err(InputError::TooLong { limit });
    }
    let mut bytes = Vec::new();
    DecoderReader::new(encoded.as_bytes(), &STANDARD)
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| InputError::NoBase64)?;
    match bytes.len() as u64 > limit {
        true => Err(InputError::TooLong { limit }),
        false => Ok(bytes),
    }
}

/// The data, which has to be base64: no API takes it any other way.
fn encoded(uri: &str) -> Option<&str> {
    let (kind, encoded) = uri.split_once(',')?;
    let at = kind.len().checked_sub(ENCODING.len())?;
    let is_base64 = kind.get(at..)?.eq_ignore_ascii_case(ENCODING);
    is_base64.then_some(encoded)
}
