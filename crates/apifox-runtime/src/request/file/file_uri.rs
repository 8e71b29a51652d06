//! A file as a `data:` URI.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::data_uri::DataUri;
use crate::request::parameters::spelling::UNRESERVED;
use crate::request::token::is_token;

/// The parameter that holds the file's name. Browsers and vendors know it by this
/// name; RFC 2397 itself has none.
const NAME: &str = "name";

/// What a `data:` URI says of a file.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct FileUri {
    pub media_type: String,
    /// Never empty.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
}

/// Reads the file that `uri` holds, if it is a `data:` URI with base64.
///
/// Unlike in a browser the media type has to be there and the base64 to be canonical:
/// what is left to guess would be guessed differently at the other end.
pub(super) fn read(uri: &str) -> Option<FileUri> {
    let uri = DataUri::parse(uri)?;
    let (media_type, name) = without_name(uri.media_type)?;
    if !is_media_type(&media_type) {
        return None;
    }
    let bytes = STANDARD.decode(uri.base64).ok()?;
    Some(FileUri {
        media_type,
        name: name.filter(|name| !name.is_empty()),
        bytes,
    })
}

/// Writes `file` so that [`read`] reads the same.
pub(super) fn write(file: &FileUri) -> String {
    let mut media_type = Cow::Borrowed(&file.media_type);
    if let Some(name) = &file.name {
        let media_type = media_type.to_mut();
        media_type.extend([";", NAME, "="]);
        media_type.extend(utf8_percent_encode(name, UNRESERVED));
    }
    DataUri::encode(&media_type, &file.bytes)
}

/// Whether `text` is a media type that can stand in a `data:` URI, beside a name.
pub(super) fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';');
    let types = parts.next().and_then(|types| types.split_once('/'));
    types.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
        && parts.all(|part| {
            part.split_once('=')
                .is_some_and(|(key, value)| is_token(key) && !is_name(key) && is_token(value))
        })
}

/// Takes the parameter `name` out of a media type; `None` where it stands there twice
/// or is not UTF-8.
fn without_name(head: &str) -> Option<(String, Option<String>)> {
    let (mut kept, mut name) = (Vec::new(), None);
    for part in head.split(';') {
        match part.split_once('=') {
            Some((key, encoded)) if is_name(key) => {
                let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
                if name.replace(decoded.into_owned()).is_some() {
                    return None;
                }
            }
            _ => kept.push(part),
        }
    }
    Some((kept.join(";"), name))
}

fn is_name(key: &str) -> bool {
    key.eq_ignore_ascii_case(NAME)
}
