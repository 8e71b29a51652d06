//! What operations use of a document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::told::{is_around, is_within, places_from};
use apifox_document::api::Api;
use apifox_document::forms::dialect::schemas_of;
use apifox_document::pointer::{JsonPointerExt as _, walk, written_place};

/// The places of what operations use of a document: all that they refer to, and the security
/// schemes that are required.
pub(super) fn used_in(document: &Value) -> BTreeSet<String> {
    let members = document.as_object().into_iter().flatten();
    let own = members.filter(|(name, _)| !is_shared_part(name));
    let mut starts = Vec::new();
    for (name, value) in own {
        let place = "".child(name);
        walk(value, &mut |inner, value| {
            let is_list = inner
                .name()
                .map_or(name == SECURITY, |name| name == SECURITY);
            let sets = value.as_array().filter(|_| is_list).into_iter().flatten();
            let schemes = sets.filter_map(Value::as_object).flat_map(Map::keys);
            starts.extend(schemes.map(|scheme| "/components/securitySchemes".child(scheme)));
            true
        });
        starts.push(place);
    }
    places_from(document, starts)
}

/// The member that says which credentials an operation requires.
const SECURITY: &str = "security";

/// Whether one of the places is this one, around it or within it.
pub(super) fn leads_to(places: &BTreeSet<String>, place: &str) -> bool {
    is_within(places, place) || is_around(places, place)
}

/// Whether a member of a document holds parts that operations refer to.
pub(super) fn is_shared_part(name: &str) -> bool {
    let parts = [
        "components",
        "definitions",
        "parameters",
        "responses",
        "responseCollection",
        "schemaCollection",
        "dataSchemaCollection",
        "securitySchemeCollection",
        "securityDefinitions",
    ];
    parts.contains(&name)
}

/// The schemas of a document that others refer to, and those that operations use: as it is
/// understood, whatever its references look like.
pub(super) struct Schemas {
    models: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl Schemas {
    pub fn of(api: &Api) -> Self {
        let written = |place: &String| written_place(&api.moves.original(place)).to_owned();
        let mut roots = BTreeSet::new();
        for endpoint in api.operations.iter().chain(&api.incoming) {
            schemas_of(endpoint, &mut roots);
        }
        let used = places_from(&api.json, roots.into_iter().collect());
        Self {
            models: api.models.keys().map(written).collect(),
            used: used.iter().map(written).collect(),
        }
    }

    /// Whether a place is in a schema that others may refer to.
    pub fn has_model(&self, place: &str) -> bool {
        is_around(&self.models, place)
    }

    /// Whether operations use what is at a place, or a part of it.
    pub fn has_used(&self, place: &str) -> bool {
        leads_to(&self.used, place)
    }
}
