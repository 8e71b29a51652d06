//! What changed in the replies: their statuses, media types and bodies.

use std::collections::BTreeSet;

use super::api_comparison::ApiComparison;
use super::change::{Change, Effect, Relation, Role, distinct, in_part};
use apifox_document::api::{Endpoint, Parameter, Reply, Response};

/// The reply for every status that has none of its own.
const OTHER_STATUSES: u16 = 0;

impl<'d> ApiComparison<'d> {
    pub(super) fn reply_changes(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let both = old.responses.iter().chain(&new.responses);
        let statuses: BTreeSet<Status> = both.map(Status::of).collect();
        let mut changes = Vec::new();
        for status in statuses {
            let before = status.described(old);
            let after = status.described(new);
            let mut found = match (&before[..], &after[..]) {
                ([], after) => vec![added_status(status, after)],
                (before, []) => vec![removed_status(status, before, new)],
                (before, after) => self.changes_of_status(before, after),
            };
            for change in &mut found {
                let header = std::mem::take(&mut change.part);
                change.part = match header.is_empty() {
                    true => status.part(),
                    false => format!("{}, {header}", status.part()),
                };
                change.old = change.old.take().or_else(|| first_pointer(&before));
                change.new = change.new.take().or_else(|| first_pointer(&after));
            }
            changes.extend(found);
        }
        changes
    }

    fn changes_of_status(&mut self, old: &[&'d Response], new: &[&'d Response]) -> Vec<Change> {
        let mut changes = Vec::from_iter(media_change(old, new));
        changes.extend(self.header_changes(old, new));
        let media = media_types(old);
        for media in media.intersection(&media_types(new)) {
            changes.extend(self.changes_of_media(media, old, new));
        }
        // What one response says of one media type, it says once.
        match (old, new) {
            ([old], [new]) if old.contents.len() < 2 && new.contents.len() < 2 => changes,
            _ => distinct(changes),
        }
    }

    /// The changes of what a reply of this media type holds.
    fn changes_of_media(
        &mut self,
        media: &str,
        old: &[&'d Response],
        new: &[&'d Response],
    ) -> Vec<Change> {
        let (before, after) = (schemas(old, media), schemas(new, media));
        if before.is_empty() || after.is_empty() {
            return Vec::new();
        }
        let all = |schemas: Vec<Option<&'d str>>| schemas.into_iter().collect::<Option<Vec<_>>>();
        let (relation, message) = match (all(before), all(after)) {
            (Some(old), Some(new)) => return self.schema_changes(Role::Reply, &old, &new),
            (Some(_), None) => (Relation::Wider, "no longer has a schema: anything may come"),
            (None, Some(_)) => (
                Relation::Narrower,
                "has a schema now: so far, anything could come",
            ),
            (None, None) => return Vec::new(),
        };
        vec![Change::new(Role::Reply, relation, message)]
    }

    /// The changes of the headers of a reply, where one response describes it.
    fn header_changes(&mut self, old: &[&'d Response], new: &[&'d Response]) -> Vec<Change> {
        let headers = |responses: &[&'d Response]| {
            let all = responses.iter().flat_map(|response| &response.headers);
            all.collect::<Vec<&'d Parameter>>()
        };
        let (before, after) = (headers(old), headers(new));
        let same = |of: &[&'d Parameter], name: &str| {
            let mut of = of.iter().copied();
            of.find(|header| header.name.eq_ignore_ascii_case(name))
        };
        let mut changes = Vec::new();
        for old in &before {
            let found = match same(&after, &old.name) {
                Some(new) => self.changes_of_header(old, new),
                None => {
                    let gone = Change::new(Role::Reply, Relation::Wider, "is gone");
                    vec![gone.with_effects(Role::Reply, Effect::Neutral, Effect::Breaking)]
                }
            };
            changes.extend(in_part(&format!("header {}", old.name), found));
        }
        for new in after
            .iter()
            .filter(|new| same(&before, &new.name).is_none())
        {
            let added = Change::new(Role::Reply, Relation::Narrower, "is new");
            changes.extend(in_part(&format!("header {}", new.name), vec![added]));
        }
        changes
    }

    fn changes_of_header(&mut self, old: &'d Parameter, new: &'d Parameter) -> Vec<Change> {
        let mut changes = Vec::new();
        match (old.required, new.required) {
            (true, false) => changes.push(Change::new(
                Role::Reply,
                Relation::Wider,
                "may be missing now",
            )),
            (false, true) => changes.push(Change::new(
                Role::Reply,
                Relation::Narrower,
                "is always there now",
            )),
            _ => {}
        }
        if old.serialization != new.serialization {
            let message = "is written in another style";
            changes.push(Change::new(Role::Reply, Relation::Other, message));
        }
        for change in &mut changes {
            change.old = Some(old.schema.clone());
            change.new = Some(new.schema.clone());
        }
        changes.extend(self.schema_changes(Role::Reply, &[&old.schema], &[&new.schema]));
        changes
    }
}

/// That a status is new, which nothing described before.
fn added_status(status: Status, after: &[&Response]) -> Change {
    let new = |message: &str| Change::new(Role::Reply, Relation::Wider, message);
    if after.iter().any(|response| response.succeeds()) {
        return new("is a new status of success");
    }
    let change = match status.status {
        OTHER_STATUSES => new("is described now"),
        _ => new("is a new status"),
    };
    change.with_effects(Role::Reply, Effect::Neutral, Effect::Additive)
}

/// That nothing describes a status any more. It may still come, for all that is known, unless it
/// is a failure, or some of its range are described by themselves.
fn removed_status(status: Status, before: &[&Response], new: &Endpoint) -> Change {
    let succeeds = |response: &Response| response.succeeds();
    let may_succeed = match status.status {
        OTHER_STATUSES => true,
        _ => before.iter().any(|response| succeeds(response)),
    };
    let is_split = status.status == OTHER_STATUSES || status.is_range;
    match may_succeed && !(is_split && new.responses.iter().any(succeeds)) {
        true => {
            let message = "is no longer described: anything may come";
            Change::new(Role::Reply, Relation::Unknown, message)
        }
        false => Change::new(Role::Reply, Relation::Narrower, "is no longer described"),
    }
}

/// The status of a response, or the range of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Status {
    status: u16,
    is_range: bool,
}

impl Status {
    fn of(response: &Response) -> Self {
        Self {
            status: response.status,
            is_range: response.is_range,
        }
    }

    /// What an operation describes for it: its own replies, or those of its range, or those of
    /// all other statuses.
    fn described(self, endpoint: &Endpoint) -> Vec<&Response> {
        let range = Self {
            status: self.status / 100 * 100,
            is_range: true,
        };
        let others = Self {
            status: OTHER_STATUSES,
            is_range: false,
        };
        let responses = |status: Self| -> Vec<&Response> {
            let all = endpoint.responses.iter();
            all.filter(|it| Self::of(it) == status).collect()
        };
        let mut statuses = [self, range, others].map(responses).into_iter();
        let described = statuses.find(|responses| !responses.is_empty());
        described.unwrap_or_default()
    }

    fn part(self) -> String {
        match (self.status, self.is_range) {
            (OTHER_STATUSES, _) => "reply of any other status".into(),
            (status, true) => format!("reply {}XX", status / 100),
            (status, false) => format!("reply {status}"),
        }
    }
}

fn first_pointer(responses: &[&Response]) -> Option<String> {
    let first = responses.first();
    first.map(|response| response.pointer.clone())
}

/// The schemas of the replies of a media type; `None` for one without a schema.
fn schemas<'d>(responses: &[&'d Response], media: &str) -> Vec<Option<&'d str>> {
    let contents = contents(responses).into_iter();
    let own = contents.filter(|content| media_type(content) == media);
    let schema = |content: &'d Reply| match content {
        Reply::Binary(_) => None,
        content => Some(content.schema().map(String::as_str)),
    };
    own.filter_map(schema).collect()
}

/// What replies may come as.
fn contents<'d>(responses: &[&'d Response]) -> Vec<&'d Reply> {
    let of = |response: &&'d Response| match &response.contents[..] {
        [] => vec![response.content()],
        contents => contents.iter().map(|media| &media.content).collect(),
    };
    responses.iter().flat_map(of).collect()
}

fn media_type(content: &Reply) -> &str {
    match content {
        Reply::Json(_) => "JSON",
        Reply::Text { media, .. } | Reply::Binary(media) | Reply::Events { media, .. } => media,
    }
}

fn media_types<'d>(responses: &[&'d Response]) -> BTreeSet<&'d str> {
    contents(responses).into_iter().map(media_type).collect()
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
