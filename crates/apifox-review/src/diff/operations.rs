//! Which operations are compared with which, and what changed in each.

use serde_json::Value;

use super::api_comparison::ApiComparison;
use super::change::{Change, Relation, Role};
use super::credentials::credential_change;
use apifox_document::api::{Api, Callback, Endpoint};
use apifox_document::forms::parameters::without_names;
use apifox_document::pointer::JsonValueExt as _;

impl<'d> ApiComparison<'d> {
    /// Every change of every operation.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        let (old, new) = (self.old, self.new);
        let mut changes = self.changes_of_all(old, &old.operations, new, &new.operations);
        let incoming = self.changes_of_all(old, &old.incoming, new, &new.incoming);
        changes.extend(incoming.into_iter().map(Change::of_incoming));
        changes
    }

    /// Every change of these operations.
    fn changes_of_all(
        &mut self,
        old_api: &'d Api,
        old: &'d [Endpoint],
        new_api: &'d Api,
        new: &'d [Endpoint],
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        let (pairs, added) = pair_operations((old_api, old), (new_api, new));
        for (old, new) in pairs {
            let mut found = match new {
                Some(new) => self.operation_changes(old, new),
                None => vec![removed(old)],
            };
            let name = new.unwrap_or(old).route();
            for change in &mut found {
                change.operation = Some(name.clone());
            }
            changes.extend(found);
        }
        changes.extend(added.into_iter().map(added_change));
        changes
    }

    fn operation_changes(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let mut changes = Vec::new();
        if route(old) != route(new) {
            let message = format!("was {}", old.route());
            changes.push(Change::new(Role::Request, Relation::Other, message));
        } else if let Some(label) = label(old).filter(|own| label(new) != Some(*own)) {
            let message = format!("the callback was called {label}");
            changes.push(Change::new(Role::Request, Relation::Equal, message));
        }
        changes.extend(credential_change(old, new));
        changes.extend(self.description_change(old, new));
        for change in &mut changes {
            change.old = Some(old.pointer.clone());
            change.new = Some(new.pointer.clone());
        }
        changes.extend(self.parameter_changes(old, new));
        changes.extend(self.body_changes(old, new));
        changes.extend(self.reply_changes(old, new));
        changes
    }

    /// A change of an operation's title, description or deprecation.
    fn description_change(&self, old: &Endpoint, new: &Endpoint) -> Option<Change> {
        let mut texts = Vec::new();
        match (is_deprecated(self.old, old), is_deprecated(self.new, new)) {
            (false, true) => texts.push("is deprecated now"),
            (true, false) => texts.push("is no longer deprecated"),
            _ => {}
        }
        if old.title != new.title || old.description != new.description {
            texts.push("description changed");
        }
        let message = texts.join("; ");
        (!texts.is_empty()).then(|| Change::new(Role::Request, Relation::Equal, message))
    }
}

fn is_deprecated(api: &Api, endpoint: &Endpoint) -> bool {
    let operation = api.json.value_at(&endpoint.pointer);
    operation.is_some_and(|operation| {
        operation["status"] == "deprecated" || operation["deprecated"] == Value::Bool(true)
    })
}

/// The key under `callbacks`.
fn label(endpoint: &Endpoint) -> Option<&str> {
    endpoint.callback.as_ref().map(|own| own.label.as_str())
}

/// The method and the path, without the names of parameters. Of a callback, the operation that
/// it belongs to and the expression of its URL are the path: its label is not sent.
fn route(endpoint: &Endpoint) -> String {
    let Endpoint { method, path, .. } = endpoint;
    match &endpoint.callback {
        Some(callback) => format!("{method} {} {}", owner(callback), callback.expression),
        None => unnamed(method, path),
    }
}

/// The operation that a callback belongs to.
fn owner(callback: &Callback) -> String {
    unnamed(&callback.of.0, &callback.of.1)
}

/// A method and a path without the names of parameters.
fn unnamed(method: &str, path: &str) -> String {
    format!("{method} {}", without_names(path))
}

fn removed(old: &Endpoint) -> Change {
    Change {
        old: Some(old.pointer.clone()),
        ..Change::new(Role::Request, Relation::Narrower, "is gone")
    }
}

fn added_change(new: &Endpoint) -> Change {
    Change {
        operation: Some(new.route()),
        new: Some(new.pointer.clone()),
        ..Change::new(Role::Request, Relation::Wider, "is a new operation")
    }
}

/// An operation and what it is recognised by.
struct Candidate<'d> {
    endpoint: &'d Endpoint,
    route: String,
    id: Option<&'d str>,
}

impl<'d> Candidate<'d> {
    fn all((api, endpoints): (&'d Api, &'d [Endpoint])) -> Vec<Self> {
        let candidate = |endpoint| Self {
            endpoint,
            route: route(endpoint),
            id: api.operation_id(endpoint),
        };
        endpoints.iter().map(candidate).collect()
    }
}

/// How an operation is recognised, the surest way first: of several with the same method
/// and path, those with the same names belong together, and of several callbacks of one URL,
/// those with the same label.
const MATCHERS: [fn(&Candidate<'_>, &Candidate<'_>) -> bool; 5] = [
    |a, b| a.route == b.route && a.endpoint.names == b.endpoint.names,
    |a, b| a.route == b.route && label(a.endpoint) == label(b.endpoint),
    |a, b| a.route == b.route,
    |a, b| a.id.is_some() && a.id == b.id,
    // The same callback, which is sent to another URL.
    |a, b| match (&a.endpoint.callback, &b.endpoint.callback) {
        (Some(old), Some(new)) => {
            let is_same = old.label == new.label && owner(old) == owner(new);
            is_same && a.endpoint.method == b.endpoint.method
        }
        _ => false,
    },
];

type Pairs<'d> = Vec<(&'d Endpoint, Option<&'d Endpoint>)>;

/// Each old operation with the new one that it became; and the operations that are new.
fn pair_operations<'d>(
    old: (&'d Api, &'d [Endpoint]),
    new: (&'d Api, &'d [Endpoint]),
) -> (Pairs<'d>, Vec<&'d Endpoint>) {
    let olds = Candidate::all(old);
    let mut unpaired = Candidate::all(new);
    let mut became: Vec<Option<&Endpoint>> = vec![None; olds.len()];
    for matches in MATCHERS {
        for (old, new) in olds.iter().zip(&mut became) {
            if new.is_some() {
                continue;
            }
            let found = unpaired
                .iter()
                .position(|candidate| matches(old, candidate));
            *new = found.map(|index| unpaired.remove(index).endpoint);
        }
    }
    let pairs = olds.iter().map(|old| old.endpoint).zip(became);
    let added = unpaired.iter().map(|new| new.endpoint);
    (pairs.collect(), added.collect())
}
