//! OpenAPI 3.0 and 3.1, as Apifox exports it.

use apifox_runtime::{Location, Style};
use serde_json::{Value, json};

use super::dialect::{Dialect, Models};
use super::media::{Kind, preferred};
use super::parameters::{self, distinct, is_transports, text};
use super::path_item::METHODS;
use super::{security, unsupported};
use crate::api::{
    Api, Body, Content, Endpoint, Model, Parameter, Part, PartValue, Reply, Response,
};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Document;
use crate::pointer::JsonPointerExt as _;

pub use super::path_item::resolve_refs;

/// Whether a document is of this form.
pub fn is_openapi(json: &Value) -> bool {
    json.get("openapi").is_some() || json.get("swagger").is_some()
}

/// Reads a document of this form.
///
/// # Errors
///
/// That its version is none that is known.
pub(super) fn read(document: &Document, is_strict: bool) -> Result<Api, Diagnostics> {
    version(document)?;
    let mut json = document.json.clone();
    let models = models(&json);
    let mut operations = Vec::new();
    let mut skipped: Vec<Diagnostic> = newer(document).into_iter().collect();
    let paths = json["paths"].as_object().into_iter().flatten();
    let paths: Vec<String> = paths.map(|(path, _)| path.clone()).collect();
    for path in &paths {
        let own = "/paths".child(path);
        let Some(around) = resolve_refs(&json, &own) else {
            skipped.push(no_path_item(document, &own));
            continue;
        };
        let item = json.pointer(&around).unwrap_or(&Value::Null);
        let described = METHODS
            .into_iter()
            .filter(|method| item[method].is_object());
        for method in described.collect::<Vec<_>>() {
            operations.push(endpoint(&mut json, &around, method, path));
        }
    }
    let mut unsupported = unsupported::in_operations(&document.file, &json, &operations);
    for operation in &mut operations {
        let (sets, unknown) = security::of_openapi(&json, &operation.pointer);
        operation.security = sets;
        unsupported.extend(unsupported::security(&document.file, operation));
        skipped.extend(unknown.iter().map(|place| no_scheme(document, place)));
    }
    let mut dialect = Dialect::new(&document.file, Models::ByPlace, is_strict);
    dialect.apply(
        &mut json,
        &operations,
        models.iter().map(|(place, _)| place),
    );
    let info = &json["info"];
    Ok(Api {
        title: text(info, "title"),
        description: text(info, "description"),
        operations,
        models: models.into_iter().collect(),
        is_shared: true,
        is_collection: true,
        skipped: [skipped, dialect.skipped].concat(),
        unsupported,
        json,
    })
}

/// That a path has no operations, for it refers to none.
fn no_path_item(document: &Document, pointer: &str) -> Diagnostic {
    Diagnostic::new(
        &document.file,
        pointer,
        "does not lead to a path item; the path is omitted",
        "fix the document, or add a correction beside it",
    )
    .with_keyword("$ref")
}

/// That a security requirement names no scheme.
fn no_scheme(document: &Document, pointer: &str) -> Diagnostic {
    Diagnostic::new(
        &document.file,
        pointer,
        "is not a security scheme of the document; it is skipped",
        "declare it in /components/securitySchemes, or leave it out",
    )
}

/// That the version is one that came later; it is read as 3.1.
fn newer(document: &Document) -> Option<Diagnostic> {
    let version = document.json.get("openapi")?.as_str()?;
    let is_known = version.starts_with("3.0") || version.starts_with("3.1");
    (!is_known).then(|| {
        Diagnostic::new(
            &document.file,
            "/openapi",
            format!("is version {version:?}, which is read as 3.1"),
            "export the project from Apifox as OpenAPI 3.0 or 3.1",
        )
    })
}

/// What operations share: the schemas of models, and of common replies,
/// parameters and bodies.
fn models(json: &Value) -> Vec<(String, Model)> {
    let mut models = Vec::new();
    for kind in ["schemas", "responses", "parameters", "requestBodies"] {
        let named = json["components"][kind].as_object();
        for (name, component) in named.into_iter().flatten() {
            let place = "/components".child(kind).child(name);
            let content = component["content"].as_object().and_then(preferred);
            let place = match (kind, content) {
                ("schemas", _) => place,
                (_, Some(media)) => place.child("content").child(media).child("schema"),
                (_, None) => place.child("schema"),
            };
            if json.pointer(&place).is_some() {
                models.push((place, Model { name: name.clone() }));
            }
        }
    }
    models
}

fn version(document: &Document) -> Result<(), Diagnostics> {
    let json = &document.json;
    let version = json.get("openapi").or_else(|| json.get("swagger"));
    let text = version.map(|version| {
        version
            .as_str()
            .map_or_else(|| version.to_string(), str::to_owned)
    });
    let text = text.unwrap_or_default();
    if text.starts_with("3.") && json.get("openapi").is_some() {
        return Ok(());
    }
    let diagnostic = Diagnostic::new(
        &document.file,
        match json.get("openapi") {
            Some(_) => "/openapi",
            None => "/swagger",
        },
        format!("is version {text:?}, not 3.0 or 3.1"),
        "export the project from Apifox as OpenAPI 3.0 or 3.1",
    );
    Err(diagnostic.into())
}

fn endpoint(json: &mut Value, around: &str, method: &str, path: &str) -> Endpoint {
    let pointer = around.child(method);
    let operation = json.pointer(&pointer).cloned().unwrap_or_default();
    let title = text(&operation, "summary");
    let route = format!("{method} {path}");
    let tags = operation["tags"].as_array().into_iter().flatten();
    let mut endpoint = Endpoint {
        names: [text(&operation, "operationId"), Some(route), title.clone()]
            .into_iter()
            .flatten()
            .collect(),
        title,
        description: text(&operation, "description"),
        tags: tags
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect(),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        pointer: pointer.clone(),
        ..Endpoint::default()
    };
    // What the operation says of a parameter counts for more than its path.
    for list in [pointer.child("parameters"), around.child("parameters")] {
        let count = json
            .pointer(&list)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let places = (0..count).map(|index| list.child(index));
        let read: Vec<_> = places.filter_map(|place| parameter(json, &place)).collect();
        endpoint.parameters.extend(read);
    }
    distinct(&mut endpoint.parameters);
    endpoint.body = body(json, &pointer.child("requestBody"));
    endpoint.responses = responses(json, &pointer.child("responses"));
    parameters::settle_path(json, &mut endpoint);
    endpoint
}

fn parameter(json: &mut Value, place: &str) -> Option<Parameter> {
    let place = resolve_refs(json, place)?;
    let parameter = json.pointer_mut(&place)?;
    let name = parameter["name"].as_str()?.to_owned();
    let location = match parameter["in"].as_str()? {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        _ => return None,
    };
    let is_own = location == Location::Header && is_transports(&name);
    if is_own || name.trim().is_empty() {
        return None;
    }
    let content = parameter["content"]
        .as_object()
        .and_then(|content| content.keys().next());
    let is_json = content.is_some_and(|media| Kind::from_media_type(media) == Kind::Json);
    let style = if is_json {
        Style::Json
    } else {
        style(parameter)
    };
    let schema = match content {
        Some(media) => place.child("content").child(media).child("schema"),
        None => place.child("schema"),
    };
    let required = location == Location::Path || parameter["required"] == true;
    let description = text(parameter, "description");
    let unsaid = match is_json {
        true => Value::Bool(true),
        false => json!({"type": "string"}),
    };
    present(json, &schema, unsaid);
    Some(Parameter {
        location,
        name,
        required,
        style,
        description,
        schema,
    })
}

fn style(parameter: &Value) -> Style {
    let is_exploded = parameter["explode"] != false;
    match parameter["style"].as_str() {
        Some("deepObject") => Style::DeepObject,
        Some("spaceDelimited") => Style::Joined(' '),
        Some("pipeDelimited") => Style::Joined('|'),
        Some("simple") => Style::Joined(','),
        None if matches!(parameter["in"].as_str(), Some("path" | "header")) => Style::Joined(','),
        _ if is_exploded => Style::Exploded,
        _ => Style::Joined(','),
    }
}

/// Puts a schema where there is none.
fn present(json: &mut Value, place: &str, schema: Value) {
    let Some((around, last)) = place.rsplit_once('/') else {
        return;
    };
    let Some(around) = json.pointer_mut(around) else {
        return;
    };
    // In YAML a media type with nothing behind it is null.
    if !around.is_object() {
        *around = json!({});
    }
    let there = &mut around[last];
    if !there.is_object() && !there.is_boolean() {
        *there = schema;
    }
}

fn body(json: &mut Value, place: &str) -> Option<Body> {
    let place = resolve_refs(json, place)?;
    let body = json.pointer(&place)?;
    let required = body["required"] == true;
    let media = preferred(body["content"].as_object()?)?.to_owned();
    let of_media = place.child("content").child(&media);
    let schema = of_media.child("schema");
    let content = match Kind::from_media_type(&media) {
        Kind::Nothing => return None,
        Kind::Multipart => form(json, &schema, true),
        Kind::Form => form(json, &schema, false),
        Kind::Json => {
            present(json, &schema, Value::Bool(true));
            Content::Json(schema)
        }
        Kind::Events(kind) | Kind::Text(kind) => Content::Text(kind),
        Kind::Binary(kind) => Content::Binary(kind),
    };
    Some(Body {
        content,
        media: unusual(&media),
        required,
    })
}

/// A media type of JSON that is more than JSON, such as `application/vnd.api+json`.
fn unusual(media: &str) -> Option<String> {
    let plain = media.split(';').next().unwrap_or_default().trim();
    let is_one = plain.ends_with("+json") && !plain.contains('*');
    is_one.then(|| plain.to_owned())
}

/// The fields of a form, where its schema is a plain object.
fn form(json: &mut Value, schema: &str, multipart: bool) -> Content {
    present(json, schema, json!({"type": "object"}));
    let place = resolve_refs(json, schema).unwrap_or_else(|| schema.to_owned());
    let object = json.pointer(&place).unwrap_or(&Value::Null);
    let is_plain = |name: &String| {
        matches!(
            name.as_str(),
            "type" | "properties" | "required" | "title" | "description" | "example" | "examples"
        ) || name.starts_with("x-")
    };
    let members = object
        .as_object()
        .filter(|members| members.keys().all(is_plain));
    let Some(properties) = members.and_then(|members| members.get("properties")?.as_object())
    else {
        return Content::Form {
            multipart,
            schema: schema.to_owned(),
        };
    };
    let required = object["required"].as_array().cloned().unwrap_or_default();
    let part = |(name, property): (&String, &Value)| Part {
        name: name.clone(),
        required: required.iter().any(|required| required == name),
        description: text(property, "description"),
        value: part_value(json, &place.child("properties").child(name)),
    };
    Content::Fields {
        multipart,
        fields: properties.iter().map(part).collect(),
    }
}

fn part_value(json: &Value, place: &str) -> PartValue {
    let resolved = resolve_refs(json, place).unwrap_or_else(|| place.to_owned());
    let schema = json.pointer(&resolved).unwrap_or(&Value::Null);
    let is_file = |schema: &Value| {
        schema["type"] == "string" && matches!(schema["format"].as_str(), Some("binary"))
            || schema["type"] == "file"
            || schema["type"] == "string" && schema.get("contentMediaType").is_some()
    };
    match schema {
        schema if is_file(schema) => PartValue::File,
        schema if schema["type"] == "array" && is_file(&schema["items"]) => PartValue::Files,
        _ => PartValue::Schema(place.to_owned()),
    }
}

fn responses(json: &Value, place: &str) -> Vec<Response> {
    let described = json.pointer(place).and_then(Value::as_object);
    let mut responses = Vec::new();
    for (code, response) in described.into_iter().flatten() {
        let own = place.child(code);
        let Some(status) = status(code) else {
            continue;
        };
        let Some(resolved) = resolve_refs(json, &own) else {
            continue;
        };
        responses.push(Response {
            status,
            name: text(response, "description").or_else(|| text(response, "x-apifox-name")),
            content: reply(json, &resolved),
            pointer: own,
        });
    }
    responses
}

/// The status of a response's key: `200`, `2XX`, `x-200:name`, `default`.
fn status(code: &str) -> Option<u16> {
    if code == "default" {
        return Some(0);
    }
    let digits = match code.strip_prefix("x-") {
        Some(rest) => rest.split(':').next().unwrap_or_default(),
        None => code,
    };
    let digits = digits.to_ascii_uppercase().replace("XX", "00");
    digits.trim().parse().ok()
}

fn reply(json: &Value, place: &str) -> Reply {
    let content = json
        .pointer(place)
        .and_then(|response| response["content"].as_object());
    let Some(media) = content.and_then(preferred) else {
        return Reply::Json(None);
    };
    let schema = place.child("content").child(media).child("schema");
    let there = json.pointer(&schema);
    let is_schema = there.is_some_and(|schema| schema.is_object() || schema.is_boolean());
    let schema = is_schema.then_some(schema);
    match Kind::from_media_type(media) {
        Kind::Nothing => Reply::Json(None),
        Kind::Json => Reply::Json(schema),
        Kind::Form => Reply::Binary("application/x-www-form-urlencoded".into()),
        Kind::Multipart => Reply::Binary("multipart/form-data".into()),
        Kind::Events(media) => Reply::from_events(media, there, schema),
        Kind::Text(media) => Reply::Text(media),
        Kind::Binary(media) => Reply::Binary(media),
    }
}
