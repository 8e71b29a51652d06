//! Parameters of an operation, and how their values are written.

use apifox_runtime::{Location, Style};
use serde_json::{Value, json};

use super::missing_schema::insert_missing_schema;
use crate::api::Parameter;
use crate::forms::media::Kind;
use crate::forms::parameters::{is_transports, text};
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;

/// The parameters in the list at `place`. What is incomplete, or set by the transport
/// itself, is left out.
pub(super) fn parameters(json: &mut Value, place: &str) -> Vec<Parameter> {
    let list = json.pointer(place).and_then(Value::as_array);
    let count = list.map_or(0, Vec::len);
    let places = (0..count).map(|index| place.child(index));
    places.filter_map(|place| parameter(json, &place)).collect()
}

fn parameter(json: &mut Value, place: &str) -> Option<Parameter> {
    let place = resolve_refs(json, place)?;
    let parameter = json.pointer_mut(&place)?;
    let name = parameter["name"].as_str()?.to_owned();
    let location = location(&parameter["in"])?;
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
    let unspecified = match is_json {
        true => Value::Bool(true),
        false => json!({"type": "string"}),
    };
    insert_missing_schema(json, &schema, unspecified);
    Some(Parameter {
        location,
        name,
        required,
        style,
        description,
        schema,
    })
}

fn location(name: &Value) -> Option<Location> {
    Some(match name.as_str()? {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        _ => return None,
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
