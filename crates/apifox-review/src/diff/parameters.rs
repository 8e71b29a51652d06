//! What changed in the parameters beside the body.

use apifox_runtime::Location;

use super::api_comparison::ApiComparison;
use super::change::{Change, Relation, Role, in_part};
use super::schema::Side;
use apifox_document::api::{Endpoint, Parameter};

impl<'d> ApiComparison<'d> {
    pub(super) fn parameter_changes(
        &mut self,
        old: &'d Endpoint,
        new: &'d Endpoint,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for before in &old.parameters {
            let mut candidates = new.parameters.iter();
            let after = candidates.find(|after| are_same((old, before), (new, after)));
            let found = match after {
                Some(after) => self.changes_of_parameter(before, after),
                None => vec![removed(before)],
            };
            changes.extend(in_part(&part(after.unwrap_or(before)), found));
        }
        for after in &new.parameters {
            let mut candidates = old.parameters.iter();
            if !candidates.any(|before| are_same((old, before), (new, after))) {
                changes.extend(in_part(&part(after), vec![added(after)]));
            }
        }
        changes
    }

    fn changes_of_parameter(&mut self, old: &'d Parameter, new: &'d Parameter) -> Vec<Change> {
        let mut changes = Vec::new();
        changes.extend(required_change(old.required, new.required));
        if old.serialization != new.serialization && !self.are_scalar(old, new) {
            let message = "is written in another style";
            changes.push(Change::new(Role::Request, Relation::Other, message));
        }
        if old.location == Location::Path && old.name != new.name {
            let message = format!("was called {}", old.name);
            changes.push(Change::new(Role::Request, Relation::Equal, message));
        }
        if old.description != new.description {
            let message = "description changed";
            changes.push(Change::new(Role::Request, Relation::Equal, message));
        }
        for change in &mut changes {
            change.old = Some(old.schema.clone());
            change.new = Some(new.schema.clone());
        }
        changes.extend(self.schema_changes(Role::Request, &[&old.schema], &[&new.schema]));
        changes
    }

    /// Whether a parameter is a scalar before and after, which all styles write alike.
    fn are_scalar(&mut self, old: &'d Parameter, new: &'d Parameter) -> bool {
        let places = [
            (Side::Old, self.old, &old.schema),
            (Side::New, self.new, &new.schema),
        ];
        places.into_iter().all(|(side, api, schema)| {
            let schemas = &mut self.schemas;
            let id = schemas.place(side, &api.json, schema, api.is_shared);
            id.is_some_and(|id| schemas.is_scalar(id))
        })
    }
}

/// That something became required, or optional.
pub(super) fn required_change(old: bool, new: bool) -> Option<Change> {
    let (relation, message) = match (old, new) {
        (false, true) => (Relation::Narrower, "is required now"),
        (true, false) => (Relation::Wider, "is no longer required"),
        _ => return None,
    };
    Some(Change::new(Role::Request, relation, message))
}

/// That something is new.
pub(super) fn added_change(is_required: bool) -> Change {
    let (relation, message) = match is_required {
        true => (Relation::Narrower, "is new, and required"),
        false => (Relation::Wider, "is new"),
    };
    Change::new(Role::Request, relation, message)
}

fn removed(old: &Parameter) -> Change {
    Change {
        old: Some(old.schema.clone()),
        ..Change::new(Role::Request, Relation::Narrower, "is gone")
    }
}

fn added(new: &Parameter) -> Change {
    Change {
        new: Some(new.schema.clone()),
        ..added_change(new.required)
    }
}

fn part(parameter: &Parameter) -> String {
    format!("{} parameter {}", parameter.location.name(), parameter.name)
}

/// Whether two parameters are the same one: those of a path by their position in it,
/// others by name.
fn are_same((old, a): (&Endpoint, &Parameter), (new, b): (&Endpoint, &Parameter)) -> bool {
    if a.location != b.location {
        return false;
    }
    match a.location {
        Location::Path => path_position(old, a) == path_position(new, b),
        Location::Header => a.name.eq_ignore_ascii_case(&b.name),
        _ => a.name == b.name,
    }
}

/// How many parameters are before this one in the path.
fn path_position(endpoint: &Endpoint, parameter: &Parameter) -> Option<usize> {
    let own = format!("{{{}}}", parameter.name);
    let index = endpoint.path.find(&own)?;
    Some(endpoint.path[..index].matches('{').count())
}
