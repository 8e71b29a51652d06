//! Which schema of an OpenAPI document `$id` and `$anchor` name.

use std::collections::BTreeSet;

use apifox_runtime::{Draft, References};
use serde_json::{Map, Value};

use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};

/// The keywords that name a schema.
pub(super) const NAMES: [&str; 3] = ["$anchor", "$dynamicAnchor", "$id"];

/// What `$id` and `$anchor` name in the schemas of a document.
#[derive(Debug)]
pub struct Identifiers {
    /// The places of the schemas, some of which may lie in others.
    places: BTreeSet<String>,
    references: References,
}

impl Identifiers {
    /// Those of the schemas at `places` of `json`; `None` where they name none.
    #[must_use]
    pub fn new(json: &Value, places: &BTreeSet<String>) -> Option<Self> {
        let outermost = places
            .iter()
            .filter(|place| !is_within_another(place, places));
        let schemas = outermost.filter_map(|place| Some((place, json.value_at(place)?)));
        let schemas: Vec<_> = schemas.collect();
        if !schemas.iter().any(|(_, schema)| names_itself(schema)) {
            return None;
        }
        // One schema with all of them, which the rules of JSON Schema are for.
        let definitions: Map<String, Value> = schemas
            .into_iter()
            .map(|(place, schema)| (place.clone(), schema.clone()))
            .collect();
        let mut all = Map::new();
        if let Some(own) = json.get("$self").filter(|own| own.is_string()) {
            all.insert("$id".into(), own.clone());
        }
        all.insert("$defs".into(), definitions.into());
        Some(Self {
            places: places.clone(),
            references: References::new(&all.into(), Draft::Latest),
        })
    }

    /// The place that `reference`, in the schema at `place`, names; `None` where it is
    /// a pointer from the document, or names nothing.
    #[must_use]
    pub fn target(&self, place: &str, reference: &str) -> Option<String> {
        let root = outermost(place, &self.places)?;
        let inner = place.strip_prefix(root)?;
        let from = format!("{}{inner}", "/$defs".child(root));
        let found = self.references.target(&from, reference)?;
        let mut tokens = steps(&found).skip(1);
        let target = tokens.next()?;
        Some(tokens.fold(target, |pointer, token| pointer.child(token)))
    }
}

/// The outermost of `roots` that `place` lies in.
fn outermost<'r>(place: &str, roots: &'r BTreeSet<String>) -> Option<&'r str> {
    let ends = place.match_indices('/').map(|(at, _)| at);
    let around = ends.chain([place.len()]).map(|end| &place[..end]);
    let mut found = around.filter_map(|around| roots.get(around));
    found.next().map(String::as_str)
}

/// Whether a place lies within another one of `places`.
fn is_within_another(place: &str, places: &BTreeSet<String>) -> bool {
    let mut around = place;
    while let Some((shorter, _)) = around.rsplit_once('/') {
        around = shorter;
        if places.contains(around) {
            return true;
        }
    }
    false
}

fn names_itself(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            let is_name = |name: &str| members.get(name).is_some_and(Value::is_string);
            NAMES.into_iter().any(is_name) || members.values().any(names_itself)
        }
        Value::Array(items) => items.iter().any(names_itself),
        _ => false,
    }
}
