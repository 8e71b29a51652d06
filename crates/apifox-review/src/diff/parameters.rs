//! What changed in the parameters beside the body.

use apifox_runtime::Location;

use super::change::{Change, Relation, Role};
use super::operations::Sides;
use super::schema::Side;
use apifox_document::api::{Endpoint, Parameter};

impl<'d> Sides<'d> {
    pub(super) fn parameters(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let mut changes = Vec::new();
        for before in &old.parameters {
            let after = new
                .parameters
                .iter()
                .find(|it| are_same((old, before), (new, it)));
            let found = match after {
                Some(after) => self.parameter(before, after),
                None => vec![gone(before)],
            };
            changes.extend(named(found, after.unwrap_or(before)));
        }
        for after in &new.parameters {
            if !(old.parameters.iter()).any(|it| are_same((old, it), (new, after))) {
                changes.extend(named(vec![added(after)], after));
            }
        }
        changes
    }

    fn parameter(&mut self, old: &Parameter, new: &Parameter) -> Vec<Change> {
        let mut changes = Vec::new();
        changes.extend(required(old.required, new.required));
        if old.style != new.style && !self.is_scalar(old, new) {
            let message = "is written in another way";
            changes.push(Change::of(Role::Request, Relation::Other, message));
        }
        if old.location == Location::Path && old.name != new.name {
            let message = format!("was called {}", old.name);
            changes.push(Change::of(Role::Request, Relation::Equal, message));
        }
        if old.description != new.description {
            let message = "is described in other words";
            changes.push(Change::of(Role::Request, Relation::Equal, message));
        }
        for change in &mut changes {
            change.old = Some(old.schema.clone());
            change.new = Some(new.schema.clone());
        }
        changes.extend(self.schemas(Role::Request, &[&old.schema], &[&new.schema]));
        changes
    }
}

impl<'d> Sides<'d> {
    /// Whether a parameter is written the same in every style, before and after.
    fn is_scalar(&mut self, old: &Parameter, new: &Parameter) -> bool {
        let places = [
            (Side::Old, self.old, &old.schema),
            (Side::New, self.new, &new.schema),
        ];
        places.into_iter().all(|(side, api, schema)| {
            let comparison = &mut self.comparison;
            let id = comparison.place(side, &api.json, schema, api.is_shared);
            id.is_some_and(|it| comparison.is_scalar(it))
        })
    }
}

/// That something has to be there now, or does not have to any longer.
pub(super) fn required(old: bool, new: bool) -> Option<Change> {
    let (relation, message) = match (old, new) {
        (false, true) => (Relation::Narrower, "is required now"),
        (true, false) => (Relation::Wider, "is no longer required"),
        _ => return None,
    };
    Some(Change::of(Role::Request, relation, message))
}

fn gone(old: &Parameter) -> Change {
    Change {
        old: Some(old.schema.clone()),
        ..Change::of(Role::Request, Relation::Narrower, "is gone")
    }
}

fn added(new: &Parameter) -> Change {
    let (relation, message) = match new.required {
        true => (Relation::Narrower, "is new, and required"),
        false => (Relation::Wider, "is new"),
    };
    Change {
        new: Some(new.schema.clone()),
        ..Change::of(Role::Request, relation, message)
    }
}

fn named(mut changes: Vec<Change>, parameter: &Parameter) -> Vec<Change> {
    let part = format!("{} parameter {}", parameter.location.name(), parameter.name);
    for change in &mut changes {
        change.part.clone_from(&part);
    }
    changes
}

/// Whether two parameters are one: those of a path by where they stand in it,
/// others by name.
fn are_same((old, a): (&Endpoint, &Parameter), (new, b): (&Endpoint, &Parameter)) -> bool {
    if a.location != b.location {
        return false;
    }
    match a.location {
        Location::Path => standing(old, a) == standing(new, b),
        Location::Header => a.name.eq_ignore_ascii_case(&b.name),
        _ => a.name == b.name,
    }
}

/// How many parameters stand before this one in the path.
fn standing(endpoint: &Endpoint, parameter: &Parameter) -> Option<usize> {
    let own = format!("{{{}}}", parameter.name);
    let at = endpoint.path.find(&own)?;
    Some(endpoint.path[..at].matches('{').count())
}
