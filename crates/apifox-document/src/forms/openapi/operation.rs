//! An operation, with all that is around it.

use apifox_runtime::Location;

use super::reader::Reader;
use crate::api::{Content, Endpoint, FormKind, Server, ServerVariable};
use crate::forms::parameters::{distinct, is_deprecated_operation, text};
use crate::forms::path_item::{METHODS, resolve_refs};
use crate::pointer::JsonPointerExt as _;

/// The operation of a method, at its place in the path item at `around`.
pub(super) fn endpoint(
    reader: &mut Reader<'_>,
    around: &str,
    (method, place): &(String, String),
    path: &str,
) -> Endpoint {
    let pointer = format!("{around}{place}");
    let operation = reader.at(&pointer);
    let title = text(operation, "summary");
    let route = format!("{method} {path}");
    let tags = operation["tags"].as_array().into_iter().flatten();
    let mut endpoint = Endpoint {
        names: [text(operation, "operationId"), Some(route), title.clone()]
            .into_iter()
            .flatten()
            .collect(),
        title,
        description: text(operation, "description"),
        is_deprecated: is_deprecated_operation(operation),
        tags: tags
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect(),
        method: method_name(method),
        path: path.to_owned(),
        pointer: pointer.clone(),
        ..Endpoint::default()
    };
    // Of parameters with the same name, the operation's own wins over that of its path.
    for list in [pointer.child("parameters"), around.child("parameters")] {
        endpoint.parameters.extend(reader.parameters(&list));
    }
    distinct(&mut endpoint.parameters);
    endpoint.body = reader.body(&pointer.child("requestBody"));
    reader.ignore_dispositions(&mut endpoint);
    endpoint.responses = reader.responses(&pointer.child("responses"));
    endpoint.servers = reader.servers(&[&pointer, around, ""]);
    endpoint
}

/// A method as it is sent: methods of their own are written as they are.
fn method_name(method: &str) -> String {
    match METHODS.contains(&method) {
        true => method.to_ascii_uppercase(),
        false => method.to_owned(),
    }
}

impl Reader<'_> {
    /// Removes the header of a form's parts that each has already, with the name of its field.
    fn ignore_dispositions(&mut self, endpoint: &mut Endpoint) {
        let own = endpoint.pointer.child("requestBody");
        let place = resolve_refs(&self.json, &own).unwrap_or(own);
        let bodies = endpoint.body.iter_mut().flat_map(|body| &mut body.contents);
        for media in bodies {
            let (Content::Fields { kind, encoding, .. } | Content::Form { kind, encoding, .. }) =
                &mut media.content
            else {
                continue;
            };
            if *kind != FormKind::FormData {
                continue;
            }
            let own = place.child("content").child(&media.name);
            let place = resolve_refs(&self.json, &own).unwrap_or(own);
            for field in encoding {
                let place = place.child("encoding").child(&field.name).child("headers");
                field.headers.retain(|(header, _)| {
                    let is_own = header.eq_ignore_ascii_case("content-disposition");
                    if is_own {
                        let message = "is ignored: each part of a form has one, with its name";
                        self.note(&place.child(header), message, "remove it, by a correction");
                    }
                    !is_own
                });
            }
        }
    }

    /// The servers of the first of `holders` that lists some.
    pub(super) fn servers(&self, holders: &[&str]) -> Vec<Server> {
        let lists = holders
            .iter()
            .map(|holder| self.at(&holder.child("servers")));
        let mut lists = lists.filter_map(|list| list.as_array());
        let list = lists.find(|list| !list.is_empty());
        let described = list.into_iter().flatten();
        let servers = described.filter_map(|server| {
            let variables = server["variables"].as_object().into_iter().flatten();
            let variables = variables.map(|(name, variable)| {
                let allowed = variable["enum"].as_array().into_iter().flatten();
                ServerVariable {
                    name: name.clone(),
                    // YAML makes numbers of ports and versions.
                    default: plain(&variable["default"]).unwrap_or_default(),
                    allowed: allowed.filter_map(plain).collect(),
                    description: text(variable, "description"),
                }
            });
            Some(Server {
                url: text(server, "url")?,
                description: text(server, "description"),
                variables: variables.collect(),
            })
        });
        servers.collect()
    }

    /// Leaves out the parameters in the path of what has no path of its own.
    pub(super) fn without_path_parameters(&mut self, endpoint: &mut Endpoint) {
        let parameters = std::mem::take(&mut endpoint.parameters);
        for parameter in parameters {
            if parameter.location == Location::Path {
                let message = format!(
                    "the parameter {} is skipped: it has no path",
                    parameter.name
                );
                self.note(&endpoint.pointer, message, "correct the document");
            } else {
                endpoint.parameters.push(parameter);
            }
        }
    }
}

/// A scalar as text.
pub(super) fn plain(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(is_true) => Some(is_true.to_string()),
        _ => None,
    }
}
