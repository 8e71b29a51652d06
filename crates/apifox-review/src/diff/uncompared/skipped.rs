//! Keywords of schemas that were skipped, and differ.

use std::collections::BTreeMap;

use super::used::Schemas;
use super::{SAME_EFFECT, Sides, Walk};
use crate::diff::change::Relation;
use apifox_document::api::Api;
use apifox_document::members::Holds;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _};

impl Walk<'_> {
    /// Adds that keywords which were skipped in either document are not compared, where they
    /// differ. What counts all the same was compared: it has the same effect where nothing was
    /// told.
    pub(super) fn skipped(&mut self, old_api: &Api, new_api: &Api) {
        let told = [old_api, new_api].map(|api| api.skipped.iter().chain(&api.unsupported));
        let mut keywords: BTreeMap<(&str, &str), bool> = BTreeMap::new();
        for diagnostic in told.into_iter().flatten() {
            if let Some(keyword) = &diagnostic.keyword {
                let key = (diagnostic.pointer.as_str(), keyword.as_str());
                *keywords.entry(key).or_default() |= !diagnostic.is_read_as_meant;
            }
        }
        if keywords.is_empty() {
            return;
        }
        let schemas = [Schemas::of(old_api), Schemas::of(new_api)];
        for ((schema, keyword), is_skipped) in keywords {
            let (old, new) = (self.old.value_at(schema), self.new.value_at(schema));
            let (Some(old), Some(new)) = (old, new) else {
                continue;
            };
            let (a, b) = (old.get(keyword), new.get(keyword));
            let place = schema.child(keyword);
            let sides = Sides::new((&place, a), (&place, b));
            if a == b || is_unused(&schemas, schema) && !self.is_used(sides) {
                // Of what is not used, that it differs was told.
            } else if !is_skipped {
                if !self.told.is_told_nearby(&[&place]) {
                    self.add(Relation::Equal, keyword, sides, SAME_EFFECT);
                }
            } else if !self.told.is_told_to_break_nearby(&place) {
                self.not_compared(Holds::Anything, keyword, sides);
            }
        }
    }
}

/// Whether a place is in a schema that others may refer to, and nothing uses.
fn is_unused(schemas: &[Schemas], place: &str) -> bool {
    schemas.iter().any(|all| all.has_model(place)) && !schemas.iter().any(|all| all.has_used(place))
}
