//! What changed in the replies: their statuses, media types and bodies.

use std::collections::BTreeSet;

use super::change::{Change, Effect, Relation, Role};
use super::operations::Sides;
use apifox_document::api::{Endpoint, Reply, Response};

/// The reply for every status that has none of its own.
const OTHERS: u16 = 0;

impl<'d> Sides<'d> {
    pub(super) fn replies(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let both = old.responses.iter().chain(&new.responses);
        let statuses: BTreeSet<u16> = both.map(|it| it.status).collect();
        let mut changes = Vec::new();
        for status in statuses {
            let (before, after) = (of(old, status), of(new, status));
            let mut found = match (&before[..], &after[..]) {
                ([], after) => self.added(old, status, after),
                (_, []) => {
                    let message = "is no longer described";
                    vec![Change::of(Role::Reply, Relation::Narrower, message)]
                }
                (before, after) => self.status(before, after),
            };
            for change in &mut found {
                change.part = match status {
                    OTHERS => "reply of any other status".into(),
                    status => format!("reply {status}"),
                };
                let place = |it: &[&Response]| it.first().map(|it| it.pointer.clone());
                change.old = change.old.take().or_else(|| place(&before));
                change.new = change.new.take().or_else(|| place(&after));
            }
            changes.extend(found);
        }
        changes
    }

    /// A status that is new: what stood for all others was its reply.
    fn added(&mut self, old: &'d Endpoint, status: u16, after: &[&'d Response]) -> Vec<Change> {
        let others = of(old, OTHERS);
        if !others.is_empty() {
            return self.status(&others, after);
        }
        let succeeds = after.iter().any(|it| it.succeeds());
        let change = match succeeds {
            true => Change::of(Role::Reply, Relation::Wider, "is a new status of success"),
            false => {
                let what = if status == OTHERS {
                    "is described now"
                } else {
                    "is a new status"
                };
                let change = Change::of(Role::Reply, Relation::Wider, what);
                change.judged(Role::Reply, Effect::Neutral, Effect::Additive)
            }
        };
        vec![change]
    }

    fn status(&mut self, old: &[&'d Response], new: &[&'d Response]) -> Vec<Change> {
        let mut changes = media_changes(old, new);
        let (before, after) = (json(old), json(new));
        if before.is_empty() || after.is_empty() {
            return changes;
        }
        let all = |it: &[Option<&'d str>]| it.iter().copied().collect::<Option<Vec<_>>>();
        match (all(&before), all(&after)) {
            (Some(old), Some(new)) => changes.extend(self.schemas(Role::Reply, &old, &new)),
            (Some(_), None) => {
                let message = "has no schema any longer: anything may come";
                changes.push(Change::of(Role::Reply, Relation::Wider, message));
            }
            (None, Some(_)) => {
                let message = "has a schema now: so far, anything could come";
                changes.push(Change::of(Role::Reply, Relation::Narrower, message));
            }
            (None, None) => {}
        }
        changes
    }
}

/// The replies of a status.
fn of(endpoint: &Endpoint, status: u16) -> Vec<&Response> {
    let responses = endpoint.responses.iter();
    responses.filter(|it| it.status == status).collect()
}

/// The schemas of the replies in JSON, and of events; none for one without.
fn json<'d>(responses: &[&'d Response]) -> Vec<Option<&'d str>> {
    let schema = |it: &&'d Response| match &it.content {
        Reply::Json(schema) => Some(schema.as_deref()),
        Reply::Events { schema, .. } => Some(Some(schema.as_str())),
        Reply::Text(_) | Reply::Binary(_) => None,
    };
    responses.iter().filter_map(schema).collect()
}

fn media(response: &Response) -> &str {
    match &response.content {
        Reply::Json(_) => "JSON",
        Reply::Text(media) | Reply::Binary(media) | Reply::Events { media, .. } => media,
    }
}

fn media_changes(old: &[&Response], new: &[&Response]) -> Vec<Change> {
    let all = |it: &[&Response]| {
        it.iter()
            .map(|it| media(it).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let (old, new) = (all(old), all(new));
    let listed = |it: Vec<&String>| {
        let names: Vec<&str> = it.into_iter().map(String::as_str).collect();
        names.join(", ")
    };
    let gone = listed(old.difference(&new).collect());
    let added = listed(new.difference(&old).collect());
    let (relation, message) = match (gone.is_empty(), added.is_empty()) {
        (true, true) => return Vec::new(),
        (false, false) => (Relation::Other, format!("comes as {gone} → {added}")),
        (true, false) => (Relation::Wider, format!("may come as {added} as well")),
        (false, true) => (Relation::Narrower, format!("no longer comes as {gone}")),
    };
    vec![Change::of(Role::Reply, relation, message)]
}
