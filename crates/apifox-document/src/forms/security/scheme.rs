//! What a security scheme asks a caller to send, in OpenAPI and in Apifox's documents.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use crate::api::Credential;
use crate::forms::item::component_id;
use crate::forms::parameters::text;
use crate::pointer::JsonPointerExt as _;

/// What Apifox's editor calls several schemes that are required at once.
const COMBINATION: &str = "combination";

/// A security scheme.
pub(super) struct Scheme<'a> {
    /// Its place.
    pub place: String,
    /// What the document calls it.
    pub name: String,
    /// What Apifox's editor calls its type; empty where nothing says that.
    pub editor_type: String,
    /// What it says, as in OpenAPI.
    pub said: &'a Value,
}

/// The security scheme that `find` finds by `id`, or those that it combines, which is Apifox's way
/// to require several at once; each once. The place that names one which is not there is an error.
pub(super) fn combined<'a>(
    find: impl Fn(&str) -> Option<Scheme<'a>>,
    id: String,
    named_at: String,
) -> Vec<Result<Scheme<'a>, String>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = VecDeque::from([(id, named_at)]);
    while let Some((id, named_at)) = pending.pop_front() {
        let Some(scheme) = find(&id) else {
            found.push(Err(named_at));
            continue;
        };
        if !seen.insert(scheme.place.clone()) {
            continue;
        }
        let Some(members) = scheme.members() else {
            found.push(Ok(scheme));
            continue;
        };
        let group = scheme.place.child("group");
        pending.extend(members.iter().enumerate().map(|(index, member)| {
            let id = component_id(&member["id"]).unwrap_or_default();
            (id, group.child(index).child("id"))
        }));
    }
    found
}

impl<'a> Scheme<'a> {
    /// The schemes that it combines, if it is made of some.
    fn members(&self) -> Option<&'a Vec<Value>> {
        let is_combined = self.said["type"] == COMBINATION || self.editor_type == COMBINATION;
        let members = self.said["group"].as_array().filter(|_| is_combined);
        members.filter(|members| !members.is_empty())
    }

    /// What it asks for; by its name where that is more than a text that stands as it is in a
    /// header, the query or a cookie.
    pub(super) fn credential(&self) -> Credential {
        let said = self.said;
        let kind = text(said, "type").unwrap_or_else(|| self.editor_type.clone());
        let http_scheme = text(said, "scheme").unwrap_or_default();
        let credential = match (kind.as_str(), http_scheme.to_ascii_lowercase().as_str()) {
            // Apifox writes a scheme of HTTP as the type, too.
            ("http", "bearer") | ("oauth2" | "openIdConnect" | "bearer" | "jwt", _) => {
                token(editor_settings(said))
            }
            ("http", "basic") | ("basic", _) => Some(Credential::Basic),
            ("apiKey" | "apikey", _) if !self.is_signature() => key(&said["in"], said, "name"),
            _ => None,
        };
        credential.unwrap_or_else(|| Credential::Other(self.name.clone()))
    }

    /// Whether what the editor exports as a key is a signature: Hawk, that of AWS, or that of
    /// Akamai.
    fn is_signature(&self) -> bool {
        let is_key = matches!(self.editor_type.as_str(), "" | "apikey");
        !is_key || text(&self.said["x-apifox"], "scheme").is_some()
    }
}

/// What Apifox's editor says of how a token is sent.
fn editor_settings(scheme: &Value) -> &Value {
    let flows = scheme["flows"].as_object().into_iter().flatten();
    let flows = flows.filter_map(|(_, flow)| flow.get("x-apifox"));
    let own = scheme.get("x-apifox").into_iter();
    own.chain(flows).next().unwrap_or(&Value::Null)
}

/// A token where the settings of Apifox's editor put it; `None` where they leave open how it is
/// sent, or have it written otherwise.
pub(super) fn token(settings: &Value) -> Option<Credential> {
    match settings["addTokenTo"].as_str() {
        None | Some("" | "header") => {
            let header = text(settings, "headerKey").unwrap_or_else(|| AUTHORIZATION.to_owned());
            let prefix = settings["headerPrefix"].as_str().unwrap_or("Bearer").trim();
            let is_bearer = prefix.eq_ignore_ascii_case("bearer");
            match prefix.is_empty() {
                true => Some(in_header(header)),
                false => (is_bearer && is_authorization(&header)).then_some(Credential::Bearer),
            }
        }
        Some("query") => text(settings, "queryParamKey").map(Credential::Query),
        Some(_) => None,
    }
}

/// The key that a member of `said` names; `None` where it has no name.
pub(super) fn key(place: &Value, said: &Value, member: &str) -> Option<Credential> {
    let name = text(said, member)?;
    Some(match place.as_str() {
        Some("query") => Credential::Query(name),
        Some("cookie") => Credential::Cookie(name),
        _ => in_header(name),
    })
}

fn in_header(name: String) -> Credential {
    Credential::Header(match is_authorization(&name) {
        true => AUTHORIZATION.to_owned(),
        false => name,
    })
}

const AUTHORIZATION: &str = "Authorization";

/// Whether a header is the one that credentials are for.
pub(super) fn is_authorization(header: &str) -> bool {
    header.eq_ignore_ascii_case(AUTHORIZATION)
}
