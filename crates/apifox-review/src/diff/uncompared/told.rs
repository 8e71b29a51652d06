//! What the comparison of two documents told already.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::diff::change::Change;
use apifox_document::members::ObjectKind;
use apifox_document::pointer::{decoded, written_place};
use apifox_document::schema::subschemas;

/// The places that changes are at, and those of the schemas that were compared.
pub(super) struct Told {
    /// The places of the changes, in either document.
    places: Vec<String>,
    /// Whether a change of credentials was told.
    has_credentials: bool,
    /// The places of the compared schemas, and of all that they refer to: in the old
    /// document, and in the new one.
    compared: [BTreeSet<String>; 2],
}

/// How far a schema was compared.
pub(super) enum Compared {
    No,
    /// Only schemas in it, as the fields of a form are.
    Parts,
    Whole,
}

impl Told {
    pub fn new(
        changes: &[Change],
        compared: &HashSet<(String, String)>,
        documents: [&Value; 2],
    ) -> Self {
        let places = changes.iter().flat_map(|change| [&change.old, &change.new]);
        let security = |change: &Change| change.keyword.as_deref() == Some("security");
        let (old, new) = compared.iter().cloned().unzip();
        let written = |places: BTreeSet<String>| {
            let places = places.iter().map(|place| written_place(place).to_owned());
            places.collect()
        };
        Self {
            places: places
                .flatten()
                .map(|place| written_place(place).to_owned())
                .collect(),
            has_credentials: changes.iter().any(security),
            compared: [
                written(schemas_in(documents[0], old)),
                written(schemas_in(documents[1], new)),
            ],
        }
    }

    /// Whether nothing was told.
    pub fn is_nothing(&self) -> bool {
        self.places.is_empty()
    }

    /// How far the schemas at these places were compared.
    pub fn compared(&self, old: &str, new: &str) -> Compared {
        let [olds, news] = &self.compared;
        let has_part = |places: &BTreeSet<String>, place: &str| {
            let within = format!("{place}/");
            let mut next = places.range(within.clone()..);
            next.next().is_some_and(|next| next.starts_with(&within))
        };
        match () {
            () if olds.contains(old) || news.contains(new) => Compared::Whole,
            () if has_part(olds, old) || has_part(news, new) => Compared::Parts,
            () => Compared::No,
        }
    }

    /// Whether a change is at one of these places, around it or in it.
    pub fn is_told(&self, kind: ObjectKind, name: &str, places: &[&str]) -> bool {
        let is_about = |told: &String, place: &str| {
            is_within(told, place) || !told.is_empty() && is_within(place, told)
        };
        let is_credential = is_about_credentials(kind) || names_who_and_where(name);
        is_credential && name != "servers" && self.has_credentials
            || self
                .places
                .iter()
                .any(|told| places.iter().any(|place| is_about(told, place)))
    }

    /// Whether a change is at one of these places, around it, or in the object that it is in.
    pub fn is_told_nearby(&self, places: &[&str]) -> bool {
        let around = |place: &str| {
            place
                .rsplit_once('/')
                .map_or("", |(around, _)| around)
                .to_owned()
        };
        self.places.iter().any(|told| {
            places.iter().any(|place| {
                is_within(told, &around(place)) || !told.is_empty() && is_within(place, told)
            })
        })
    }
}

/// The places of the schemas at `starts`, of those in them and of all that they refer to.
fn schemas_in(document: &Value, starts: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = starts;
    while let Some(place) = pending.pop() {
        if found.contains(&place) {
            continue;
        }
        if let Some(Value::Object(schema)) = document.pointer(&place) {
            let reference = schema.get("$ref").and_then(Value::as_str);
            pending.extend(
                reference
                    .and_then(|target| target.strip_prefix('#'))
                    .map(decoded),
            );
            let within = subschemas(schema).map(|inner| format!("{place}{}", inner.pointer));
            pending.extend(within);
        }
        found.insert(place);
    }
    found
}

fn is_within(pointer: &str, place: &str) -> bool {
    let rest = pointer.strip_prefix(place);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_about_credentials(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::SecurityRequirement
            | ObjectKind::SecurityScheme
            | ObjectKind::OAuthFlows
            | ObjectKind::OAuthFlow
            | ObjectKind::SwaggerSecurityScheme
            | ObjectKind::Auth
            | ObjectKind::ApiKey
            | ObjectKind::SchemeChoice
            | ObjectKind::SchemeGroup
    )
}

/// Whether a member of other objects says who may call an operation, or where it is.
pub(super) fn names_who_and_where(name: &str) -> bool {
    matches!(name, "auth" | "security" | "securityScheme" | "servers")
}

/// Whether objects of a kind say who may call an operation, where it is, or which bodies it
/// has: a difference in them is not waved through.
pub(super) fn decides_who_and_where(kind: ObjectKind) -> bool {
    is_about_credentials(kind)
        || matches!(
            kind,
            ObjectKind::Server | ObjectKind::ServerVariable | ObjectKind::MediaType
        )
}
