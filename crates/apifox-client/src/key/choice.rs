//! Which keys a request shows, by what the document asks for.

use std::collections::HashSet;

use apifox_runtime::{Credential, Operation};

use super::keys::Keys;
use super::secret::Key;
use crate::error::Error;

/// What is asked for where a document says nothing: it often leaves that to its prose.
const UNSAID: &[&[Credential]] = &[&[Credential::Bearer], &[]];

/// A set of credentials, each with the key for it; without those that the caller gives.
type Filled<'a> = Vec<(Credential, &'a Key)>;

/// Why a set of credentials can't be sent.
#[derive(Clone, Copy, PartialEq)]
enum Lack {
    /// The key for it is no user and password.
    Pair,
    /// There is no key for it.
    Key,
}

impl Keys {
    /// The keys that a request shows: those of the first set of credentials that there are keys
    /// for. Sets whose keys are all meant for them come before others, and what is sent in headers
    /// before what logs along the way would show. `is_given` says what the caller sends itself.
    ///
    /// # Errors
    ///
    /// That no set can be sent.
    pub fn shown(
        &self,
        operation: &Operation,
        is_given: &dyn Fn(Credential) -> bool,
    ) -> Result<Filled<'_>, Error> {
        if operation.method == "TRACE" {
            // They would be sent back.
            return Ok(Vec::new());
        }
        let sets = match operation.security {
            [] => UNSAID,
            sets => sets,
        };
        let mut is_optional = false;
        let (mut filled, mut is_pair_missing) = (Vec::new(), false);
        for set in sets {
            match self.filled(set, is_given) {
                _ if set.is_empty() => is_optional = true,
                Ok(shown) => filled.push(shown),
                Err(lack) => is_pair_missing |= lack == Lack::Pair,
            }
        }
        let best = filled
            .into_iter()
            .min_by_key(|shown| self.preference(shown));
        match best {
            Some(shown) => Ok(shown),
            None if is_pair_missing => Err(Error::configuration(
                "the operation asks for a user and a password: give the client a key such as \
                 user:password",
            )),
            None if is_optional => Ok(Vec::new()),
            None => Err(Error::configuration(self.missing(sets))),
        }
    }

    /// This set with the key for each of its credentials. The key that is meant for none is for
    /// the only one that is left.
    fn filled(
        &self,
        set: &[Credential],
        is_given: &dyn Fn(Credential) -> bool,
    ) -> Result<Filled<'_>, Lack> {
        let (mut shown, mut left) = (Vec::new(), Vec::new());
        for credential in set {
            match self.own(*credential) {
                Some(key) => shown.push((*credential, key)),
                None => left.push(*credential),
            }
        }
        if left.len() > 1 {
            left.retain(|credential| !is_given(*credential));
        }
        match (&left[..], self.any()) {
            ([], _) => {}
            ([one], Some(key)) if !matches!(one, Credential::Other(_)) => shown.push((*one, key)),
            ([one], _) if is_given(*one) => {}
            _ => return Err(Lack::Key),
        }
        let mut places = HashSet::new();
        let headers = shown.iter().filter_map(|(one, _)| header_of(*one));
        let mut names = headers.map(str::to_ascii_lowercase);
        if !names.all(|name| places.insert(name)) {
            // One would be lost.
            return Err(Lack::Key);
        }
        let is_fit = |(credential, key): &(Credential, &Key)| {
            *credential != Credential::Basic || key.is_pair()
        };
        match shown.iter().all(is_fit) {
            true => Ok(shown),
            false => Err(Lack::Pair),
        }
    }

    /// The less the better.
    fn preference(&self, shown: &[(Credential, &Key)]) -> (bool, bool) {
        let is_meant = |(credential, _): &(Credential, &Key)| self.own(*credential).is_some();
        let is_in_sight = |(credential, _): &(Credential, &Key)| {
            matches!(credential, Credential::Query(_) | Credential::Cookie(_))
        };
        (!shown.iter().all(is_meant), shown.iter().any(is_in_sight))
    }

    /// What is said where no set of credentials can be sent.
    fn missing(&self, sets: &[&[Credential]]) -> String {
        let is_one_key =
            |set: &&[Credential]| !matches!(set, [Credential::Other(_)]) && set.len() == 1;
        if self.any().is_none() && sets.iter().any(is_one_key) {
            return "the operation asks for a key: give the client one".to_owned();
        }
        let sets: Vec<String> = sets.iter().map(|set| in_words(set)).collect();
        format!(
            "the operation asks for {}: give the client each of them by `Builder::credential`",
            sets.join(", or ")
        )
    }
}

/// The header that a credential is sent in, if it is in one. Its name has no case.
pub(crate) fn header_of(credential: Credential) -> Option<&'static str> {
    match credential {
        Credential::Bearer | Credential::Basic => Some("authorization"),
        Credential::Header(name) => Some(name),
        Credential::Query(_) | Credential::Cookie(_) | Credential::Other(_) => None,
    }
}

fn in_words(set: &[Credential]) -> String {
    let all = set.iter().map(|credential| match credential {
        Credential::Bearer => "a token".to_owned(),
        Credential::Basic => "a user and a password".to_owned(),
        Credential::Header(name) => format!("a key in the header `{name}`"),
        Credential::Query(name) => format!("a key in the query as `{name}`"),
        Credential::Cookie(name) => format!("a key in the cookie `{name}`"),
        Credential::Other(name) => format!("what its document calls `{name}`"),
    });
    all.collect::<Vec<_>>().join(" and ")
}
