//! What changed in the credentials that an operation requires.

use super::change::{Change, Relation, Role};
use apifox_document::api::{Endpoint, Requirement};

/// The change of an operation's credentials: those that were enough may be refused now,
/// or may no longer be necessary.
pub(super) fn credential_change(old: &Endpoint, new: &Endpoint) -> Option<Change> {
    let (old, new) = (&old.security, &new.security);
    let asks_nothing = |sets: &[Vec<Requirement>]| sets.iter().all(Vec::is_empty);
    let (had_none, has_none) = (asks_nothing(old), asks_nothing(new));
    if old == new {
        return None;
    }
    let covers = |sent: &[Requirement], wanted: &Requirement| {
        sent.iter().any(|sent| {
            sent.credential == wanted.credential
                && wanted
                    .scopes
                    .iter()
                    .all(|scope| sent.scopes.contains(scope))
        })
    };
    let is_enough = |sent: &Vec<Requirement>| {
        new.iter()
            .any(|set| set.iter().all(|wanted| covers(sent, wanted)))
    };
    let relation = match (had_none, has_none) {
        (true, true) => Relation::Equal,
        (_, true) => Relation::Wider,
        (true, false) if !is_enough(&Vec::new()) => Relation::Narrower,
        (true, false) => Relation::Equal,
        _ if old.iter().all(is_enough) => Relation::Wider,
        _ => Relation::Other,
    };
    let (before, after) = (Requirement::list(old), Requirement::list(new));
    let message = match (had_none, has_none) {
        (true, true) => "requires nothing now".to_owned(),
        (true, _) => format!("requires {after} now"),
        (_, true) => format!("no longer requires {before}"),
        _ => format!("required {before}, and requires {after} now"),
    };
    Some(Change {
        keyword: Some("security".to_owned()),
        ..Change::new(Role::Request, relation, message)
    })
}
