//! Which members of a reply hold pictures.

use std::io::Read as _;

use base64::Engine as _;

use super::encoding::{LENIENT, Unescaped};
use super::picture::ImageFormat;

/// The fields that hold a picture in some reply of some API.
const FIELDS: [&str; 4] = ["url", "image", "image_url", "b64_json"];

/// Whether a member of this name holds a picture, if its text is one.
pub(crate) fn is_picture_field(name: &str) -> bool {
    FIELDS.contains(&name)
}

/// Whether no member below this name holds a picture that was made: it tells of a failure, whose
/// URLs lead to manuals, or repeats what was sent.
pub(crate) fn is_no_result(name: &str) -> bool {
    matches!(
        name,
        "error" | "errors" | "input" | "inputs" | "request" | "params" | "parameters"
    )
}

/// Whether what is below this name shows what was made a second time, where that is there.
pub(crate) fn shows_again(name: &str) -> bool {
    matches!(
        name,
        "mask" | "masks" | "preview" | "previews" | "thumbnail" | "thumbnails"
    )
}

/// Whether APIs have what was made below this name. Beside a failure nothing else is proof that
/// there is any: a URL there may lead anywhere.
pub(crate) fn has_results(name: &str) -> bool {
    matches!(
        name,
        "data"
            | "output"
            | "outputs"
            | "result"
            | "results"
            | "images"
            | "choices"
            | "candidates"
            | "artifacts"
            | "predictions"
    )
}

/// Whether a text starts as the base64 of a picture does, however that is written: then no name has
/// to say what it is.
pub(crate) fn is_picture_base64(text: Unescaped<&[u8]>) -> bool {
    /// As many characters as stand for the bytes that tell every format.
    const HEAD: u64 = 16;
    let mut head = Vec::new();
    let read = text.take(HEAD).read_to_end(&mut head);
    let decoded = read.ok().and_then(|_| LENIENT.decode(&head).ok());
    let format = decoded.and_then(|bytes| ImageFormat::from_start(&bytes));
    // Two letters say little.
    format.is_some_and(|format| format != ImageFormat::Bmp)
}

/// Where the base64 of a picture starts in the JSON text of a string that is still
/// coming, if there will be one.
///
/// `name` is the JSON text of its member's name. Where escapes hide what it is, it is
/// not taken for a picture, and found once all of it is here.
pub(crate) fn base64_start(name: &[u8], text: &[u8]) -> Option<usize> {
    /// A data URI says what it is in its first characters.
    const HEAD: usize = 256;
    const MARK: &[u8] = b";base64,";
    if !FIELDS.iter().any(|field| field.as_bytes() == name) {
        return None;
    }
    let head = &text[..text.len().min(HEAD)];
    let is_data_uri = |scheme: &[u8]| scheme.eq_ignore_ascii_case(b"data:");
    if head.get(..5).is_some_and(is_data_uri) {
        let end = head.windows(MARK.len()).position(|window| window == MARK)?;
        let kind = &head[..end];
        let is_escape = |pair: &[u8]| pair[0] == b'\\' && pair[1] != b'/';
        let is_plain = !kind.contains(&b',') && !kind.windows(2).any(is_escape);
        return is_plain.then_some(end + MARK.len());
    }
    let is_encoded = name == b"b64_json" && !head.starts_with(b"http");
    (is_encoded || is_picture_base64(Unescaped::json(head))).then_some(0)
}
