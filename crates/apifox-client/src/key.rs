//! The API key, which no log, error or debug output ever shows.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderValue, InvalidHeaderValue};

use crate::excerpt::redacted;

/// An API key, in the ways that it is shown to an API. Its `Debug` output hides it.
#[derive(Clone)]
pub struct Key {
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
        Ok(Self {
            plain: secret(key)?,
            bearer: secret(&format!("Bearer {key}"))?,
            basic: secret(&format!("Basic {}", BASE64_STANDARD.encode(key)))?,
        })
    }

    /// `text` with the key blanked, should an API have quoted it.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        redacted(&redacted(text, self.encoded()), self.text())
    }

    /// The key itself.
    pub(crate) fn text(&self) -> &str {
        self.plain.to_str().unwrap_or_default()
    }

    /// The key as it stands in [`basic`](Self::basic).
    fn encoded(&self) -> &str {
        let header = self.basic.to_str().unwrap_or_default();
        header.strip_prefix("Basic ").unwrap_or(header)
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
