//! What operations use of a document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::told::{is_around, is_within, places_from};
use apifox_document::pointer::{JsonPointerExt as _, walk};

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
