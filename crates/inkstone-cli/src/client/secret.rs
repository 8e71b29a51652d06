//! A key, which is never printed.

use std::fmt;

/// A key that `Debug` does not show.
pub struct Secret(String);

impl Secret {
    pub fn new(key: String) -> Self {
        Self(key)
    }

    /// The key itself, for the client that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` without the key: an API may quote it in an error.
    pub fn hide_in(&self, text: &str) -> String {
        text.replace(self.0.trim(), "…")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
