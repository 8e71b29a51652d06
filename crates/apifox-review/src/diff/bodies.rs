//! What changed in the body of a request.

use super::api_comparison::ApiComparison;
use super::change::{Change, Relation, Role};
use super::parameters::{added_change, required_change};
use apifox_document::api::{Body, Content, Endpoint, FormKind, Part, PartValue, Sequence};
use apifox_document::pointer::JsonPointerExt as _;

impl<'d> ApiComparison<'d> {
    pub(super) fn body_changes(&mut self, old: &'d Endpoint, new: &'d Endpoint) -> Vec<Change> {
        let mut changes = match (&old.body, &new.body) {
            (None, None) => Vec::new(),
            (Some(_), None) => vec![removed()],
            (None, Some(body)) => vec![added_change(body.required)],
            (Some(old), Some(new)) => self.changes_of_body(old, new),
        };
        let pointer = |endpoint: &Endpoint| {
            let body = endpoint.body.as_ref();
            body.map(|_| endpoint.pointer.child("requestBody"))
        };
        for change in &mut changes {
            if change.part.is_empty() {
                change.part = "body".into();
            }
            change.old = change.old.take().or_else(|| pointer(old));
            change.new = change.new.take().or_else(|| pointer(new));
        }
        changes
    }

    fn changes_of_body(&mut self, old: &'d Body, new: &'d Body) -> Vec<Change> {
        let mut changes = Vec::from_iter(required_change(old.required, new.required));
        if let (Some(old), Some(new)) = (old.content(), new.content()) {
            changes.extend(self.changes_of_content(old, new));
        }
        changes
    }

    fn changes_of_content(&mut self, old: &'d Content, new: &'d Content) -> Vec<Change> {
        let (before, after) = (media_type(old), media_type(new));
        match (old, new) {
            _ if before != after => {
                let message = format!("is sent as {before} → {after}");
                vec![Change::new(Role::Request, Relation::Other, message)]
            }
            (Content::Json(old), Content::Json(new))
            | (Content::Form { schema: old, .. }, Content::Form { schema: new, .. })
            | (
                Content::Text {
                    schema: Some(old), ..
                },
                Content::Text {
                    schema: Some(new), ..
                },
            )
            | (
                Content::Sequence {
                    values: Sequence::All(old),
                    ..
                },
                Content::Sequence {
                    values: Sequence::All(new),
                    ..
                },
            )
            | (
                Content::Sequence {
                    values: Sequence::Each(old),
                    ..
                },
                Content::Sequence {
                    values: Sequence::Each(new),
                    ..
                },
            ) => self.schema_changes(Role::Request, &[old], &[new]),
            (Content::Fields { fields: old, .. }, Content::Fields { fields: new, .. }) => {
                self.field_changes(old, new)
            }
            (Content::Text { schema: None, .. }, Content::Text { schema: None, .. })
            | (Content::Binary(_), Content::Binary(_)) => Vec::new(),
            (Content::Text { schema: None, .. }, Content::Text { .. }) => {
                let message = "has a schema now: so far, any text was accepted";
                vec![Change::new(Role::Request, Relation::Narrower, message)]
            }
            (Content::Text { .. }, Content::Text { schema: None, .. }) => {
                let message = "no longer has a schema: any text is accepted";
                vec![Change::new(Role::Request, Relation::Wider, message)]
            }
            _ => {
                let message = "may accept other values: it is described in another way";
                vec![Change::new(Role::Request, Relation::Unknown, message)]
            }
        }
    }

    fn field_changes(&mut self, old: &'d [Part], new: &'d [Part]) -> Vec<Change> {
        let mut changes = Vec::new();
        for before in old {
            let found = match new.iter().find(|after| after.name == before.name) {
                Some(after) => self.changes_of_field(before, after),
                None => vec![removed()],
            };
            changes.extend(in_field(before, found));
        }
        for after in new {
            if !old.iter().any(|before| before.name == after.name) {
                changes.extend(in_field(after, vec![added_change(after.required)]));
            }
        }
        changes
    }

    fn changes_of_field(&mut self, old: &'d Part, new: &'d Part) -> Vec<Change> {
        let mut changes = Vec::from_iter(required_change(old.required, new.required));
        if old.description != new.description {
            let message = "description changed";
            changes.push(Change::new(Role::Request, Relation::Equal, message));
        }
        changes.extend(match (&old.value, &new.value) {
            (PartValue::Schema(old), PartValue::Schema(new)) => {
                self.schema_changes(Role::Request, &[old], &[new])
            }
            (PartValue::File, PartValue::File) | (PartValue::Files, PartValue::Files) => Vec::new(),
            (PartValue::File, PartValue::Files) => {
                let message = "takes several files now";
                vec![Change::new(Role::Request, Relation::Wider, message)]
            }
            (old, new) => {
                let message = format!("holds {} → {}", value_kind(old), value_kind(new));
                vec![Change::new(Role::Request, Relation::Other, message)]
            }
        });
        changes
    }
}

fn removed() -> Change {
    Change::new(Role::Request, Relation::Narrower, "is gone")
}

fn in_field(field: &Part, mut changes: Vec<Change>) -> Vec<Change> {
    for change in &mut changes {
        change.part = format!("field {}", field.name);
    }
    changes
}

fn value_kind(value: &PartValue) -> &'static str {
    match value {
        PartValue::Schema(_) => "a value",
        PartValue::File => "a file",
        PartValue::Files => "files",
    }
}

fn media_type(content: &Content) -> &str {
    match content {
        Content::Json(_) => "JSON",
        Content::Fields { kind, .. } | Content::Form { kind, .. } => match kind {
            FormKind::FormData => "multipart/form-data",
            FormKind::UrlEncoded => "application/x-www-form-urlencoded",
            FormKind::Multipart(kind) => kind,
        },
        Content::Text { media, .. } | Content::Sequence { media, .. } | Content::Binary(media) => {
            media
        }
    }
}
