//! `--image`: a file becomes a data URI, a URL stays what it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::exit::{Code, Failure};

/// The formats that the APIs take: how their first bytes look, and their type.
const FORMATS: [(&[u8], &str); 6] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
];

/// The URI of the picture that `given`, a path or a URL, names.
pub fn uri(given: &str) -> Result<String, Failure> {
    if given.contains("://") || given.starts_with("data:") {
        return Ok(given.to_owned());
    }
    let bytes = std::fs::read(given).map_err(|error| {
        Failure::usage(format!("--image: {given} can't be read: {error}"))
            .hint("give the path of a picture, or a URL that starts with https://")
    })?;
    let Some(format) = format(&bytes) else {
        return Err(
            Failure::new(Code::Invalid, format!("--image: {given} is no picture"))
                .hint("PNG, JPEG, WebP, GIF, BMP and TIFF are known by their first bytes"),
        );
    };
    Ok(format!("data:{format};base64,{}", STANDARD.encode(bytes)))
}

fn format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let format = FORMATS.iter().find(|(start, _)| bytes.starts_with(start));
    format.map(|(_, name)| *name)
}
