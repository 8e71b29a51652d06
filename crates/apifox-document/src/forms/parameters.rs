//! Parameters as Apifox writes them: their places, names and schemas.

use apifox_runtime::Location;
use serde_json::{Map, Value, json};

use super::files::{FileField, FormSchemas};
use crate::api::{Endpoint, Parameter, Part, PartValue, Server};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// Headers that the transport sets itself.
const TRANSPORTS_OWN: [&str; 7] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
];

/// Reads the parameters at `pointer` of `json`: an object of one list for each
/// location, or one list where each says its own, as in OpenAPI. A parameter without a
/// schema is given one.
pub(super) fn by_location(json: &mut Value, pointer: &str) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let is_list = json.value_at(pointer).is_some_and(Value::is_array);
    for location in Location::ALL {
        let list = match is_list {
            true => pointer.to_owned(),
            false => pointer.child(location.name()),
        };
        for (index, parameter) in items(json, &list) {
            if is_list && parameter["in"] != location.name() {
                continue;
            }
            let Some(name) = name(parameter) else {
                continue;
            };
            if location == Location::Header && is_transports(&name) {
                continue;
            }
            parameters.push(Parameter {
                location,
                required: location == Location::Path || parameter["required"] == true,
                description: text(parameter, "description"),
                is_deprecated: is_deprecated(parameter),
                serialization: match location {
                    // Nothing says that a cookie would have more encoded than it has to.
                    Location::Cookie => location.default_serialization().with_reserved(),
                    _ => location.default_serialization(),
                },
                schema: schema_of(parameter, &list.child(index)),
                name,
            });
        }
    }
    distinct(&mut parameters);
    parameters
}

/// Reads the fields of a form at `pointer` of `json`, a list.
pub(super) fn form_fields(json: &mut Value, pointer: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (index, parameter) in items(json, pointer) {
        let Some(name) = name(parameter) else {
            continue;
        };
        if parts.iter().any(|part| part.name == name) {
            continue;
        }
        let value = match field_of_files(parameter) {
            Some(files) => files.part_value(),
            None => PartValue::Schema(schema_of(parameter, &pointer.child(index))),
        };
        parts.push(Part {
            required: parameter["required"] == true,
            description: text(parameter, "description"),
            is_deprecated: is_deprecated(parameter),
            value,
            name,
        });
    }
    parts
}

/// What a field of a form holds, if that is files: by its type, or by its schema.
fn field_of_files(parameter: &Value) -> Option<FileField> {
    let of = |json| {
        let schemas = FormSchemas {
            json,
            has_untyped_files: false,
            ignores_ref_siblings: false,
        };
        schemas.file_field("", None)
    };
    of(parameter).or_else(|| of(parameter.get("schema")?))
}

pub(crate) fn is_transports(header: &str) -> bool {
    TRANSPORTS_OWN
        .iter()
        .any(|own| own.eq_ignore_ascii_case(header))
}

/// Removes parameters whose location and name occurred before.
pub(super) fn distinct(parameters: &mut Vec<Parameter>) {
    let mut seen: Vec<(Location, String)> = Vec::new();
    parameters.retain(|parameter| {
        let is_header = parameter.location == Location::Header;
        let name = if is_header {
            parameter.name.to_lowercase()
        } else {
            parameter.name.clone()
        };
        let key = (parameter.location, name);
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
}

/// Makes path and path parameters agree: the path loses scheme and host and has `{name}` for
/// each parameter; placeholders that are not declared become parameters, and declared path
/// parameters without a placeholder are removed. A segment `:name` is a parameter in Apifox; in
/// OpenAPI, where it may be what it says, if one of that name is declared.
pub(super) fn settle_path(json: &mut Value, endpoint: &mut Endpoint, is_openapi: bool) {
    let declared = &endpoint.parameters;
    let is_declared = |name: &str| {
        let mut declared = declared.iter();
        declared.any(|parameter| parameter.location == Location::Path && parameter.name == name)
    };
    // A variable in it has no value.
    let host = origin(&endpoint.path).filter(|host| !host.contains('{'));
    if let Some(host) = host {
        endpoint.servers = vec![Server {
            url: host.to_owned(),
            ..Server::default()
        }];
    }
    endpoint.path = match is_openapi {
        true => plain_path_with(&endpoint.path, is_declared),
        false => plain_path(&endpoint.path),
    };
    let path = endpoint.path.clone();
    let stands_in = |name: &str| path.contains(&format!("{{{name}}}"));
    endpoint
        .parameters
        .retain(|parameter| parameter.location != Location::Path || stands_in(&parameter.name));
    for name in placeholders(&path) {
        let is_declared =
            |parameter: &Parameter| parameter.location == Location::Path && parameter.name == name;
        if endpoint.parameters.iter().any(is_declared) {
            continue;
        }
        let place = endpoint.pointer.child("x-path-parameters");
        if let Some(Value::Object(around)) = json.pointer_mut(&endpoint.pointer) {
            let there = around
                .entry("x-path-parameters")
                .or_insert_with(|| json!({}));
            there[&name] = json!({"type": "string", "minLength": 1});
        }
        endpoint.parameters.push(Parameter {
            location: Location::Path,
            required: true,
            serialization: Location::Path.default_serialization(),
            description: None,
            is_deprecated: false,
            schema: place.child(&name),
            name,
        });
    }
}

/// The names in braces.
pub fn placeholders(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        rest = after;
    }
    names
}

/// A path without the names of its parameters: `/pets/{}`.
#[must_use]
pub fn without_names(path: &str) -> String {
    let mut unnamed = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, (_, after))) = rest
        .split_once('{')
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        unnamed.push_str(before);
        unnamed.push_str("{}");
        rest = after;
    }
    unnamed + rest
}

/// A path without scheme and host, with parameters as `{name}`. Variables of Apifox,
/// `{{name}}`, are parameters too; one that the path starts with stands for scheme and host.
pub fn plain_path(path: &str) -> String {
    plain_path_with(path, |_| true)
}

/// The same where these names after a colon are parameters.
fn plain_path_with(path: &str, mut is_parameter: impl FnMut(&str) -> bool) -> String {
    let path = without_address(path.trim());
    let path = variables_as_parameters(path);
    let path = path.as_str();
    let path = &path[origin(path).map_or(0, str::len)..];
    let slash = if path.starts_with('/') { "" } else { "/" };
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let segments = path.split('/');
    let segments: Vec<String> = segments.map(|it| segment(it, &mut is_parameter)).collect();
    let path = format!("{slash}{}", segments.join("/"));
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

/// The scheme and the host that a path starts with, as `https://api.example.com`.
pub(crate) fn origin(path: &str) -> Option<&str> {
    let path = path.trim();
    let (scheme, rest) = path.split_once("://")?;
    let is_scheme = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric());
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    is_scheme.then(|| &path[..path.len() - rest.len() + host])
}

/// A path without the variable that stands for the address, `{{baseUrl}}/v1/pets`.
fn without_address(path: &str) -> &str {
    match path.starts_with("{{") && path.contains("}}") {
        true => path.find('/').map_or("", |at| &path[at..]),
        false => path,
    }
}

fn variables_as_parameters(path: &str) -> String {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().trim_start_matches('$').trim();
        plain = format!("{plain}{before}{{{name}}}");
        rest = after;
    }
    plain + rest
}

/// `:id` is another way to write `{id}`; `{model}:generate` is not.
fn segment(segment: &str, mut is_parameter: impl FnMut(&str) -> bool) -> String {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(is_letter);
    let name = segment.strip_prefix(':').filter(is_name);
    match name.filter(|name| is_parameter(name)) {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    }
}

/// The items of the list at `pointer` that are objects.
fn items<'j>(
    json: &'j mut Value,
    pointer: &str,
) -> impl Iterator<Item = (usize, &'j mut Value)> + use<'j> {
    let list = json.pointer_mut(pointer).and_then(Value::as_array_mut);
    let items = list.into_iter().flatten().enumerate();
    items.filter(|(_, parameter)| parameter.is_object() && parameter["enable"] != false)
}

fn name(parameter: &Value) -> Option<String> {
    let name = parameter["name"].as_str()?;
    (!name.trim().is_empty()).then(|| name.to_owned())
}

/// The place of a parameter's schema, which is created from its type where it has none.
fn schema_of(parameter: &mut Value, pointer: &str) -> String {
    if !matches!(parameter.get("schema"), Some(Value::Object(_))) {
        let made = schema_of_type(parameter);
        parameter["schema"] = made;
    }
    pointer.child("schema")
}

/// The schema that the type and values of a parameter describe.
fn schema_of_type(parameter: &Value) -> Value {
    let mut schema = Map::new();
    let named = parameter["type"].as_str().unwrap_or("string");
    match named {
        "integer" | "number" | "boolean" | "object" => {
            schema.insert("type".into(), named.into());
        }
        "array" => {
            schema.insert("type".into(), "array".into());
            schema.insert("items".into(), json!({"type": "string"}));
        }
        "any" | "null" => {}
        _ => {
            schema.insert("type".into(), "string".into());
        }
    }
    if let Some(Value::Array(values)) = parameter.get("enum")
        && !values.is_empty()
    {
        schema.insert("enum".into(), values.clone().into());
    }
    schema.into()
}

pub(super) fn text(json: &Value, name: &str) -> Option<String> {
    let text = json.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a document says of a parameter or a schema that it is deprecated.
pub(super) fn is_deprecated(json: &Value) -> bool {
    json["deprecated"] == true
}

/// The same of an operation, of which Apifox has that as its status too.
pub(super) fn is_deprecated_operation(json: &Value) -> bool {
    let mut statuses = ["status", "x-apifox-status"].into_iter();
    is_deprecated(json) || statuses.any(|name| json[name] == "deprecated")
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    #[test]
    fn every_way_to_write_a_path_is_one() {
        let cases = [
            ("/pets/{id}", "/pets/{id}"),
            ("/pets/:id/:owner-id", "/pets/{id}/{owner-id}"),
            ("pets", "/pets"),
            ("", "/"),
            ("https://api.example.com/v1/pets?all=1", "/v1/pets?all=1"),
            ("https://api.example.com", "/"),
            ("https://api.example.com?all=1", "/?all=1"),
            ("https://{{host}}/v1", "/v1"),
            (
                "/v1/models/{model}:generateContent",
                "/v1/models/{model}:generateContent",
            ),
            ("/source{id}", "/source{id}"),
            ("/brand/{{id}}/x", "/brand/{id}/x"),
            ("/a-{{ id }}/{{$guid}}.{format}", "/a-{id}/{guid}.{format}"),
            ("{{baseUrl}}/v1/{{id}}", "/v1/{id}"),
            ("{{host}}:8080/v1", "/v1"),
            ("{{baseUrl}}", "/"),
            ("/a/{{id", "/a/{{id"),
            ("/a:b/:", "/a:b/:"),
        ];
        for (path, expected) in cases {
            assert_eq!(plain_path(path), expected, "{path}");
        }
    }
}
