//! What a document says of the requests and replies of its operations, as plain
//! JSON Schema for an independent validator.

use apifox_runtime::{Location, Media, Operation};
use serde_json::{Map, Value, json};

use crate::dialect::{Dialect, directed};

/// How many operations a document describes.
#[must_use]
pub fn operations(document: &Value) -> usize {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    if let Some(paths) = document["paths"].as_object() {
        let of_path = |path: &String| {
            let place = followed(document, &format!("/paths/{}", escaped(path)));
            let item = document.pointer(&place).unwrap_or(&Value::Null);
            METHODS
                .iter()
                .filter(|method| item[**method].is_object())
                .count()
        };
        return paths.keys().map(of_path).sum();
    }
    let folders = ["apiCollection", "httpCollection"].map(|name| document[name].as_array());
    match folders {
        [None, None] => usize::from(document["path"].is_string()),
        folders => folders.into_iter().flatten().flatten().map(within).sum(),
    }
}

fn within(item: &Value) -> usize {
    let is_whole = |api: &Value| {
        let method = api["method"].as_str().unwrap_or_default();
        !method.is_empty() && api["path"].is_string()
    };
    if is_whole(&item["api"]) || is_whole(item) {
        return 1;
    }
    let below = [&item["items"], &item["children"]].map(Value::as_array);
    below.into_iter().flatten().flatten().map(within).sum()
}

/// The schema of an operation's requests in their JSON form; `None` for bodies
/// that are files.
#[must_use]
pub fn request(document: &Value, operation: &Operation) -> Option<Value> {
    if !operation.files.is_empty() {
        return None;
    }
    let document = &directed(document, "readOnly");
    let mut dialect = Dialect::new(document);
    let body = match operation.body {
        None => None,
        Some(Media::Json) => Some(json_body(document, operation, &mut dialect)),
        Some(Media::Form) => Some(form(document, operation, &mut dialect)?),
        Some(
            Media::Multipart
            | Media::Parts(_)
            | Media::Text(_)
            | Media::Sequence(_)
            | Media::Binary(_),
        ) => return None,
    };
    let Some(parameters) = operation.parameters else {
        return Some(dialect.whole(body?));
    };
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for location in Location::ALL {
        let here = parameters
            .iter()
            .filter(|parameter| parameter.location == location);
        let (mut members, mut needed) = (Map::new(), Vec::new());
        for parameter in here {
            let (schema, is_required) =
                value(document, operation, location, parameter.name, &mut dialect);
            members.insert(parameter.name.into(), schema);
            if is_required {
                needed.push(parameter.name);
            }
        }
        if members.is_empty() {
            continue;
        }
        if !needed.is_empty() {
            required.push(location.name());
        }
        properties.insert(
            location.name().into(),
            closed(&members.into(), &json!(needed)),
        );
    }
    if let Some(body) = body {
        properties.insert("body".into(), body);
        if is_body_required(document, operation) {
            required.push("body");
        }
    }
    Some(dialect.whole(closed(&properties.into(), &json!(required))))
}

/// The schema of the reply at a place of the document.
#[must_use]
pub fn response(document: &Value, place: &str) -> Value {
    let document = &directed(document, "writeOnly");
    let mut dialect = Dialect::new(document);
    let place = component(document, place).unwrap_or_else(|| followed(document, place));
    let schema = match document.pointer(&place) {
        Some(response) if response["content"].is_object() => {
            dialect.at(&format!("{}/schema", json_media(response, &place)))
        }
        Some(response)
            if response["contentType"] == "eventStream"
                && response["itemSchema"]
                    .as_object()
                    .is_some_and(|schema| !schema.is_empty()) =>
        {
            dialect.at(&format!("{place}/itemSchema"))
        }
        _ => dialect.at(&format!("{place}/jsonSchema")),
    };
    dialect.whole(schema)
}

/// The place of the response component that the response at a place of a project stands for.
fn component(document: &Value, place: &str) -> Option<String> {
    let text = |id: &Value| id.to_string().trim_matches('"').to_owned();
    let id = document
        .pointer(place)?
        .get("referencedResponseId")
        .map(text)?;
    let mut pending = vec![String::from("/responseCollection")];
    while let Some(list) = pending.pop() {
        for (index, item) in document.pointer(&list)?.as_array()?.iter().enumerate() {
            let place = format!("{list}/{index}");
            match item["items"].is_array() {
                true => pending.push(format!("{place}/items")),
                false if text(&item["id"]) == id => return Some(place),
                false => {}
            }
        }
    }
    None
}

fn closed(properties: &Value, required: &Value) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn is_openapi(document: &Value) -> bool {
    document.get("openapi").is_some()
}

fn body_place(document: &Value, operation: &Operation) -> String {
    followed(document, &format!("{}/requestBody", operation.pointer))
}

fn is_body_required(document: &Value, operation: &Operation) -> bool {
    let body = document.pointer(&body_place(document, operation));
    let said = body.and_then(|body| body["required"].as_bool());
    said.unwrap_or(!is_openapi(document))
}

fn json_body(document: &Value, operation: &Operation, dialect: &mut Dialect<'_>) -> Value {
    let place = body_place(document, operation);
    match document.pointer(&place) {
        Some(body) if is_openapi(document) => {
            dialect.at(&format!("{}/schema", json_media(body, &place)))
        }
        _ => dialect.at(&format!("{place}/jsonSchema")),
    }
}

/// The fields of a form are all that it takes.
fn form(document: &Value, operation: &Operation, dialect: &mut Dialect<'_>) -> Option<Value> {
    let place = body_place(document, operation);
    if is_openapi(document) {
        let media = document.pointer(&place)?["content"].as_object()?.keys();
        let media = media.into_iter().find(|name| name.contains("urlencoded"))?;
        let place = followed(
            document,
            &format!("{place}/content/{}/schema", escaped(media)),
        );
        let mut schema = dialect.at(&place);
        let is_plain = schema
            .as_object()?
            .keys()
            .all(|name| matches!(name.as_str(), "type" | "properties" | "required"));
        if is_plain && schema.get("properties").is_some() {
            let names = schema["properties"].as_object()?.clone();
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let required: Vec<_> = required
                .into_iter()
                .filter(|name| name.as_str().is_some_and(|name| names.contains_key(name)))
                .collect();
            schema = closed(&names.into(), &json!(required));
        }
        return Some(schema);
    }
    let (mut members, mut needed) = (Map::new(), Vec::new());
    for field in document.pointer(&place)?["parameters"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let Some(name) = field["name"]
            .as_str()
            .filter(|name| !name.trim().is_empty() && field["enable"] != false)
        else {
            continue;
        };
        if !members.contains_key(name) {
            members.insert(name.into(), schema_of(field, dialect));
            if field["required"] == true {
                needed.push(name);
            }
        }
    }
    Some(closed(&members.into(), &json!(needed)))
}

/// A parameter's schema, and whether it has to be there.
fn value(
    document: &Value,
    operation: &Operation,
    location: Location,
    name: &str,
    dialect: &mut Dialect<'_>,
) -> (Value, bool) {
    let around = operation
        .pointer
        .rsplit_once('/')
        .map_or("", |(around, _)| around);
    let own = document.pointer(&format!("{}/parameters", operation.pointer));
    let names_locations = is_openapi(document) || own.is_some_and(Value::is_array);
    let own = format!("{}/parameters", operation.pointer);
    let of_location = location.name();
    let lists = match names_locations {
        true => [(own, true), (format!("{around}/parameters"), true)],
        false => [
            (format!("{own}/{of_location}"), false),
            (String::from("/none"), false),
        ],
    };
    let everywhere = format!("/commonParameters/parameters/{of_location}");
    for (list, names_location) in lists.into_iter().chain([(everywhere, false)]) {
        let count = document
            .pointer(&list)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        for index in 0..count {
            let place = followed(document, &format!("{list}/{index}"));
            let parameter = document.pointer(&place).unwrap_or(&Value::Null);
            let is_here = !names_location || parameter["in"] == location.name();
            let is_enabled = parameter["enable"] != false;
            if name.is_empty() || parameter["name"] != name || !is_here || !is_enabled {
                continue;
            }
            let required = location == Location::Path || parameter["required"] == true;
            return (parameter_schema(document, &place, dialect), required);
        }
    }
    // A parameter that only the path names.
    (json!({"type": "string", "minLength": 1}), true)
}

/// The schema of the parameter at `place`.
fn parameter_schema(document: &Value, place: &str, dialect: &mut Dialect<'_>) -> Value {
    let parameter = document.pointer(place).unwrap_or(&Value::Null);
    let content = parameter["content"].as_object();
    match content.and_then(|content| content.iter().next()) {
        // What is not JSON and has no schema is text.
        Some((media, content)) if content.get("schema").is_none() && !media.contains("json") => {
            json!({"type": "string"})
        }
        Some((media, _)) => dialect.at(&format!("{place}/content/{}/schema", escaped(media))),
        None if is_openapi(document) => match parameter.get("schema") {
            Some(_) => dialect.at(&format!("{place}/schema")),
            None => json!({"type": "string"}),
        },
        None => schema_of(parameter, dialect),
    }
}

/// The schema of a project's parameter: its own, or what its type says.
fn schema_of(parameter: &Value, dialect: &mut Dialect<'_>) -> Value {
    if parameter["schema"].is_object() {
        return dialect.schema(&parameter["schema"], "");
    }
    let mut schema = match parameter["type"].as_str().unwrap_or("string") {
        "any" | "null" => json!({}),
        "array" => json!({"type": "array", "items": {"type": "string"}}),
        kind @ ("integer" | "number" | "boolean" | "object") => json!({"type": kind}),
        _ => json!({"type": "string"}),
    };
    if let Some(values) = parameter["enum"]
        .as_array()
        .filter(|values| !values.is_empty())
    {
        schema["enum"] = json!(values);
    }
    schema
}

fn followed(document: &Value, place: &str) -> String {
    let mut place = place.to_owned();
    for _ in 0..16 {
        let target = document
            .pointer(&place)
            .and_then(|value| value["$ref"].as_str());
        match target.and_then(|target| target.strip_prefix('#')) {
            Some(target) => target.clone_into(&mut place),
            None => break,
        }
    }
    place
}

fn json_media(holder: &Value, place: &str) -> String {
    let content = holder["content"].as_object();
    let kind = |media: &String| {
        let kind = media.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    };
    let is_json = |media: &&String| {
        let kind = kind(media);
        let names = ["application/json", "*/*", "application/*", "text/json"];
        names.contains(&kind.as_str()) || kind.ends_with("+json")
    };
    let is_stream = |media: &&String| {
        matches!(
            kind(media).as_str(),
            "text/event-stream" | "application/x-ndjson"
        )
    };
    let media = content
        .and_then(|content| {
            let json = content.keys().find(is_json);
            let json = json.or_else(|| content.keys().find(is_stream));
            json.or_else(|| content.keys().next())
        })
        .map_or("", String::as_str);
    format!("{place}/content/{}", escaped(media))
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// Every JSON value that the document gives as an example within an operation.
#[must_use]
pub fn examples(document: &Value, operation: &Operation) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(described) = document.pointer(operation.pointer) {
        gather(described, &mut found);
    }
    found
}

fn gather(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("example" | "examples" | "value" | "data", Value::String(text)) => {
                        found.extend(serde_json::from_str::<Value>(text).ok());
                    }
                    ("example" | "value" | "data", value) => found.push(value.clone()),
                    _ => {}
                }
                gather(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        _ => {}
    }
}
