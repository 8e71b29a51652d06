//! `$dynamicRef`, and anchors that name several schemas. In a document of many schemas a dynamic
//! reference is one like any other where one schema alone is what it may lead to.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{Dialect, SchemaVersion};
use crate::document::file_of;
use crate::pointer::{encoded, member};
use crate::references::{References, named_by};

impl Dialect<'_> {
    /// Notes anchors that name several schemas. Those of schemas with an `$id` are apart.
    pub(super) fn report_repeated_anchors(&mut self, json: &Value) {
        if !self.version.has_identifiers() || !named_by(json, "$id").is_empty() {
            return;
        }
        let references = References::find(json).references;
        let targets = references.iter();
        let targets: HashSet<&str> = targets
            .filter_map(|reference| reference.target.strip_prefix('#'))
            .collect();
        // Both keywords give names of one kind, in each file apart.
        let mut known: BTreeMap<(Option<String>, String), BTreeSet<String>> = BTreeMap::new();
        for keyword in ["$anchor", "$dynamicAnchor"] {
            for (name, places) in named_by(json, keyword) {
                // A dynamic reference may lead to any of them, which is told where it stands.
                if keyword == "$dynamicAnchor" && !targets.contains(&*name) {
                    continue;
                }
                for place in places {
                    let named = known.entry((file_of(&place), name.clone())).or_default();
                    if named.insert(place.clone()) && named.len() > 1 {
                        let message =
                            format!("{name} names another schema already; the last one is meant");
                        self.note(&place, Some(keyword), &message);
                    }
                }
            }
        }
    }

    /// Makes a dynamic reference one to the only schema that it may lead to, or skips it.
    pub(super) fn rewrite_dynamic_reference(
        &mut self,
        schema: &mut Map<String, Value>,
        place: &str,
    ) {
        if self.version == SchemaVersion::Apifox {
            return;
        }
        let Some(Value::String(target)) = member(schema, "$dynamicRef") else {
            return;
        };
        let target = target.clone();
        schema.remove("$dynamicRef");
        let name = target.rsplit('#').next().unwrap_or_default();
        let places = self
            .dynamic_anchors
            .get(name)
            .map_or(&[][..], Vec::as_slice);
        let known = match places {
            [only] => Some(format!("#{}", encoded(only))),
            [] => self
                .named(&target, place)
                .or_else(|| self.resolved(&target)),
            _ => None,
        };
        let message = match (known, places.len()) {
            (Some(reference), _) if !schema.contains_key("$ref") => {
                let leads_to = self.absolute(&reference);
                self.references.insert(place.to_owned(), leads_to);
                schema.insert("$ref".into(), reference.into());
                return;
            }
            (Some(_), _) => format!("{target} is skipped beside `$ref`"),
            (None, 0) => format!("{target} does not resolve; anything is accepted here"),
            (None, many) => format!(
                "{target} leads to one of {many} schemas, by where it is come from, which is not \
                 followed; anything is accepted here"
            ),
        };
        self.note(place, Some("$dynamicRef"), &message);
    }
}
