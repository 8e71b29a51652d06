//! What changed in the body of a request.

use super::api_comparison::ApiComparison;
use super::change::{Change, Relation, Role, distinct, in_part};
use super::parameters::{added_change, required_change};
use std::collections::BTreeSet;
use std::mem::discriminant;

use apifox_document::api::{
    Body, Content, Endpoint, FieldEncoding, FileCount, FormKind, MediaType, Part, PartValue,
};
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
        let (before, after) = (&old.contents[..], &new.contents[..]);
        let other = |of: &'d [MediaType<Content>], one: &MediaType<Content>| {
            let alike = of
                .iter()
                .filter(|other| media_type(&other.content) == media_type(&one.content));
            let mut same = alike.clone().filter(|other| other.name == one.name);
            same.next().or_else(|| alike.clone().next())
        };
        if let ([old], [new]) = (before, after) {
            changes.extend(self.changes_of_content(&old.content, &new.content));
            return changes;
        }
        for old in before {
            match other(after, old) {
                Some(new) => changes.extend(self.changes_of_content(&old.content, &new.content)),
                None => changes.push(Change::new(
                    Role::Request,
                    Relation::Narrower,
                    format!("is no longer accepted as {}", media_type(&old.content)),
                )),
            }
        }
        for new in after.iter().filter(|new| other(before, new).is_none()) {
            let message = format!("is accepted as {} as well", media_type(&new.content));
            changes.push(Change::new(Role::Request, Relation::Wider, message));
        }
        distinct(changes)
    }

    fn changes_of_content(&mut self, old: &'d Content, new: &'d Content) -> Vec<Change> {
        let (before, after) = (media_type(old), media_type(new));
        let mut changes = Vec::new();
        if before == after {
            changes.extend(encoding_changes(encoding(old), encoding(new)));
        }
        changes.extend(match (old, new) {
            _ if before != after => {
                let message = format!("is sent as {before} → {after}");
                vec![Change::new(Role::Request, Relation::Other, message)]
            }
            _ if shape(old) != shape(new) => {
                let message = "may accept other values: it is described in another way";
                vec![Change::new(Role::Request, Relation::Unknown, message)]
            }
            (Content::Fields { fields: old, .. }, Content::Fields { fields: new, .. }) => {
                self.field_changes(old, new)
            }
            _ => match (old.schema(), new.schema()) {
                (Some(old), Some(new)) => self.schema_changes(Role::Request, &[old], &[new]),
                (None, None) => Vec::new(),
                (None, Some(_)) => {
                    let message = "has a schema now: so far, any text was accepted";
                    vec![Change::new(Role::Request, Relation::Narrower, message)]
                }
                (Some(_), None) => {
                    let message = "no longer has a schema: any text is accepted";
                    vec![Change::new(Role::Request, Relation::Wider, message)]
                }
            },
        });
        changes
    }

    fn field_changes(&mut self, old: &'d [Part], new: &'d [Part]) -> Vec<Change> {
        let mut changes = Vec::new();
        for before in old {
            let found = match new.iter().find(|after| after.name == before.name) {
                Some(after) => self.changes_of_field(before, after),
                None => vec![removed()],
            };
            changes.extend(in_part(&part(before), found));
        }
        for after in new {
            if !old.iter().any(|before| before.name == after.name) {
                changes.extend(in_part(&part(after), vec![added_change(after.required)]));
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
            (PartValue::File, PartValue::File) => Vec::new(),
            (PartValue::Files(old), PartValue::Files(new)) => {
                Vec::from_iter(file_count_change(*old, *new))
            }
            (PartValue::File, PartValue::Files(new)) if new.at_least <= 1 => {
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

fn file_count_change(old: FileCount, new: FileCount) -> Option<Change> {
    let relation = match (old.or(new) == new, old.or(new) == old) {
        (true, true) => return None,
        (true, false) => Relation::Wider,
        (false, true) => Relation::Narrower,
        (false, false) => Relation::Other,
    };
    let message = format!("takes {old} → {new}");
    Some(Change::new(Role::Request, relation, message))
}

/// Which of the ways it is in which contents are described.
fn shape(content: &Content) -> impl PartialEq {
    let values = match content {
        Content::Sequence { values, .. } => Some(discriminant(values)),
        _ => None,
    };
    (discriminant(content), values)
}

/// How the fields of a form are written.
fn encoding(content: &Content) -> &[FieldEncoding] {
    match content {
        Content::Fields { encoding, .. } | Content::Form { encoding, .. } => encoding,
        _ => &[],
    }
}

/// The changes of how fields are written.
fn encoding_changes(old: &[FieldEncoding], new: &[FieldEncoding]) -> Vec<Change> {
    let names = old.iter().chain(new).map(|field| &field.name);
    let names: BTreeSet<&String> = names.collect();
    let of = |all: &[FieldEncoding], name: &str| {
        let own = all.iter().find(|field| field.name == name);
        own.cloned().unwrap_or_else(|| FieldEncoding {
            name: name.to_owned(),
            ..FieldEncoding::default()
        })
    };
    let is_other = |name: &&&String| of(old, name) != of(new, name);
    let change = |name: &String| Change {
        part: format!("field {name}"),
        keyword: Some("encoding".to_owned()),
        ..Change::new(Role::Request, Relation::Other, "is written in another way")
    };
    names
        .iter()
        .filter(is_other)
        .map(|name| change(name))
        .collect()
}

fn removed() -> Change {
    Change::new(Role::Request, Relation::Narrower, "is gone")
}

fn part(field: &Part) -> String {
    format!("field {}", field.name)
}

fn value_kind(value: &PartValue) -> &'static str {
    match value {
        PartValue::Schema(_) => "a value",
        PartValue::File => "a file",
        PartValue::Files(_) => "files",
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
