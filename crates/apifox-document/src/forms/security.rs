//! How callers authenticate, in OpenAPI and in Apifox's documents.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use super::parameters::text;
use super::path_item::resolve_refs;
use crate::api::{Credential, Requirement};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

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
            for (scheme, place) in combined(json, name, own.child(name)) {
                match scheme {
                    Some((name, scheme)) => credentials.push(Requirement {
                        credential: credential(scheme, name),
                        scopes: scopes_of(scopes),
                    }),
                    None => unknown.push(place),
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

/// A security scheme with its name; `None` where there is none of that name.
type Scheme<'a> = Option<(&'a str, &'a Value)>;

/// The security scheme of this name, or those that it combines, which is Apifox's way to require
/// several at once; each once, with the place that names it.
fn combined<'a>(json: &'a Value, name: &'a str, named_at: String) -> Vec<(Scheme<'a>, String)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = VecDeque::from([(name, named_at)]);
    while let Some((name, named_at)) = pending.pop_front() {
        let Some((place, scheme)) = scheme_named(json, name) else {
            found.push((None, named_at));
            continue;
        };
        if !seen.insert(place.clone()) {
            continue;
        }
        let members = scheme["group"]
            .as_array()
            .filter(|members| scheme["type"] == "combination" && !members.is_empty());
        let Some(members) = members else {
            found.push((Some((name, scheme)), named_at));
            continue;
        };
        let group = place.child("group");
        pending.extend(members.iter().enumerate().map(|(index, member)| {
            let name = member["id"].as_str().unwrap_or_default();
            (name, group.child(index).child("id"))
        }));
    }
    found
}

/// The security scheme of this name, with its place.
fn scheme_named<'a>(json: &'a Value, name: &str) -> Option<(String, &'a Value)> {
    let place = resolve_refs(json, &"/components/securitySchemes".child(name))?;
    let scheme = json.value_at(&place)?;
    Some((place, scheme))
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
            parameter
                .is_some_and(|parameter| parameter["in"] == "header" && is_authorization(parameter))
        })
    })
}

fn is_authorization(parameter: &Value) -> bool {
    let name = parameter["name"].as_str();
    name.is_some_and(|name| name.eq_ignore_ascii_case("authorization"))
}

/// The credentials of the item at `pointer` of a project export: its own, or those of
/// the folder around it.
pub(super) fn project_credentials(json: &Value, pointer: &str) -> Vec<Vec<Requirement>> {
    let headers = pointer.child("api").child("parameters").child("header");
    let headers = json.value_at(&headers);
    let headers = headers.and_then(Value::as_array).into_iter().flatten();
    let mut sent = headers.filter(|header| header["enable"] != false);
    let takes_authorization = sent.any(is_authorization);
    let configured = |holder: &Value| {
        let kind = text(&holder["auth"], "type")?.to_ascii_lowercase();
        Some(match kind.as_str() {
            "inherit" => return None,
            "noauth" if takes_authorization => Vec::new(),
            "noauth" => vec![Vec::new()],
            "securityscheme" => group_credentials(json, &holder["securityScheme"]),
            _ => vec![vec![own_credential(&holder["auth"], &kind).into()]],
        })
    };
    let mut place = pointer;
    let mut holders = vec![pointer.child("api"), pointer.to_owned()];
    // `/apiCollection/0/items/1` is in `/apiCollection/0`.
    while let Some((around, _)) = place
        .rsplit_once('/')
        .and_then(|(list, _)| list.rsplit_once('/'))
    {
        holders.push(around.to_owned());
        place = around;
    }
    holders.push("/projectSetting".to_owned());
    let holders = holders.iter().filter_map(|holder| json.value_at(holder));
    holders.into_iter().find_map(configured).unwrap_or_default()
}

/// The credential that an item or a folder configures itself.
fn own_credential(auth: &Value, kind: &str) -> Credential {
    match kind {
        "basic" => Credential::Basic,
        "bearer" | "jwt" | "oauth2" => Credential::Bearer,
        "apikey" => {
            let name = text(&auth["apikey"], "key").unwrap_or_default();
            in_place(&auth["apikey"]["in"], name)
        }
        other => Credential::Other(other.to_owned()),
    }
}

/// The credentials of groups of the project's security schemes.
fn group_credentials(json: &Value, scheme: &Value) -> Vec<Vec<Requirement>> {
    let groups = scheme["schemeGroups"].as_array();
    let credentials = |group: &Value| {
        let ids = group["schemeIds"].as_array().into_iter().flatten();
        let found = ids.filter_map(|id| scheme_credential(json, id));
        found.map(Requirement::from).collect()
    };
    groups.into_iter().flatten().map(credentials).collect()
}

fn scheme_credential(json: &Value, id: &Value) -> Option<Credential> {
    let mut pending = vec![&json["securitySchemeCollection"]];
    while let Some(items) = pending.pop() {
        for item in items.as_array().into_iter().flatten() {
            let config = &item["authConfigs"];
            if item["id"] == *id && config.is_object() {
                let name = text(item, "name").unwrap_or_default();
                return Some(credential(config, &name));
            }
            pending.push(&item["items"]);
        }
    }
    None
}

/// The credential of a security scheme of OpenAPI.
fn credential(scheme: &Value, called: &str) -> Credential {
    let kind = text(scheme, "type").unwrap_or_default();
    let http_scheme = text(scheme, "scheme").unwrap_or_default();
    match (kind.as_str(), http_scheme.to_ascii_lowercase().as_str()) {
        // Apifox writes a scheme of HTTP as the type, too.
        ("http", "bearer") | ("oauth2" | "openIdConnect" | "bearer", _) => Credential::Bearer,
        ("http", "basic") | ("basic", _) => Credential::Basic,
        ("apiKey", _) => in_place(&scheme["in"], text(scheme, "name").unwrap_or_default()),
        _ => Credential::Other(called.to_owned()),
    }
}

fn in_place(place: &Value, name: String) -> Credential {
    match place.as_str() {
        Some("query") => Credential::Query(name),
        Some("cookie") => Credential::Cookie(name),
        _ if name.eq_ignore_ascii_case("authorization") => {
            Credential::Header("Authorization".into())
        }
        _ => Credential::Header(name),
    }
}

fn scopes_of(listed: &Value) -> Vec<String> {
    let scopes = listed.as_array().into_iter().flatten();
    let scopes = scopes.filter_map(|scope| scope.as_str().map(str::to_owned));
    scopes.collect()
}
