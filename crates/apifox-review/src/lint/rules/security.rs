//! Rules about servers, and about what a call has to be allowed to do.

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use apifox_document::Form;
use apifox_document::forms::parameters::placeholders;
use apifox_document::pointer::JsonPointerExt as _;

/// The places whose servers and requirements count: the document, its operations, and the
/// paths around them.
fn holders(context: &Context<'_>) -> Vec<String> {
    if context.form != Form::OpenApi {
        return Vec::new();
    }
    let operations = context.api.operations.iter();
    let around = operations.flat_map(|operation| {
        let path = operation
            .pointer
            .rsplit_once('/')
            .map_or("", |(path, _)| path);
        [path.to_owned(), operation.pointer.clone()]
    });
    let mut holders: Vec<String> = [String::new()].into_iter().chain(around).collect();
    holders.sort();
    holders.dedup();
    holders
}

pub(super) fn server_variable(context: &Context<'_>, findings: &mut Findings<'_>) {
    for holder in holders(context) {
        for place in context.child_pointers(&holder.child("servers")) {
            let server = context.value_at(&place).unwrap_or(&Value::Null);
            let Some(url) = server["url"].as_str().filter(|url| !url.trim().is_empty()) else {
                let help = "write its URL, or remove it";
                findings.add(&place, "the server has no url", help, Patch::empty());
                continue;
            };
            for name in placeholders(url) {
                let variable = &server["variables"][&name];
                let at = place.child("variables").child(&name);
                let allowed = variable["enum"].as_array();
                let message = match &variable["default"] {
                    _ if variable.is_null() => {
                        format!("the URL has {{{name}}}, which variables does not declare")
                    }
                    Value::Null => format!("the variable {name} has no default"),
                    default if allowed.is_some_and(|allowed| !allowed.contains(default)) => {
                        format!("the default of {name} is not among the values of its enum")
                    }
                    _ => continue,
                };
                let help = "declare it with a default that it may have";
                let at = if variable.is_null() { &place } else { &at };
                findings.add(at, message, help, Patch::empty());
            }
        }
    }
}

pub(super) fn incomplete_scheme(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.form != Form::OpenApi {
        return;
    }
    for place in context.child_pointers("/components/securitySchemes") {
        let Some(scheme) = context
            .value_at(&place)
            .filter(|it| it.get("$ref").is_none())
        else {
            continue;
        };
        let needed: &[&str] = match scheme["type"].as_str() {
            Some("apiKey") => &["in", "name"],
            Some("http") => &["scheme"],
            Some("oauth2") => &["flows"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            Some("mutualTLS") | None => &[],
            // Apifox's own: several at once.
            Some("combination") => &["group"],
            Some(other) => {
                let message = format!("{other} is not a type of security scheme");
                let help = "write apiKey, http, mutualTLS, oauth2 or openIdConnect";
                findings.add(&place.child("type"), message, help, Patch::empty());
                continue;
            }
        };
        for name in needed.iter().filter(|name| scheme[**name].is_null()) {
            let message = format!("the security scheme has no {name}");
            findings.add(&place, message, "write it", Patch::empty());
        }
    }
}

pub(super) fn unknown_scope(context: &Context<'_>, findings: &mut Findings<'_>) {
    for holder in holders(context) {
        for set in context.child_pointers(&holder.child("security")) {
            let schemes = context.value_at(&set).and_then(Value::as_object);
            for (name, scopes) in schemes.into_iter().flatten() {
                let at = set.child(name);
                // An extension, as the reader of credentials sees it.
                if name.starts_with("x-") && !scopes.is_array() {
                    continue;
                }
                let Some(scopes) = scopes.as_array() else {
                    let help = "write the scopes as a list, which is empty for other schemes";
                    findings.add(&at, "scopes are not a list", help, Patch::empty());
                    continue;
                };
                for scope in unknown_scopes(context, name, scopes) {
                    let message = format!("the scheme {name} has no scope {scope}");
                    let help = "declare it in a flow of the scheme, or require another one";
                    findings.add(&at, message, help, Patch::empty());
                }
            }
        }
    }
}

/// The scopes that no flow of an OAuth 2 scheme has.
fn unknown_scopes<'s>(context: &Context<'_>, name: &str, scopes: &'s [Value]) -> Vec<&'s str> {
    let scheme = context.value_at(&"/components/securitySchemes".child(name));
    let Some(flows) = scheme.and_then(|scheme| scheme.get("flows")?.as_object()) else {
        return Vec::new();
    };
    let is_known = |scope: &&str| {
        let mut flows = flows.values();
        flows.any(|flow| flow["scopes"].get(*scope).is_some())
    };
    let scopes = scopes.iter().filter_map(Value::as_str);
    scopes.filter(|scope| !is_known(scope)).collect()
}
