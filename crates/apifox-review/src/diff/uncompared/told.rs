//! What the comparison of two documents told already.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::diff::change::{Change, Effect};
use apifox_document::forms::openapi::resolve_refs;
use apifox_document::members::ObjectKind;
use apifox_document::pointer::{JsonValueExt as _, decoded, walk, written_place};

/// The places that changes are at, and those of the schemas that were compared.
pub(super) struct Told {
    /// The places of the changes, in either document, and what they refer to.
    places: BTreeSet<String>,
    /// Those of the changes that break callers.
    breaking: BTreeSet<String>,
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
        as_written: [&Value; 2],
    ) -> Self {
        let places = |is_told: fn(&Change) -> bool| {
            let told = changes.iter().filter(|change| is_told(change));
            let [old, new] = as_written;
            let places = told.flat_map(|change| [(old, &change.old), (new, &change.new)]);
            let places = places.flat_map(|(document, place)| {
                let place = place.as_deref().map(written_place);
                let target = place.and_then(|place| resolve_refs(document, place));
                [place.map(str::to_owned), target]
            });
            places.flatten().collect()
        };
        let security = |change: &Change| change.keyword.as_deref() == Some("security");
        let (old, new) = compared.iter().cloned().unzip();
        let written = |places: BTreeSet<String>| {
            let places = places.iter().map(|place| written_place(place).to_owned());
            places.collect()
        };
        Self {
            places: places(|_| true),
            breaking: places(|change| change.effect() == Effect::Breaking),
            has_credentials: changes.iter().any(security),
            compared: [
                written(places_from(documents[0], old)),
                written(places_from(documents[1], new)),
            ],
        }
    }

    /// Whether nothing was told.
    pub fn is_nothing(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether the schema at a place was compared, or one around it.
    pub fn has_compared(&self, place: &str) -> bool {
        let mut around = Some(place);
        while let Some(place) = around {
            if self.compared.iter().any(|places| places.contains(place)) {
                return true;
            }
            around = place.rsplit_once('/').map(|(around, _)| around);
        }
        false
    }

    /// How far the schemas at these places were compared.
    pub fn compared(&self, old: &str, new: &str) -> Compared {
        let [olds, news] = &self.compared;
        match () {
            () if olds.contains(old) || news.contains(new) => Compared::Whole,
            () if has_part(olds, old) || has_part(news, new) => Compared::Parts,
            () => Compared::No,
        }
    }

    /// Whether a change is at one of these places, around it or in it.
    pub fn is_told(&self, kind: ObjectKind, name: &str, places: &[&str]) -> bool {
        let is_credential = is_about_credentials(kind) || names_who_and_where(name);
        // Nothing tells where a token comes from.
        let is_place = matches!(name, "servers" | "openIdConnectUrl")
            || matches!(kind, ObjectKind::OAuthFlows | ObjectKind::OAuthFlow);
        is_credential && !is_place && self.has_credentials
            || places
                .iter()
                .any(|place| self.is_within(place) || self.is_around(place))
    }

    /// Whether a change is at one of these places, around it, or in the object that it is in.
    pub fn is_told_nearby(&self, places: &[&str]) -> bool {
        let mut places = places.iter();
        places.any(|place| is_nearby(&self.places, place))
    }

    /// Whether one that breaks callers is.
    pub fn is_told_to_break_nearby(&self, place: &str) -> bool {
        is_nearby(&self.breaking, place)
    }

    /// Whether a change is at a place or within it.
    fn is_within(&self, place: &str) -> bool {
        is_within(&self.places, place)
    }

    /// Whether a change is at a place or around it, and not that of the whole document.
    fn is_around(&self, place: &str) -> bool {
        is_around(&self.places, place)
    }
}

/// Whether one of the places is this one, around it, or in the object that it is in.
fn is_nearby(places: &BTreeSet<String>, place: &str) -> bool {
    let around = place.rsplit_once('/').map_or("", |(around, _)| around);
    is_within(places, around) || is_around(places, place)
}

/// Whether one of the places is this one, or within it.
pub(super) fn is_within(places: &BTreeSet<String>, place: &str) -> bool {
    places.contains(place) || has_part(places, place)
}

/// Whether one of the places is this one or around it, and not the whole document.
pub(super) fn is_around(places: &BTreeSet<String>, place: &str) -> bool {
    let mut around = Some(place).filter(|place| !place.is_empty());
    while let Some(place) = around {
        if places.contains(place) {
            return true;
        }
        let outer = place.rsplit_once('/').map(|(outer, _)| outer);
        around = outer.filter(|outer| !outer.is_empty());
    }
    false
}

/// Whether one of the places is within this one.
fn has_part(places: &BTreeSet<String>, place: &str) -> bool {
    let within = format!("{place}/");
    let next = places.range(within.clone()..).next();
    next.is_some_and(|next| next.starts_with(&within))
}

/// The places at `starts`, and those of all that they refer to.
pub(super) fn places_from(document: &Value, starts: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = starts;
    while let Some(place) = pending.pop() {
        if !found.contains(&place) {
            if let Some(schema) = document.value_at(&place) {
                references(schema, &mut pending);
            }
            found.insert(place);
        }
    }
    found
}

/// Adds the places that the schemas in a value refer to.
fn references(value: &Value, found: &mut Vec<String>) {
    walk(value, &mut |place, value| {
        // Extensions and examples may hold references that are no schema's.
        let name = place.name();
        if name.is_some_and(|name| name.starts_with("x-") || name.starts_with("example")) {
            return false;
        }
        let target = value.get("$ref").and_then(Value::as_str);
        found.extend(target.and_then(|it| it.strip_prefix('#')).map(decoded));
        true
    });
}

/// The places of the objects in a value that have a discriminator.
pub(super) fn with_discriminator(json: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(json, &mut |place, value| {
        if value.get(DISCRIMINATOR).is_some() {
            found.insert(place.pointer());
        }
        true
    });
    found
}

/// The member that says which alternative a value is of.
pub(super) const DISCRIMINATOR: &str = "discriminator";

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
            | ObjectKind::SchemeConfig
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
