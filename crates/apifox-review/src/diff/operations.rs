//! Which operations are compared with which, and what changed in each.

use std::collections::HashSet;

use serde_json::Value;

use super::change::{Change, Relation, Role};
use super::credentials::credentials;
use super::schema::{Comparison, Id, Side};
use super::tell::tell;
use apifox_document::api::{Api, Endpoint};

/// Two documents while they are compared.
pub(super) struct Sides<'d> {
    pub old: &'d Api,
    pub new: &'d Api,
    pub comparison: Comparison<'d>,
    /// The pairs of schemas whose words were looked at.
    pub noted: HashSet<(Id, Id)>,
}

impl<'d> Sides<'d> {
    pub fn new(old: &'d Api, new: &'d Api) -> Self {
        Self {
            old,
            new,
            comparison: Comparison::default(),
            noted: HashSet::new(),
        }
    }

    /// Every change of every operation.
    pub fn changes(mut self) -> Vec<Change> {
        let mut all = Vec::new();
        let (pairs, added) = paired(self.old, self.new);
        for (old, new) in pairs {
            let mut changes = match new {
                Some(new) => self.operation(old, new),
                None => vec![gone(old)],
            };
            let name = new.map_or_else(|| name(old), name);
            for change in &mut changes {
                change.operation = Some(name.clone());
            }
            all.extend(changes);
        }
        for new in added {
            let message = "is a new operation";
            all.push(Change {
                operation: Some(name(new)),
                new: Some(new.pointer.clone()),
                ..Change::of(Role::Request, Relation::Wider, message)
            });
        }
        all
    }

    fn operation(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let mut changes = Vec::new();
        if key(old) != key(new) {
            let message = format!("was {}", name(old));
            changes.push(Change::of(Role::Request, Relation::Other, message));
        }
        changes.extend(credentials(old, new));
        changes.extend(self.words(old, new));
        for change in &mut changes {
            change.old = Some(old.pointer.clone());
            change.new = Some(new.pointer.clone());
        }
        changes.extend(self.parameters(old, new));
        changes.extend(self.bodies(old, new));
        changes.extend(self.replies(old, new));
        changes
    }

    /// What the document says of an operation, and no caller has to heed.
    fn words(&self, old: &Endpoint, new: &Endpoint) -> Option<Change> {
        let member = |api: &Api, it: &Endpoint, name: &str| {
            let operation = api.json.pointer(&it.pointer);
            operation.and_then(|it| it.get(name)).cloned()
        };
        let is_deprecated = |api, it| {
            let status = member(api, it, "status") == Some("deprecated".into());
            status || member(api, it, "deprecated") == Some(Value::Bool(true))
        };
        let mut texts = Vec::new();
        match (is_deprecated(self.old, old), is_deprecated(self.new, new)) {
            (false, true) => texts.push("is deprecated now"),
            (true, false) => texts.push("is no longer deprecated"),
            _ => {}
        }
        if old.title != new.title || old.description != new.description {
            texts.push("is described in other words");
        }
        let message = texts.join("; ");
        (!texts.is_empty()).then(|| Change::of(Role::Request, Relation::Equal, message))
    }

    /// The changes between schemas at places of the two documents: any of the old
    /// against any of the new.
    pub fn schemas(&mut self, role: Role, old: &[&str], new: &[&str]) -> Vec<Change> {
        let (from, to) = (self.old, self.new);
        let olds: Vec<Id> = old
            .iter()
            .filter_map(|it| {
                self.comparison
                    .place(Side::Old, &from.json, it, from.is_shared)
            })
            .collect();
        let news: Vec<Id> = new
            .iter()
            .filter_map(|it| self.comparison.place(Side::New, &to.json, it, to.is_shared))
            .collect();
        if olds.len() != old.len() || news.len() != new.len() {
            let message = "may accept other values: a schema can't be found";
            return vec![Change::of(role, Relation::Unknown, message)];
        }
        let found = self.comparison.differences(&olds, &news);
        let mut changes = tell(&self.comparison, &found, role);
        if let ([old], [new]) = (&olds[..], &news[..]) {
            changes.extend(self.notes(*old, *new, role));
        }
        changes
    }
}

/// `POST /pets/{id}`
fn name(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

/// The same without the names of parameters.
fn key(endpoint: &Endpoint) -> String {
    let mut key = format!("{} ", endpoint.method);
    let mut rest = endpoint.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        key = format!("{key}{before}{{}}");
        rest = after;
    }
    key + rest
}

fn gone(old: &Endpoint) -> Change {
    Change {
        old: Some(old.pointer.clone()),
        ..Change::of(Role::Request, Relation::Narrower, "is gone")
    }
}

/// An operation and what it is found by.
struct Found<'d> {
    endpoint: &'d Endpoint,
    key: String,
    id: Option<&'d str>,
}

impl<'d> Found<'d> {
    fn all(api: &'d Api) -> Vec<Self> {
        let found = |endpoint| Self {
            endpoint,
            key: key(endpoint),
            id: id(api, endpoint),
        };
        api.operations.iter().map(found).collect()
    }
}

/// How an operation is recognised, the surest way first: of several with the same
/// method and path, those that are called the same belong together.
const WAYS: [fn(&Found<'_>, &Found<'_>) -> bool; 3] = [
    |a, b| a.key == b.key && a.endpoint.names == b.endpoint.names,
    |a, b| a.key == b.key,
    |a, b| a.id.is_some() && a.id == b.id,
];

type Paired<'d> = (Vec<(&'d Endpoint, Option<&'d Endpoint>)>, Vec<&'d Endpoint>);

/// Each old operation with the new one that it became, and those that are new.
fn paired<'d>(old: &'d Api, new: &'d Api) -> Paired<'d> {
    let olds = Found::all(old);
    let mut left = Found::all(new);
    let mut became: Vec<Option<&Endpoint>> = vec![None; olds.len()];
    for is_same in WAYS {
        for (old, to) in olds.iter().zip(&mut became).filter(|(_, to)| to.is_none()) {
            if let Some(at) = left.iter().position(|it| is_same(old, it)) {
                *to = Some(left.remove(at).endpoint);
            }
        }
    }
    let pairs = olds.iter().map(|it| it.endpoint).zip(became);
    (pairs.collect(), left.iter().map(|it| it.endpoint).collect())
}

/// The id that a document gives an operation.
fn id<'d>(api: &'d Api, endpoint: &Endpoint) -> Option<&'d str> {
    let operation = api.json.pointer(&endpoint.pointer)?;
    let id = operation.get("operationId")?.as_str()?.trim();
    (!id.is_empty()).then_some(id)
}
