//! The body of a request, and the fields of a form.

use serde_json::{Value, json};

use super::missing_schema::insert_missing_schema;
use crate::api::{Body, Content, Part, PartValue};
use crate::forms::media::{Kind, preferred};
use crate::forms::parameters::text;
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;

/// The body at `place`; `None` where there is none.
pub(super) fn body(json: &mut Value, place: &str) -> Option<Body> {
    let place = resolve_refs(json, place)?;
    let body = json.pointer(&place)?;
    let required = body["required"] == true;
    let media = preferred(body["content"].as_object()?)?.to_owned();
    let schema = place.child("content").child(&media).child("schema");
    let content = match Kind::from_media_type(&media) {
        Kind::Nothing => return None,
        Kind::Multipart => form(json, &schema, true),
        Kind::Form => form(json, &schema, false),
        Kind::Json => {
            insert_missing_schema(json, &schema, Value::Bool(true));
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
    let is_specific = plain.ends_with("+json") && !plain.contains('*');
    is_specific.then(|| plain.to_owned())
}

/// The fields of a form, where its schema is a plain object.
fn form(json: &mut Value, schema: &str, multipart: bool) -> Content {
    insert_missing_schema(json, schema, json!({"type": "object"}));
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
