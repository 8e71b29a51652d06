//! What changed in the replies: their statuses, media types and bodies.

use std::collections::BTreeSet;

use super::api_comparison::ApiComparison;
use super::change::{Change, Effect, Relation, Role};
use apifox_document::api::{Endpoint, Reply, Response};

/// The reply for every status that has none of its own.
const OTHER_STATUSES: u16 = 0;

impl<'d> ApiComparison<'d> {
    pub(super) fn reply_changes(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let both = old.responses.iter().chain(&new.responses);
        let statuses: BTreeSet<u16> = both.map(|response| response.status).collect();
        let mut changes = Vec::new();
        for status in statuses {
            let before = responses_with(old, status);
            let after = responses_with(new, status);
            let mut found = match (&before[..], &after[..]) {
                ([], after) => self.added_status(old, status, after),
                (_, []) => {
                    let message = "is no longer described";
                    vec![Change::new(Role::Reply, Relation::Narrower, message)]
                }
                (before, after) => self.changes_of_status(before, after),
            };
            for change in &mut found {
                change.part = part(status);
                change.old = change.old.take().or_else(|| first_pointer(&before));
                change.new = change.new.take().or_else(|| first_pointer(&after));
            }
            changes.extend(found);
        }
        changes
    }

    /// A status that is new: its reply was the one for all other statuses, if there is one.
    fn added_status(
        &mut self,
        old: &'d Endpoint,
        status: u16,
        after: &[&'d Response],
    ) -> Vec<Change> {
        let others = responses_with(old, OTHER_STATUSES);
        if !others.is_empty() {
            return self.changes_of_status(&others, after);
        }
        let new = |message: &str| Change::new(Role::Reply, Relation::Wider, message);
        if after.iter().any(|response| response.succeeds()) {
            return vec![new("is a new status of success")];
        }
        let change = match status {
            OTHER_STATUSES => new("is described now"),
            _ => new("is a new status"),
        };
        vec![change.with_effects(Role::Reply, Effect::Neutral, Effect::Additive)]
    }

    fn changes_of_status(&mut self, old: &[&'d Response], new: &[&'d Response]) -> Vec<Change> {
        let mut changes = Vec::from_iter(media_change(old, new));
        let (before, after) = (json_schemas(old), json_schemas(new));
        if before.is_empty() || after.is_empty() {
            return changes;
        }
        let all = |schemas: Vec<Option<&'d str>>| schemas.into_iter().collect::<Option<Vec<_>>>();
        match (all(before), all(after)) {
            (Some(old), Some(new)) => changes.extend(self.schema_changes(Role::Reply, &old, &new)),
            (Some(_), None) => {
                let message = "no longer has a schema: anything may come";
                changes.push(Change::new(Role::Reply, Relation::Wider, message));
            }
            (None, Some(_)) => {
                let message = "has a schema now: so far, anything could come";
                changes.push(Change::new(Role::Reply, Relation::Narrower, message));
            }
            (None, None) => {}
        }
        changes
    }
}

fn responses_with(endpoint: &Endpoint, status: u16) -> Vec<&Response> {
    let responses = endpoint.responses.iter();
    responses
        .filter(|response| response.status == status)
        .collect()
}

fn part(status: u16) -> String {
    match status {
        OTHER_STATUSES => "reply of any other status".into(),
        status => format!("reply {status}"),
    }
}

fn first_pointer(responses: &[&Response]) -> Option<String> {
    let first = responses.first();
    first.map(|response| response.pointer.clone())
}

/// The schemas of the replies in JSON, and of events; `None` for one without a schema.
fn json_schemas<'d>(responses: &[&'d Response]) -> Vec<Option<&'d str>> {
    let schema = |response: &&'d Response| match response.content() {
        Reply::Json(schema) | Reply::Text { schema, .. } => Some(schema.as_deref()),
        Reply::Events { schema, .. } => Some(Some(schema.as_str())),
        Reply::Binary(_) => None,
    };
    responses.iter().filter_map(schema).collect()
}

fn media_types<'d>(responses: &[&'d Response]) -> BTreeSet<&'d str> {
    let media_type = |response: &&'d Response| match response.content() {
        Reply::Json(_) => "JSON",
        Reply::Text { media, .. } | Reply::Binary(media) | Reply::Events { media, .. } => {
            media.as_str()
        }
    };
    responses.iter().map(media_type).collect()
}

fn media_change(old: &[&Response], new: &[&Response]) -> Option<Change> {
    let (old, new) = (media_types(old), media_types(new));
    let list = |types: Vec<&str>| types.join(", ");
    let gone = list(old.difference(&new).copied().collect());
    let added = list(new.difference(&old).copied().collect());
    let (relation, message) = match (gone.is_empty(), added.is_empty()) {
        (true, true) => return None,
        (false, false) => (Relation::Other, format!("comes as {gone} → {added}")),
        (true, false) => (Relation::Wider, format!("may come as {added} as well")),
        (false, true) => (Relation::Narrower, format!("no longer comes as {gone}")),
    };
    Some(Change::new(Role::Reply, relation, message))
}
