//! References in place of objects whose members have names.

use serde_json::{Value, json};

use super::{FARTHEST, Reader};
use crate::document::place_of_file;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded};
use crate::references::References;

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
            let Some((to, names)) = self.map(target.to_owned()) else {
                continue;
            };
            let own = self.parts.first_mut();
            let own = own.and_then(|main| main.json.pointer_mut(place)?.as_object_mut());
            if let Some(own) = own {
                own.shift_remove("$ref");
                for name in names {
                    let target = format!("#{}", encoded(&to.child(&name)));
                    own.entry(name).or_insert_with(|| json!({"$ref": target}));
                }
            }
        }
        if let Some(main) = self.parts.first_mut() {
            main.found = References::find(&main.json);
        }
    }

    /// The place of the named objects that a reference of the document leads to, maybe by way
    /// of others, and their names.
    fn map(&mut self, mut target: String) -> Option<(String, Vec<String>)> {
        let mut at = 0;
        for _ in 0..FARTHEST {
            let (path, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let mut pointer = decoded(fragment);
            if !path.is_empty() {
                at = self.part(at, path).ok()?;
            } else if at == 0 {
                (at, pointer) = self.within(&pointer)?;
            }
            let part = self.parts.get(at)?;
            let there = part.json.value_at(&pointer)?;
            match map_reference(there) {
                Some(next) => target = next.to_owned(),
                None => {
                    let names = there.as_object()?.keys().cloned().collect();
                    return Some((format!("{}{pointer}", place_of_file(&part.name)), names));
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
