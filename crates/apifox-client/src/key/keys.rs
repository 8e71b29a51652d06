//! All keys of a client.

use std::iter::once;

use apifox_runtime::Credential;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::secret::Key;
use crate::error::Error;

/// Keys, each with what it is shown as.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    /// The one for what none of the others is meant for.
    pub any: Option<Key>,
    /// Those that are meant for one credential each.
    pub own: Vec<(Credential, Key)>,
}

impl Keys {
    /// The key that is meant for this credential alone.
    pub fn own(&self, credential: Credential) -> Option<&Key> {
        let mut own = self.own.iter().rev();
        own.find_map(|(known, key)| is_same(*known, credential).then_some(key))
    }

    /// What tells one account from another; empty where there is no key.
    pub fn account(&self) -> &str {
        self.all().next().map(Key::text).unwrap_or_default()
    }

    /// What must not be shown.
    pub fn secrets(&self) -> Vec<&str> {
        self.all().map(Key::text).collect()
    }

    /// A text without the keys.
    pub fn redact(&self, text: String) -> String {
        self.all().fold(text, |text, key| key.redact(&text))
    }

    /// An error without the keys.
    pub fn redact_error(&self, error: Error) -> Error {
        self.all().fold(error, Error::without)
    }

    /// Blanks the keys in what came of a reply: see [`Key::blank_reply`].
    pub fn blank_reply(
        &self,
        bytes: &mut Bytes,
        mut json: Option<&mut Value>,
        headers: &mut HeaderMap,
    ) {
        for key in self.all() {
            key.blank_reply(bytes, json.as_deref_mut(), headers);
        }
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        once(&self.any)
            .flatten()
            .chain(self.own.iter().map(|(_, key)| key))
    }
}

/// Whether two credentials are sent in the same place. Names of headers have no case.
fn is_same(one: Credential, other: Credential) -> bool {
    match (one, other) {
        (Credential::Header(one), Credential::Header(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}
