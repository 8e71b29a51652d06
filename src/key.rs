//! The API key, which no log, error or debug output ever shows.

use std::fmt;

use reqwest::header::{HeaderValue, InvalidHeaderValue};

/// An API key.
#[derive(Clone)]
pub(crate) struct Key(HeaderValue);

impl Key {
    /// # Errors
    ///
    /// When the key has characters that no header may have, such as a newline.
    pub fn new(key: &str) -> Result<Self, InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.trim()))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The key itself.
    pub fn text(&self) -> &str {
        let header = self.0.to_str().unwrap_or_default();
        header.strip_prefix("Bearer ").unwrap_or(header)
    }

    /// The value of the header `Authorization`.
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
