//! A file as a `data:` URI ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::request::spelling::UNRESERVED;
use crate::request::token::is_token;

/// The parameter that holds the file's name. Browsers and vendors know it by this
/// name; RFC 2397 itself has none.
const NAME: &str = "name";

/// What a `data:` URI says of a file.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct DataUri {
    pub media_type: String,
    /// Never empty.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
}

/// Reads the file that `uri` holds, if it is a `data:` URI with base64.
///
/// Unlike in a browser the media type has to be there and the base64 to be canonical:
/// what is left to guess would be guessed differently at the other end.
pub(super) fn read(uri: &str) -> Option<DataUri> {
    let rest = strip_prefix_ignoring_case(uri, "data:")?;
    let (head, data) = rest.split_once(',')?;
    let (head, base64) = head.rsplit_once(';')?;
    if !base64.eq_ignore_ascii_case("base64") {
        return None;
    }
    let (media_type, name) = without_name(head)?;
    if !is_media_type(&media_type) {
        return None;
    }
    let bytes = STANDARD.decode(data).ok()?;
    Some(DataUri {
        media_type,
        name: name.filter(|name| !name.is_empty()),
        bytes,
    })
}

/// Writes `file` so that [`read`] reads the same.
pub(super) fn write(file: &DataUri) -> String {
    let mut uri = format!("data:{}", file.media_type);
    if let Some(name) = &file.name {
        uri.extend([";", NAME, "="]);
        uri.extend(utf8_percent_encode(name, UNRESERVED));
    }
    uri.push_str(";base64,");
    STANDARD.encode_string(&file.bytes, &mut uri);
    uri
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

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
