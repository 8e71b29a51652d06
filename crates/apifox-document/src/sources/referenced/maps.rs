//! References in place of objects whose members have names.

use serde_json::{Value, json};

use super::{FARTHEST, Reader};
use crate::document::place_of_file;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded};
use crate::references::{Reference, References};

/// The objects of a document whose members have names that it chooses, as far as they are
/// not in others of these.
const MAPS: [&str; 18] = [
    "/paths",
    "/webhooks",
    "/components",
    "/components/schemas",
    "/components/responses",
    "/components/parameters",
    "/components/examples",
    "/components/requestBodies",
    "/components/headers",
    "/components/securitySchemes",
    "/components/links",
    "/components/callbacks",
    "/components/pathItems",
    "/components/mediaTypes",
    "/definitions",
    "/parameters",
    "/responses",
    "/securityDefinitions",
];

/// The reference in place of named objects.
fn map_reference(map: &Value) -> Option<&str> {
    map.get("$ref")?.as_str()
}

impl Reader<'_> {
    /// Replaces a reference in place of named objects by a reference for each of the names:
    /// OpenAPI does not know the former, but its tools do.
    pub(super) fn expand_maps(&mut self) {
        for place in MAPS {
            let main = self.parts.first().map(|main| &main.json);
            let Some(target) = main.and_then(|main| map_reference(main.value_at(place)?)) else {
                continue;
            };
            // What can't be read is told when the reference is followed.
            let Some((to, names)) = self.map(0, target.to_owned()) else {
                continue;
            };
            self.expand(0, place, &to, names);
        }
        if let Some(main) = self.parts.first_mut() {
            main.found = References::find(&main.json);
        }
    }

    /// The same for a reference of a part in place of the schemas that a keyword names. Where it
    /// leads to something else, false: it may be of a property that is called as the keyword is.
    pub(super) fn expand_schemas(&mut self, at: usize, reference: &Reference) -> bool {
        let Some((to, names)) = self.map(at, reference.target.clone()) else {
            return false;
        };
        let (place, _) = reference.pointer.rsplit_once('/').unwrap_or_default();
        self.expand(at, place, &to, names);
        true
    }

    /// Replaces the reference at `place` of a part by one for each of these names at `to`.
    fn expand(&mut self, at: usize, place: &str, to: &str, names: Vec<String>) {
        let own = self.parts.get_mut(at);
        let own = own.and_then(|part| part.json.pointer_mut(place)?.as_object_mut());
        if let Some(own) = own {
            own.shift_remove("$ref");
            for name in names {
                let target = format!("#{}", encoded(&to.child(&name)));
                own.entry(name).or_insert_with(|| json!({"$ref": target}));
            }
        }
    }

    /// The place of the named objects that a reference of a part leads to, maybe by way
    /// of others, and their names.
    fn map(&mut self, mut at: usize, mut target: String) -> Option<(String, Vec<String>)> {
        for _ in 0..FARTHEST {
            let (path, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let mut pointer = decoded(fragment);
            if !path.is_empty() {
                at = self.part(at, path).ok()?;
            } else if let Some(within) = self.within(&pointer).filter(|_| at == 0) {
                (at, pointer) = within;
            }
            let part = self.parts.get(at)?;
            let there = part.json.value_at(&pointer)?;
            match map_reference(there) {
                Some(next) => target = next.to_owned(),
                None => {
                    let named = there.as_object()?;
                    let is_schema = |value: &Value| value.is_object() || value.is_boolean();
                    if !named.values().all(is_schema) {
                        return None;
                    }
                    let file = (at > 0).then(|| place_of_file(&part.name));
                    let place = format!("{}{pointer}", file.unwrap_or_default());
                    return Some((place, named.keys().cloned().collect()));
                }
            }
        }
        None
    }

    /// The part that holds a place of the document, and the pointer from there.
    fn within(&self, place: &str) -> Option<(usize, String)> {
        let mut parts = self.parts.iter().enumerate().skip(1);
        parts.find_map(|(at, part)| {
            let below = place.strip_prefix(&place_of_file(&part.name))?;
            let is_below = below.is_empty() || below.starts_with('/');
            is_below.then(|| (at, below.to_owned()))
        })
    }
}
