//! What a document says of the requests and replies of its operations, as plain
//! JSON Schema for an independent validator.

use apifox_runtime::{Location, Media, Operation};
use serde_json::{Map, Value, json};

use crate::dialect::Dialect;

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
            METHODS.iter().filter(|it| item[**it].is_object()).count()
        };
        return paths.keys().map(of_path).sum();
    }
    let folders = ["apiCollection", "httpCollection"].map(|it| document[it].as_array());
    match folders {
        [None, None] => usize::from(document["path"].is_string()),
        folders => folders.into_iter().flatten().flatten().map(within).sum(),
    }
}

fn within(item: &Value) -> usize {
    let is_whole = |it: &Value| {
        it["method"].as_str().is_some_and(|it| !it.is_empty()) && it["path"].is_string()
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
    let mut dialect = Dialect::of(document);
    let body = match operation.body {
        None => None,
        Some(Media::Json) => Some(json_body(document, operation, &mut dialect)),
        Some(Media::Form) => Some(form(document, operation, &mut dialect)?),
        Some(Media::Multipart | Media::Text(_) | Media::Binary(_)) => return None,
    };
    let Some(parameters) = operation.parameters else {
        return Some(dialect.whole(body?));
    };
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for location in [
        Location::Path,
        Location::Query,
        Location::Header,
        Location::Cookie,
    ] {
        let here = parameters.iter().filter(|it| it.location == location);
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
    let mut dialect = Dialect::of(document);
    let place = followed(document, place);
    let schema = match document.pointer(&place) {
        Some(it) if it["content"].is_object() => {
            dialect.at(&format!("{}/schema", json_media(it, &place)))
        }
        Some(it)
            if it["itemSchema"]
                .as_object()
                .is_some_and(|it| !it.is_empty()) =>
        {
            let is_stream = it["contentType"] == "eventStream";
            let of = if is_stream {
                "itemSchema"
            } else {
                "jsonSchema"
            };
            dialect.at(&format!("{place}/{of}"))
        }
        _ => dialect.at(&format!("{place}/jsonSchema")),
    };
    dialect.whole(schema)
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
    let said = body.and_then(|it| it["required"].as_bool());
    said.unwrap_or(!is_openapi(document))
}

fn json_body(document: &Value, operation: &Operation, dialect: &mut Dialect<'_>) -> Value {
    let place = body_place(document, operation);
    match document.pointer(&place) {
        Some(it) if is_openapi(document) => {
            dialect.at(&format!("{}/schema", json_media(it, &place)))
        }
        _ => dialect.at(&format!("{place}/jsonSchema")),
    }
}

/// The fields of a form are all that it takes.
fn form(document: &Value, operation: &Operation, dialect: &mut Dialect<'_>) -> Option<Value> {
    let place = body_place(document, operation);
    if is_openapi(document) {
        let media = document.pointer(&place)?["content"].as_object()?.keys();
        let media = media.into_iter().find(|it| it.contains("urlencoded"))?;
        let place = followed(
            document,
            &format!("{place}/content/{}/schema", escaped(media)),
        );
        let mut schema = dialect.at(&place);
        let is_plain = schema
            .as_object()?
            .keys()
            .all(|it| matches!(it.as_str(), "type" | "properties" | "required"));
        if is_plain && schema.get("properties").is_some() {
            let names = schema["properties"].as_object()?.clone();
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let required: Vec<_> = required
                .into_iter()
                .filter(|it| it.as_str().is_some_and(|it| names.contains_key(it)))
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
            .filter(|it| !it.trim().is_empty() && field["enable"] != false)
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
    let around = operation.pointer.rsplit_once('/').map_or("", |it| it.0);
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
            let it = document.pointer(&place).unwrap_or(&Value::Null);
            let is_here = !names_location || it["in"] == location.name();
            if name.is_empty() || it["name"] != name || !is_here || it["enable"] == false {
                continue;
            }
            let required = location == Location::Path || it["required"] == true;
            let schema = match it["content"].as_object().and_then(|it| it.keys().next()) {
                // What is no JSON and has no schema is text.
                Some(media)
                    if it["content"][media].get("schema").is_none() && !media.contains("json") =>
                {
                    json!({"type": "string"})
                }
                Some(media) => dialect.at(&format!("{place}/content/{}/schema", escaped(media))),
                None if is_openapi(document) => match it.get("schema") {
                    Some(_) => dialect.at(&format!("{place}/schema")),
                    None => json!({"type": "string"}),
                },
                None => schema_of(it, dialect),
            };
            return (schema, required);
        }
    }
    // A parameter that only the path names.
    (json!({"type": "string", "minLength": 1}), true)
}

/// The schema of a project's parameter: its own, or what its type says.
fn schema_of(parameter: &Value, dialect: &mut Dialect<'_>) -> Value {
    if parameter["schema"].is_object() {
        return dialect.schema(&parameter["schema"], "");
    }
    let mut schema = match parameter["type"].as_str().unwrap_or("string") {
        "any" | "null" => json!({}),
        "array" => json!({"type": "array", "items": {"type": "string"}}),
        it @ ("integer" | "number" | "boolean" | "object") => json!({"type": it}),
        _ => json!({"type": "string"}),
    };
    if let Some(values) = parameter["enum"].as_array().filter(|it| !it.is_empty()) {
        schema["enum"] = json!(values);
    }
    schema
}

fn followed(document: &Value, place: &str) -> String {
    let mut place = place.to_owned();
    for _ in 0..16 {
        let target = document.pointer(&place).and_then(|it| it["$ref"].as_str());
        match target.and_then(|it| it.strip_prefix('#')) {
            Some(target) => target.clone_into(&mut place),
            None => break,
        }
    }
    place
}

fn json_media(holder: &Value, place: &str) -> String {
    let content = holder["content"].as_object();
    let kind = |it: &String| {
        let kind = it.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    };
    let is_json = |it: &&String| {
        let kind = kind(it);
        let names = ["application/json", "*/*", "application/*", "text/json"];
        names.contains(&kind.as_str()) || kind.ends_with("+json")
    };
    let is_stream = |it: &&String| {
        matches!(
            kind(it).as_str(),
            "text/event-stream" | "application/x-ndjson"
        )
    };
    let media = content
        .and_then(|it| {
            let json = it.keys().find(is_json);
            json.or_else(|| it.keys().find(is_stream))
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
    if let Some(it) = document.pointer(operation.pointer) {
        gather(it, &mut found);
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
        Value::Array(items) => items.iter().for_each(|it| gather(it, found)),
        _ => {}
    }
}
