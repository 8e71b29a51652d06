//! How callers authenticate, in OpenAPI and in Apifox's documents.

mod project;
mod scheme;
pub(super) mod unsupported;

use serde_json::Value;

use self::scheme::{Scheme, combined, is_authorization};
use super::path_item::resolve_refs;
use crate::api::Requirement;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

pub(super) use self::project::project_credentials;

/// The credentials of the operation at `pointer`, in a document of OpenAPI: any one
/// set will do. Returned with the places of requirements that name no scheme.
///
/// An empty list takes away what the document requires of others, as one empty set. Where all
/// lists are empty, as in what Apifox exports, the document says nothing.
pub(super) fn openapi_credentials(
    json: &Value,
    pointer: &str,
    asks_anywhere: bool,
) -> (Vec<Vec<Requirement>>, Vec<String>) {
    let own = pointer.child("security");
    let list = match json.value_at(&own) {
        Some(Value::Array(_)) => own,
        _ => "/security".to_owned(),
    };
    let (mut sets, mut unknown) = (Vec::new(), Vec::new());
    let listed = json.value_at(&list).and_then(Value::as_array);
    if listed.is_some_and(Vec::is_empty) && asks_anywhere && !takes_authorization(json, pointer) {
        sets.push(Vec::new());
    }
    for (index, set) in listed.into_iter().flatten().enumerate() {
        let mut credentials = Vec::new();
        let asks_for_none = set.as_object().is_some_and(serde_json::Map::is_empty);
        let own = list.child(index);
        for (name, scopes) in set.as_object().into_iter().flatten() {
            if name.starts_with("x-") && !scopes.is_array() {
                continue;
            }
            let find = |name: &str| scheme_named(json, name);
            for scheme in combined(find, name.clone(), own.child(name)) {
                match scheme {
                    Ok(scheme) => credentials.push(Requirement {
                        credential: scheme.credential(),
                        scopes: scopes_of(scopes),
                    }),
                    Err(place) => unknown.push(place),
                }
            }
        }
        // A set of unknown schemes asks for something.
        if asks_for_none || !credentials.is_empty() {
            sets.push(credentials);
        }
    }
    (sets, unknown)
}

/// The security scheme of this name.
fn scheme_named<'a>(json: &'a Value, name: &str) -> Option<Scheme<'a>> {
    let place = resolve_refs(json, &"/components/securitySchemes".child(name))?;
    let said = json.value_at(&place)?;
    Some(Scheme {
        place,
        name: name.to_owned(),
        editor_type: String::new(),
        said,
    })
}

/// Whether a document of OpenAPI requires credentials: at its root, or of one of these
/// operations.
pub(super) fn asks_anywhere<'p>(json: &Value, pointers: impl Iterator<Item = &'p str>) -> bool {
    let asks = |holder: &str| {
        let list = json.value_at(&holder.child("security"));
        list.and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    };
    asks("") || pointers.into_iter().any(asks)
}

/// Whether the operation at `pointer` has a parameter in the header `Authorization`, which
/// OpenAPI ignores: it says that the key is wanted all the same.
fn takes_authorization(json: &Value, pointer: &str) -> bool {
    let (path, _) = pointer.rsplit_once('/').unwrap_or_default();
    let path = path.strip_suffix("/additionalOperations").unwrap_or(path);
    [pointer, path].iter().any(|holder| {
        let list = holder.child("parameters");
        let count = json.value_at(&list).and_then(Value::as_array);
        (0..count.map_or(0, Vec::len)).any(|index| {
            let place = resolve_refs(json, &list.child(index));
            let parameter = place.and_then(|place| json.value_at(&place));
            parameter.is_some_and(|parameter| {
                parameter["in"] == "header" && is_authorization_parameter(parameter)
            })
        })
    })
}

/// Whether a parameter is in the header that credentials are for.
fn is_authorization_parameter(parameter: &Value) -> bool {
    parameter["name"].as_str().is_some_and(is_authorization)
}

fn scopes_of(listed: &Value) -> Vec<String> {
    let scopes = listed.as_array().into_iter().flatten();
    let scopes = scopes.filter_map(|scope| scope.as_str().map(str::to_owned));
    scopes.collect()
}
