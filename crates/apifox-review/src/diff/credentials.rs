//! What changed in the credentials that an operation wants.

use super::change::{Change, Relation, Role};
use apifox_document::api::{Credential, Endpoint};

/// A caller who shows what it showed so far may be refused, or need not show it.
pub(super) fn credentials(old: &Endpoint, new: &Endpoint) -> Option<Change> {
    let (old, new) = (&old.security, &new.security);
    if old == new {
        return None;
    }
    let is_enough = |shown: &Vec<Credential>| {
        let mut sets = new.iter();
        sets.any(|wanted| wanted.iter().all(|it| shown.contains(it)))
    };
    let relation = match (old.is_empty(), new.is_empty()) {
        (_, true) => Relation::Wider,
        (true, false) => Relation::Narrower,
        _ if old.iter().all(is_enough) => Relation::Wider,
        _ => Relation::Other,
    };
    let (before, after) = (Credential::list(old), Credential::list(new));
    let message = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("wants {after} now"),
        (_, true) => format!("no longer wants {before}"),
        _ => format!("wanted {before}, and wants {after} now"),
    };
    Some(Change::of(Role::Request, relation, message))
}
