//! How callers of an operation of Apifox's project export authenticate.

use serde_json::Value;

use super::is_authorization_parameter;
use super::scheme::{Scheme, combined, key, token};
use crate::api::{Credential, Requirement};
use crate::forms::item::component_id;
use crate::forms::parameters::text;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// Sets of credentials, any of which will do, and the places that name a scheme which is not there.
type Said = (Vec<Vec<Requirement>>, Vec<String>);

/// The credentials of the item at `pointer` of a project export: its own, or those of
/// the folder around it. Returned with the places that name a scheme which is not there.
pub(in crate::forms) fn project_credentials(json: &Value, pointer: &str) -> Said {
    let headers = pointer.child("api").child("parameters").child("header");
    let headers = json.value_at(&headers);
    let headers = headers.and_then(Value::as_array).into_iter().flatten();
    let mut sent = headers.filter(|header| header["enable"] != false);
    let takes_authorization = sent.any(is_authorization_parameter);
    let configured = |place: &String| -> Option<Said> {
        let holder = json.value_at(place)?;
        let kind = text(&holder["auth"], "type")?.to_ascii_lowercase();
        Some(match kind.as_str() {
            "inherit" => return None,
            "noauth" if takes_authorization => (Vec::new(), Vec::new()),
            "noauth" => (vec![Vec::new()], Vec::new()),
            "securityscheme" => chosen(json, &place.child("securityScheme")),
            _ => {
                let own = own_credential(&holder["auth"], &kind);
                (vec![vec![own.into()]], Vec::new())
            }
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
    holders.iter().find_map(configured).unwrap_or_default()
}

/// The credential that an item or a folder configures itself.
fn own_credential(auth: &Value, kind: &str) -> Credential {
    let own = &auth[kind];
    let credential = match kind {
        "basic" => Some(Credential::Basic),
        "bearer" => Some(Credential::Bearer),
        "jwt" | "oauth2" => token(own),
        "apikey" => key(&own["in"], own, "key"),
        _ => None,
    };
    credential.unwrap_or_else(|| Credential::Other(kind.to_owned()))
}

/// The credentials of the groups of security schemes that are chosen at `pointer`.
fn chosen(json: &Value, pointer: &str) -> Said {
    let (mut sets, mut unknown) = (Vec::new(), Vec::new());
    let choice = json.value_at(pointer).unwrap_or(&Value::Null);
    let groups = choice["schemeGroups"].as_array().into_iter().flatten();
    for (index, group) in groups.enumerate() {
        let ids = group["schemeIds"].as_array().map_or(&[][..], Vec::as_slice);
        let list = pointer
            .child("schemeGroups")
            .child(index)
            .child("schemeIds");
        let mut credentials: Vec<Requirement> = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let id = component_id(id).unwrap_or_default();
            for scheme in combined(|id| scheme_of(json, id), id, list.child(index)) {
                match scheme {
                    Ok(scheme) => credentials.push(scheme.credential().into()),
                    Err(place) => unknown.push(place),
                }
            }
        }
        // A group of unknown schemes asks for something.
        if ids.is_empty() || !credentials.is_empty() {
            sets.push(credentials);
        }
    }
    let is_optional = choice["required"] == false;
    if is_optional && !sets.is_empty() && !sets.contains(&Vec::new()) {
        sets.push(Vec::new());
    }
    (sets, unknown)
}

/// The security scheme of the project with this id.
fn scheme_of<'a>(json: &'a Value, id: &str) -> Option<Scheme<'a>> {
    let mut pending = vec!["/securitySchemeCollection".to_owned()];
    while let Some(list) = pending.pop() {
        let items = json.value_at(&list).and_then(Value::as_array);
        for (index, item) in items.into_iter().flatten().enumerate() {
            let place = list.child(index);
            let is_meant = component_id(&item["id"]).is_some_and(|own| own == id);
            if is_meant && item["authConfigs"].is_object() {
                let editor_type = text(item, "authType").unwrap_or_default();
                return Some(Scheme {
                    place: place.child("authConfigs"),
                    name: text(item, "name").unwrap_or_default(),
                    editor_type: editor_type.to_ascii_lowercase(),
                    said: &item["authConfigs"],
                });
            }
            pending.push(place.child("items"));
        }
    }
    None
}
