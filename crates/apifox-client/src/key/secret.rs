//! One key, which no log, error or debug output ever shows, and no reply that a caller gets to see.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderValue, InvalidHeaderValue};
use serde_json::{Map, Value};

use crate::excerpt::redacted;

/// What stands where the key was.
const BLANK: &str = "…";

/// A shorter key, in bytes, can't be told from other text, and no API gives one out: it is
/// blanked in messages alone.
const SHORTEST: usize = 8;

/// What stands for itself in a URL: what
/// [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3) calls unreserved.
pub(super) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// All that a key may look like, `basic` among it.
fn spellings(key: &str, basic: String) -> Vec<String> {
    let upper = utf8_percent_encode(key, UNRESERVED).to_string();
    let mut lower = String::with_capacity(upper.len());
    let mut digits = 0_u8;
    for c in upper.chars() {
        lower.push(match digits {
            0 => c,
            _ => c.to_ascii_lowercase(),
        });
        digits = match c {
            '%' => 2,
            _ => digits.saturating_sub(1),
        };
    }
    let forms = [&upper, &lower].map(|text| text.replace("%20", "+"));
    let mut all = vec![key.to_owned(), basic, upper, lower];
    all.extend(forms);
    all.retain(|text| !text.is_empty());
    all.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    all.dedup();
    all
}

/// An API key, in the ways that it is shown to an API. Its `Debug` output hides it.
#[derive(Clone)]
pub struct Key {
    text: String,
    /// What it looks like wherever an API quotes it: as it is, in `basic`, and in URLs; the
    /// longest first.
    spellings: Vec<String>,
    plain: HeaderValue,
    bearer: HeaderValue,
    basic: HeaderValue,
}

impl Key {
    /// The key `key`, without the white space around it.
    ///
    /// # Errors
    ///
    /// When the key has characters that no header may have, such as a newline.
    pub fn new(key: &str) -> Result<Self, InvalidHeaderValue> {
        let key = key.trim();
        let secret = |text: &str| {
            let mut value = HeaderValue::from_str(text)?;
            value.set_sensitive(true);
            Ok(value)
        };
        let encoded = BASE64_STANDARD.encode(key);
        Ok(Self {
            plain: secret(key)?,
            bearer: secret(&format!("Bearer {key}"))?,
            basic: secret(&format!("Basic {encoded}"))?,
            spellings: spellings(key, encoded),
            text: key.to_owned(),
        })
    }

    /// `text` with the key blanked, should an API have quoted it.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let shown = text.to_owned();
        let spellings = self.spellings.iter();
        let redacted = spellings.fold(shown, |text, secret| redacted(&text, secret));
        match self.is_in(&redacted) {
            true => self.blanked(&redacted),
            false => redacted,
        }
    }

    /// Whether a text shows the key, be it as in a URL.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.shows(text) || self.shows(&percent_decode_str(text).decode_utf8_lossy())
    }

    fn shows(&self, text: &str) -> bool {
        let mut spellings = self.spellings.iter();
        self.text.len() >= SHORTEST && spellings.any(|secret| text.contains(secret))
    }

    /// Blanks the key in what came of a reply: in its bytes, in the JSON that they stand for,
    /// however that is escaped, and in its headers.
    pub(crate) fn blank_reply(
        &self,
        bytes: &mut Bytes,
        json: Option<&mut Value>,
        headers: &mut HeaderMap,
    ) {
        if self.text.len() < SHORTEST {
            return;
        }
        if let Cow::Owned(blanked) = self.blanked_bytes(bytes) {
            *bytes = blanked.into();
        }
        if let Some(json) = json {
            let text_shows_it = self.blank_json(json);
            if text_shows_it && !is_shown_plainly(json, bytes) {
                // Escapes hid it in the text.
                *bytes = json.to_string().into();
            }
        }
        for value in headers.values_mut() {
            if let Cow::Owned(blanked) = self.blanked_bytes(value.as_bytes())
                && let Ok(blanked) = HeaderValue::from_bytes(&blanked)
            {
                *value = blanked;
            }
        }
    }

    fn blanked_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut blanked = Cow::Borrowed(bytes);
        for secret in &self.spellings {
            let finder = memmem::Finder::new(secret);
            let places: Vec<usize> = finder.find_iter(&blanked).collect();
            if places.is_empty() {
                continue;
            }
            let mut written = Vec::with_capacity(blanked.len());
            let mut from = 0;
            for at in places {
                written.extend_from_slice(&blanked[from..at]);
                written.extend_from_slice(BLANK.as_bytes());
                from = at + secret.len();
            }
            written.extend_from_slice(&blanked[from..]);
            blanked = Cow::Owned(written);
        }
        blanked
    }

    /// Blanks the key in all texts and names of a tree; whether it was in one.
    fn blank_json(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.is_in(text) {
                true => {
                    *text = self.blanked(text);
                    true
                }
                false => false,
            },
            Value::Array(items) => self.blank_each(items.iter_mut()),
            Value::Object(members) => {
                let found = self.blank_each(members.values_mut());
                if !members.keys().any(|name| self.is_in(name)) {
                    return found;
                }
                let named = std::mem::take(members).into_iter();
                *members = named
                    .map(|(name, member)| match self.is_in(&name) {
                        true => (self.blanked(&name), member),
                        false => (name, member),
                    })
                    .collect::<Map<_, _>>();
                true
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Blanks the key in all of these; whether it was in one.
    fn blank_each<'a>(&self, values: impl Iterator<Item = &'a mut Value>) -> bool {
        let mut found = false;
        for value in values {
            found |= self.blank_json(value);
        }
        found
    }

    /// A text that shows the key without it.
    fn blanked(&self, text: &str) -> String {
        let blank = |text: &str| {
            let spellings = self.spellings.iter();
            spellings.fold(text.to_owned(), |text, secret| text.replace(secret, BLANK))
        };
        let blanked = blank(text);
        match self.is_in(&blanked) {
            true => blank(&percent_decode_str(&blanked).decode_utf8_lossy()),
            false => blanked,
        }
    }

    /// Whether it is a user and a password.
    pub(crate) fn is_pair(&self) -> bool {
        self.text.contains(':')
    }

    /// The key itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// All that it may look like.
    pub(crate) fn spellings(&self) -> &[String] {
        &self.spellings
    }

    /// The key as a URL has it.
    pub(crate) fn in_url(&self) -> impl fmt::Display {
        utf8_percent_encode(&self.text, UNRESERVED)
    }

    /// The value of a header of its own.
    pub(crate) fn plain(&self) -> HeaderValue {
        self.plain.clone()
    }

    /// The value of `Authorization` for a token.
    pub(crate) fn bearer(&self) -> HeaderValue {
        self.bearer.clone()
    }

    /// The value of `Authorization` for `user:password`.
    pub(crate) fn basic(&self) -> HeaderValue {
        self.basic.clone()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Whether the text of a reply is that of its JSON, so that nothing is hidden in it.
fn is_shown_plainly(json: &Value, text: &[u8]) -> bool {
    serde_json::from_slice::<Value>(text).is_ok_and(|read| read == *json)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD as STANDARD;
    use bytes::Bytes;
    use reqwest::header::HeaderMap;
    use serde_json::{Value, json};

    use super::Key;

    #[test]
    fn no_part_of_a_reply_shows_the_key_however_it_is_written() {
        for secret in ["sk-0123456789", "ключ-секрет", "a\"b\\c/d e"] {
            let key = Key::new(secret).expect("a key");
            let encoded = STANDARD.encode(secret);
            let escaped: String = secret
                .encode_utf16()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect();
            let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let plain = Value::from(secret).to_string();
            let bodies = [
                format!("{{\"a\":{plain}}}"),
                format!("{{{plain}:1}}"),
                format!("{{\"a\":[\"{escaped}\"]}}"),
                format!("{{\"url\":\"https://a/{percent}\"}}"),
                format!("{{\"url\":\"https://a/{encoded}\"}}"),
            ];
            for body in bodies {
                let mut json: Option<Value> = Some(serde_json::from_str(&body).expect("JSON"));
                let mut bytes = Bytes::from(body.clone());
                let mut headers = HeaderMap::new();
                headers.insert("x-request-id", key.plain());
                key.blank_reply(&mut bytes, json.as_mut(), &mut headers);
                let json = json.expect("JSON");
                let read: Value = serde_json::from_slice(&bytes).expect("JSON");
                assert_eq!(read, json, "{body}");
                let shown = format!("{json} {}", String::from_utf8_lossy(&bytes));
                assert!(shown.contains('…') && !key.is_in(&shown), "{body}: {shown}");
                assert!(
                    !shown.contains(&percent) && !shown.contains(&escaped),
                    "{shown}"
                );
                let id = headers["x-request-id"].as_bytes();
                assert_eq!(id, "…".as_bytes(), "{body}");
            }
        }
    }

    /// As servers send back the URL that they were asked by.
    #[test]
    fn a_key_of_a_url_is_blanked_in_bodies_and_headers_that_are_no_json() {
        let key = Key::new("ab/cd+ef==012 3").expect("a key");
        let cases = [
            ("/v2?key=ab%2Fcd%2Bef%3D%3D012%203&a=1", "/v2?key=…&a=1"),
            ("/v2?key=ab%2fcd%2bef%3d%3d012%203", "/v2?key=…"),
            ("/v2?key=ab%2Fcd%2Bef%3D%3D012+3", "/v2?key=…"),
            ("/v2?key=ab/cd+ef==012 3", "/v2?key=…"),
        ];
        for (shown, expected) in cases {
            let mut bytes = Bytes::from(format!("<a href=\"{shown}\">"));
            let mut headers = HeaderMap::new();
            headers.insert("location", shown.parse().expect("a header"));
            key.blank_reply(&mut bytes, None, &mut headers);
            assert_eq!(headers["location"].as_bytes(), expected.as_bytes());
            let body = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(body, format!("<a href=\"{expected}\">"));
            assert_eq!(key.redact(shown), expected);
        }
        // A short one is blanked in messages alone.
        let key = Key::new("a/b+c=d").expect("a key");
        assert_eq!(key.redact("/v2?key=a%2Fb%2Bc%3Dd"), "/v2?key=…");
    }

    #[test]
    fn what_shows_no_key_stays_as_it_is() {
        let key = Key::new("sk-0123456789").expect("a key");
        let json = json!({"a": "100% sk-0123 %73k", "b": 1e300});
        let body = format!("  {json}\n");
        let mut bytes = Bytes::from(body.clone());
        let mut read = json.clone();
        key.blank_reply(&mut bytes, Some(&mut read), &mut HeaderMap::new());
        assert_eq!((bytes, read), (Bytes::from(body), json));
    }
}
