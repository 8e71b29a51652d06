//! All keys of a client.

use apifox_runtime::Credential;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::secret::Key;
use crate::error::Error;

/// Keys, each with what it is shown as.
#[derive(Clone)]
pub(crate) struct Keys {
    /// The one for what none of the others is meant for.
    any: Option<Key>,
    /// Those that are meant for one credential each.
    own: Vec<(Credential, Key)>,
    /// All of them, the longest first: one may be the start of another.
    all: Vec<Key>,
    /// What tells one account from another; empty where there is no key.
    account: String,
}

impl Keys {
    pub fn new(any: Option<Key>, own: Vec<(Credential, Key)>) -> Self {
        let keys = any.iter().chain(own.iter().map(|(_, key)| key));
        let mut all: Vec<Key> = keys.cloned().collect();
        all.sort_by(|one, other| {
            let longest_first = other.text().len().cmp(&one.text().len());
            longest_first.then_with(|| one.text().cmp(other.text()))
        });
        let texts: Vec<&str> = all.iter().map(Key::text).collect();
        Self {
            account: texts.join("\n"),
            any,
            own,
            all,
        }
    }

    /// The key for what no other is meant for.
    pub fn any(&self) -> Option<&Key> {
        self.any.as_ref()
    }

    /// The key that is meant for this credential alone.
    pub fn own(&self, credential: Credential) -> Option<&Key> {
        let mut own = self.own.iter().rev();
        own.find_map(|(known, key)| is_same(*known, credential).then_some(key))
    }

    /// What tells one account from another; empty where there is no key.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What must not be shown.
    pub fn secrets(&self) -> Vec<&str> {
        let spellings = self.all.iter().flat_map(Key::spellings);
        spellings.map(String::as_str).collect()
    }

    /// A text without the keys.
    pub fn redact(&self, text: String) -> String {
        self.all.iter().fold(text, |text, key| key.redact(&text))
    }

    /// An error without the keys.
    pub fn redact_error(&self, error: Error) -> Error {
        self.all.iter().fold(error, Error::without)
    }

    /// Blanks the keys in what came of a reply: see [`Key::blank_reply`].
    pub fn blank_reply(
        &self,
        bytes: &mut Bytes,
        mut json: Option<&mut Value>,
        headers: &mut HeaderMap,
    ) {
        for key in &self.all {
            key.blank_reply(bytes, json.as_deref_mut(), headers);
        }
    }
}

/// Whether two credentials are sent in the same place. Names of headers have no case.
fn is_same(one: Credential, other: Credential) -> bool {
    match (one, other) {
        (Credential::Header(one), Credential::Header(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}
