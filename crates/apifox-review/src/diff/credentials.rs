//! What changed in the credentials that an operation requires.

use super::change::{Change, Relation, Role};
use apifox_document::api::{Credential, Endpoint};

/// The change of an operation's credentials: those that were enough may be refused now,
/// or may no longer be necessary.
pub(super) fn credential_change(old: &Endpoint, new: &Endpoint) -> Option<Change> {
    let (old, new) = (&old.security, &new.security);
    if old == new {
        return None;
    }
    let is_enough = |sent: &Vec<Credential>| {
        new.iter()
            .any(|set| set.iter().all(|credential| sent.contains(credential)))
    };
    let relation = match (old.is_empty(), new.is_empty()) {
        (_, true) => Relation::Wider,
        (true, false) => Relation::Narrower,
        _ if old.iter().all(is_enough) => Relation::Wider,
        _ => Relation::Other,
    };
    let (before, after) = (Credential::list(old), Credential::list(new));
    let message = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("requires {after} now"),
        (_, true) => format!("no longer requires {before}"),
        _ => format!("required {before}, and requires {after} now"),
    };
    Some(Change {
        keyword: Some("security".to_owned()),
        ..Change::new(Role::Request, relation, message)
    })
}
