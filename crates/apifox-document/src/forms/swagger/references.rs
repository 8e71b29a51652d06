//! References to what the translation moves.

use std::collections::BTreeMap;

use super::parameter::is_of_body;
use super::{COMPONENTS, Translation};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, REFERENCED_FILES, decoded, encoded};
use crate::references::{Reference, References};

/// How many places of what was at one place are looked at: a schema has one for each media type.
const MOST_PLACES: usize = 16;

impl Translation<'_> {
    /// The extensions at the top, where documents keep parts of their own that they refer to.
    pub(super) fn extensions(&self) -> Vec<String> {
        let members = self.json.as_object().into_iter().flatten();
        let names = members.map(|(name, _)| name);
        let names = names.filter(|name| name.starts_with("x-") && *name != REFERENCED_FILES);
        names.cloned().collect()
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::find(&self.json).references;
        for name in self.extensions() {
            let within = References::find(&self.json[&name]).references;
            let place = "".child(&name);
            references.extend(within.into_iter().map(|reference| Reference {
                pointer: format!("{place}{}", reference.pointer),
                ..reference
            }));
        }
        references
    }

    /// References lead to where components are in OpenAPI 3.0, if they lead anywhere. Returns what
    /// was written, by what it is now.
    pub(super) fn rewrite_references(&mut self) -> BTreeMap<String, String> {
        let mut rewritten = BTreeMap::new();
        for reference in self.references() {
            let moved = COMPONENTS.iter().find_map(|(from, to)| {
                let below = reference.target.strip_prefix(&format!("#/{from}/"))?;
                Some(format!("#/components/{to}/{below}"))
            });
            let target = reference.target.strip_prefix('#').map(decoded);
            let resolves = target.is_some_and(|target| self.json.value_at(&target).is_some());
            if let Some(moved) = moved.filter(|_| resolves) {
                rewritten.insert(moved.clone(), reference.target.clone());
                self.set_reference(&reference, moved);
            }
        }
        rewritten
    }

    /// Once all is translated, references lead to where what they name was moved: the schemas of
    /// bodies, replies, fields of forms and other parameters.
    pub(super) fn follow_moved(&mut self) {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (place, original) in self.origins.moved_here() {
            let known = places.entry(original.to_owned()).or_default();
            if known.len() < MOST_PLACES {
                known.push(place.to_owned());
            }
        }
        for reference in self.references() {
            let Some(target) = reference.target.strip_prefix('#').map(decoded) else {
                continue;
            };
            let original = before_components(&target);
            if self.is_now(&target, &original) && self.target_of_shared_body(&target).is_none() {
                continue;
            }
            let place = self.new_place(&places, &original);
            if let Some(place) = place.filter(|place| *place != target) {
                self.set_reference(&reference, format!("#{}", encoded(&place)));
            }
        }
    }

    /// References that lead nowhere in the end are told as they were before they were `rewritten`.
    pub(super) fn restore_unresolved(&mut self, rewritten: &BTreeMap<String, String>) {
        for reference in self.references() {
            let Some(written) = rewritten.get(&reference.target) else {
                continue;
            };
            let target = reference.target.strip_prefix('#').map(decoded);
            if target.is_none_or(|target| self.json.value_at(&target).is_none()) {
                self.set_reference(&reference, written.clone());
            }
        }
    }

    /// Where that is now which was at `original`.
    fn new_place(&self, places: &BTreeMap<String, Vec<String>>, original: &str) -> Option<String> {
        let mut place = self.moved_to(places, original)?;
        // A shared body is not a component; if its schema is a reference, that is used directly.
        for _ in 0..MOST_PLACES {
            let Some(target) = self.target_of_shared_body(&place) else {
                break;
            };
            place = self.moved_to(places, &before_components(&target))?;
        }
        Some(place)
    }

    fn moved_to(&self, places: &BTreeMap<String, Vec<String>>, original: &str) -> Option<String> {
        let ends = original.rmatch_indices('/').map(|(at, _)| at);
        for end in [original.len()].into_iter().chain(ends) {
            let (around, below) = original.split_at(end);
            for place in places.get(around).into_iter().flatten() {
                let place = format!("{place}{below}");
                if self.is_now(&place, original) {
                    return Some(place);
                }
            }
        }
        self.is_now(original, original).then(|| original.to_owned())
    }

    /// Whether what was at `original` is at `place`, where something else may have moved to.
    fn is_now(&self, place: &str, original: &str) -> bool {
        self.json.value_at(place).is_some() && self.original(place) == original
    }

    /// What the schema at `place` refers to, if it is that of a body which operations share.
    fn target_of_shared_body(&self, place: &str) -> Option<String> {
        let parameter = place.strip_suffix("/schema")?;
        let is_shared = parameter.starts_with("/components/parameters/");
        let parameter = self.json.value_at(parameter).filter(|_| is_shared)?;
        let target = parameter["schema"]["$ref"].as_str()?.strip_prefix('#')?;
        is_of_body(parameter).then(|| decoded(target))
    }

    fn set_reference(&mut self, reference: &Reference, target: String) {
        if let Some(written) = self.json.pointer_mut(&reference.pointer) {
            *written = target.into();
        }
    }
}

/// Where the component at `place` of OpenAPI 3.0 is in Swagger 2.0.
fn before_components(place: &str) -> String {
    let before = COMPONENTS.iter().find_map(|(from, to)| {
        let below = place.strip_prefix(&format!("/components/{to}/"))?;
        Some(format!("/{from}/{below}"))
    });
    before.unwrap_or_else(|| place.to_owned())
}
