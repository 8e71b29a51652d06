//! What changed in the body of a request.

use super::change::{Change, Relation, Role};
use super::operations::Sides;
use super::parameters::required;
use apifox_document::api::{Body, Content, Endpoint, Part, PartValue};
use apifox_document::pointer::JsonPointerExt as _;

impl<'d> Sides<'d> {
    pub(super) fn bodies(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let mut changes = match (&old.body, &new.body) {
            (None, None) => Vec::new(),
            (Some(_), None) => {
                vec![Change::of(Role::Request, Relation::Narrower, "is gone")]
            }
            (None, Some(body)) => vec![match body.required {
                true => Change::of(Role::Request, Relation::Narrower, "is new, and required"),
                false => Change::of(Role::Request, Relation::Wider, "is new"),
            }],
            (Some(old), Some(new)) => self.body(old, new),
        };
        for change in &mut changes {
            let is_field = !change.part.is_empty();
            if !is_field {
                change.part = "body".into();
            }
            let place = |it: &Endpoint| Some(it.pointer.child("requestBody"));
            if change.old.is_none() && old.body.is_some() {
                change.old = place(old);
            }
            if change.new.is_none() && new.body.is_some() {
                change.new = place(new);
            }
        }
        changes
    }

    fn body(&mut self, old: &'d Body, new: &'d Body) -> Vec<Change> {
        let mut changes = Vec::new();
        changes.extend(required(old.required, new.required));
        let media = (media(&old.content), media(&new.content));
        if media.0 != media.1 {
            let message = format!("is sent as {} → {}", media.0, media.1);
            changes.push(Change::of(Role::Request, Relation::Other, message));
            return changes;
        }
        changes.extend(match (&old.content, &new.content) {
            (Content::Json(old), Content::Json(new))
            | (Content::Form { schema: old, .. }, Content::Form { schema: new, .. }) => {
                self.schemas(Role::Request, &[old], &[new])
            }
            (Content::Fields { fields: old, .. }, Content::Fields { fields: new, .. }) => {
                self.fields(old, new)
            }
            (Content::Text(_), Content::Text(_)) | (Content::Binary(_), Content::Binary(_)) => {
                Vec::new()
            }
            _ => {
                let message = "may accept other values: it is described in another way";
                vec![Change::of(Role::Request, Relation::Unknown, message)]
            }
        });
        changes
    }

    fn fields(&mut self, old: &'d [Part], new: &'d [Part]) -> Vec<Change> {
        let mut changes = Vec::new();
        let of = |field: &Part, mut found: Vec<Change>| {
            for change in &mut found {
                change.part = format!("field {}", field.name);
            }
            found
        };
        for before in old {
            let found = match new.iter().find(|it| it.name == before.name) {
                Some(after) => self.field(before, after),
                None => vec![Change::of(Role::Request, Relation::Narrower, "is gone")],
            };
            changes.extend(of(before, found));
        }
        for after in new {
            if old.iter().any(|it| it.name == after.name) {
                continue;
            }
            let change = match after.required {
                true => Change::of(Role::Request, Relation::Narrower, "is new, and required"),
                false => Change::of(Role::Request, Relation::Wider, "is new"),
            };
            changes.extend(of(after, vec![change]));
        }
        changes
    }

    fn field(&mut self, old: &'d Part, new: &'d Part) -> Vec<Change> {
        let mut changes = Vec::new();
        changes.extend(required(old.required, new.required));
        if old.description != new.description {
            let message = "is described in other words";
            changes.push(Change::of(Role::Request, Relation::Equal, message));
        }
        changes.extend(match (&old.value, &new.value) {
            (PartValue::Schema(old), PartValue::Schema(new)) => {
                self.schemas(Role::Request, &[old], &[new])
            }
            (PartValue::File, PartValue::File) | (PartValue::Files, PartValue::Files) => Vec::new(),
            (PartValue::File, PartValue::Files) => {
                let message = "takes several files now";
                vec![Change::of(Role::Request, Relation::Wider, message)]
            }
            (old, new) => {
                let message = format!("holds {} → {}", holds(old), holds(new));
                vec![Change::of(Role::Request, Relation::Other, message)]
            }
        });
        changes
    }
}

fn holds(value: &PartValue) -> &'static str {
    match value {
        PartValue::Schema(_) => "a value",
        PartValue::File => "a file",
        PartValue::Files => "files",
    }
}

fn media(content: &Content) -> &str {
    match content {
        Content::Json(_) => "JSON",
        Content::Fields { multipart, .. } | Content::Form { multipart, .. } => match multipart {
            true => "multipart/form-data",
            false => "application/x-www-form-urlencoded",
        },
        Content::Text(media) | Content::Binary(media) => media,
    }
}
