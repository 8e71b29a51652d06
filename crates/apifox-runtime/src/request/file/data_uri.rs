//! `data:` URIs ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)) with base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const SCHEME: &str = "data:";
const ENCODING: &str = ";base64";

/// A `data:` URI with base64 ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)), in its
/// parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataUri<'t> {
    /// The media type with its parameters; empty where the URI names none.
    pub media_type: &'t str,
    /// The data, as it stands in the URI: nothing says that it is valid base64.
    pub base64: &'t str,
}

impl<'t> DataUri<'t> {
    /// Whether `text` starts as a `data:` URI does.
    #[must_use]
    pub fn is_data_uri(text: &str) -> bool {
        without_scheme(text).is_some()
    }

    /// The parts of `text`, if it is a `data:` URI with base64.
    #[must_use]
    pub fn parse(text: &'t str) -> Option<Self> {
        let (head, base64) = without_scheme(text)?.split_once(',')?;
        let end = head.len().checked_sub(ENCODING.len())?;
        let (media_type, encoding) = head.split_at_checked(end)?;
        encoding
            .eq_ignore_ascii_case(ENCODING)
            .then_some(Self { media_type, base64 })
    }

    /// The `data:` URI of these bytes.
    #[must_use]
    pub fn encode(media_type: &str, bytes: &[u8]) -> String {
        let mut uri = format!("{SCHEME}{media_type}{ENCODING},");
        STANDARD.encode_string(bytes, &mut uri);
        uri
    }
}

fn without_scheme(text: &str) -> Option<&str> {
    let (start, rest) = text.split_at_checked(SCHEME.len())?;
    start.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::DataUri;

    #[test]
    fn a_data_uri_is_told_from_other_texts_and_taken_apart() {
        let cases = [
            (
                "data:image/png;base64,AAAA",
                true,
                Some(("image/png", "AAAA")),
            ),
            ("DATA:a/b;c=d;Base64,A,A", true, Some(("a/b;c=d", "A,A"))),
            ("data:;base64,", true, Some(("", ""))),
            ("data:base64,AAAA", true, None),
            ("data:image/png,raw", true, None),
            ("data:", true, None),
            ("dat", false, None),
            ("date:;base64,", false, None),
            ("猫猫猫", false, None),
        ];
        for (text, is_one, parts) in cases {
            assert_eq!(DataUri::is_data_uri(text), is_one, "{text}");
            let found = DataUri::parse(text).map(|uri| (uri.media_type, uri.base64));
            assert_eq!(found, parts, "{text}");
        }
        let uri = DataUri::encode("image/png", b"cat");
        assert_eq!(uri, "data:image/png;base64,Y2F0");
    }
}
