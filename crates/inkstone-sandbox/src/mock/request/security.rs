//! Whether a request has the credentials that its operation asks for. Any key is right.

use apifox_document::api::{Credential, Requirement};
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, WWW_AUTHENTICATE};

use crate::mock::error::MockError;
use crate::mock::request::text;

pub fn check(sets: &[Vec<Requirement>], headers: &HeaderMap, query: &str) -> Result<(), MockError> {
    let is_met = |set: &Vec<Requirement>| {
        let mut all = set.iter();
        all.all(|one| has(&one.credential, headers, query))
    };
    if sets.is_empty() || sets.iter().any(is_met) {
        return Ok(());
    }
    let message = format!(
        "no credentials: send {}; any will do",
        Requirement::list(sets)
    );
    let error = MockError::new(StatusCode::UNAUTHORIZED, message);
    let scheme = match sets
        .iter()
        .flatten()
        .any(|one| one.credential == Credential::Basic)
    {
        true => "Basic",
        false => "Bearer",
    };
    Err(error.with_header(WWW_AUTHENTICATE, scheme))
}

fn has(credential: &Credential, headers: &HeaderMap, query: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = |scheme: &str| {
        let value = header(AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
        value.is_some_and(|(own, key)| own.eq_ignore_ascii_case(scheme) && !key.trim().is_empty())
    };
    match credential {
        Credential::Bearer => scheme("bearer"),
        Credential::Basic => scheme("basic"),
        Credential::Header(name) => header(name).is_some_and(|value| !value.trim().is_empty()),
        Credential::Query(name) => text::pairs(query).iter().any(|(own, _)| own == name),
        Credential::Cookie(name) => {
            let cookies = header(COOKIE.as_str()).unwrap_or_default().split(';');
            let mut names = cookies.filter_map(|pair| pair.split_once('='));
            names.any(|(own, _)| own.trim() == name)
        }
        // A document calls it something that says nothing of how it is sent.
        Credential::Other(_) => true,
    }
}
