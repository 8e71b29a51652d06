//! Parameters of an operation, and how their values are written.

use std::collections::BTreeSet;

use apifox_runtime::{Location, Serialization, Style, is_token};
use serde_json::{Value, json};

use super::reader::Reader;
use crate::api::Parameter;
use crate::forms::media::Kind;
use crate::forms::parameters::{is_deprecated, is_transports, text};
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;
use crate::version::OpenApiVersion;

const CORRECT: &str = "correct the document, if the API means something else";

const DESCRIBE: &str = "describe it by a schema, or by content of one media type";

impl Reader<'_> {
    /// The parameters in the list at `place`. What is incomplete, or set by the transport
    /// itself, is left out.
    pub(super) fn parameters(&mut self, place: &str) -> Vec<Parameter> {
        let count = self.at(place).as_array().map_or(0, Vec::len);
        let places = (0..count).map(|index| place.child(index));
        places
            .filter_map(|place| self.listed_parameter(&place))
            .collect()
    }

    fn listed_parameter(&mut self, place: &str) -> Option<Parameter> {
        let place = resolve_refs(&self.json, place)?;
        let parameter = self.at(&place);
        let name = parameter["name"].as_str()?.to_owned();
        let location = Location::named(parameter["in"].as_str()?)?;
        let is_own = location == Location::Header && is_transports(&name);
        if is_own || name.trim().is_empty() {
            return None;
        }
        if matches!(location, Location::Header | Location::Cookie) && !is_token(&name) {
            let message = format!(
                "{name:?} is not the name of a {}: it can't be sent",
                location.name()
            );
            self.note(&place.child("name"), message, CORRECT);
        }
        let parameter = self.parameter(&place, location, name);
        let style = parameter.serialization.style;
        if let Some(schema) = resolve_refs(&self.json, &parameter.schema)
            && self.written.insert((schema, style))
        {
            self.note_nested(&parameter.schema, style);
        }
        Some(parameter)
    }

    /// Notes what a value by the schema at `place` holds that no style can write: an array or an
    /// object in another.
    pub(super) fn note_nested(&mut self, place: &str, style: Style) {
        if style == Style::Json {
            return;
        }
        let mut pending = vec![place.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(place) = pending.pop() {
            let Some(place) = resolve_refs(&self.json, &place).filter(|it| seen.insert(it.clone()))
            else {
                continue;
            };
            let schema = self.at(&place);
            let count = schema["allOf"].as_array().map_or(0, Vec::len);
            pending.extend((0..count).map(|part| place.child("allOf").child(part)));
            let names = schema["properties"].as_object().into_iter().flatten();
            let properties = place.child("properties");
            let mut inner: Vec<String> = names.map(|(name, _)| properties.child(name)).collect();
            inner.push(place.child("additionalProperties"));
            for inner in inner {
                self.note_inner(&inner, "an object", style);
            }
            if !self.is_translated {
                self.note_inner(&place.child("items"), "an array", style);
            }
        }
    }

    /// Notes that the schema at `place`, of what is in `outer`, takes arrays or objects alone.
    fn note_inner(&mut self, place: &str, outer: &str, style: Style) {
        let types = self.types(place).into_iter();
        let mut types: Vec<&str> = types.filter(|kind| *kind != "null").collect();
        types.sort_unstable();
        let inner = match types[..] {
            ["array"] => "an array",
            ["object"] => "an object",
            ["array", "object"] => "an array or an object",
            _ => return,
        };
        let message = format!(
            "is {inner} in {outer}, which OpenAPI's style {:?} can't write: a request with it is refused",
            style_name(style)
        );
        let help = "describe it as the API reads it: as a parameter of its own, or by `content`";
        self.note(place, message, help);
    }

    /// The headers at `place`, an object of them, but for the type of a body.
    pub(super) fn headers(&mut self, place: &str) -> Vec<Parameter> {
        let named = self.at(place).as_object().into_iter().flatten();
        let names: Vec<String> = named.map(|(name, _)| name.clone()).collect();
        let names = names.into_iter();
        names
            .filter(|name| !name.eq_ignore_ascii_case("content-type"))
            .filter_map(|name| {
                let place = resolve_refs(&self.json, &place.child(&name))?;
                Some(self.parameter(&place, Location::Header, name))
            })
            .collect()
    }

    /// The parameter that is described at `place`.
    fn parameter(&mut self, place: &str, location: Location, name: String) -> Parameter {
        let parameter = self.at(place);
        let required = location == Location::Path || parameter["required"] == true;
        let description = text(parameter, "description");
        let is_deprecated = is_deprecated(parameter);
        let content = parameter["content"].as_object();
        let media = content.and_then(|content| content.keys().next()).cloned();
        let medias = content.map_or(0, serde_json::Map::len);
        let has_schema = parameter.get("schema").is_some();
        match (medias, has_schema) {
            (0, false) => {
                let message = "has neither schema nor content: it is sent as any text";
                self.note(place, message, DESCRIBE);
            }
            (1.., true) => {
                let message = "is skipped beside `content`";
                self.note(&place.child("schema"), message, DESCRIBE);
            }
            _ => {}
        }
        if medias > 0 {
            for member in ["style", "explode", "allowReserved"] {
                if self.at(&place.child(member)) != &Value::Null {
                    let message = "is skipped beside `content`";
                    self.note(&place.child(member), message, DESCRIBE);
                }
            }
        }
        if medias > 1 {
            let message = "has several media types, of which the first is used";
            self.note(&place.child("content"), message, DESCRIBE);
        }
        let (schema, serialization) = match media {
            Some(media) => {
                let place = self.media_type(place.child("content").child(&media));
                (
                    place.child("schema"),
                    self.content_style(&place, location, &media),
                )
            }
            None => (place.child("schema"), self.style(place, location)),
        };
        let unspecified = match serialization.style {
            Style::Json => Value::Bool(true),
            _ => json!({"type": "string"}),
        };
        self.insert_missing_schema(&schema, unspecified);
        Parameter {
            location,
            name,
            required,
            serialization,
            description,
            is_deprecated,
            schema,
        }
    }

    /// How a value of this media type is written.
    fn content_style(&mut self, place: &str, location: Location, media: &str) -> Serialization {
        match Kind::from_media_type(media) {
            Kind::Json => Style::Json.joined(),
            Kind::Text(_) if self.is_plain(&place.child("schema")) => content_text(location),
            _ => {
                let message =
                    format!("is not supported in a parameter: {media} is written as plain text");
                self.note(place, message, CORRECT);
                content_text(location)
            }
        }
    }

    /// Whether the schema at `place` is not of arrays or objects.
    fn is_plain(&self, place: &str) -> bool {
        let types = self.types(place);
        !types.iter().any(|kind| matches!(*kind, "array" | "object"))
    }

    /// Notes that what the schema at `schema` allows may be none that the style at `place` can
    /// write.
    pub(super) fn note_deep(&mut self, place: &str, schema: &str, style: Style) {
        let types = self.types(schema);
        let are_objects = types.iter().all(|kind| matches!(*kind, "object" | "null"));
        if style == Style::DeepObject && !are_objects {
            let message = "is defined for objects alone: check how the API writes other values";
            self.note(&place.child("style"), message, CORRECT);
        }
    }

    /// How the parameter, header or field at `place` is written, as far as it says so.
    pub(super) fn style(&mut self, place: &str, location: Location) -> Serialization {
        let described = self.at(place);
        let by_default = location.default_serialization();
        let explode = described["explode"].as_bool();
        let allow_reserved = described["allowReserved"] == true;
        let written = described["style"].as_str().map(str::to_owned);
        let style = match written.as_deref() {
            None => by_default.style,
            Some(written) => style(written, location).unwrap_or_else(|| {
                let message = format!(
                    "{written:?} is not a style of a {}: its default is used",
                    location.name()
                );
                self.note(&place.child("style"), message, CORRECT);
                by_default.style
            }),
        };
        let is_older = OpenApiVersion::of(&self.json) < Some(OpenApiVersion::V3_2);
        if is_older && written.as_deref() == Some("cookie") && location == Location::Cookie {
            let since = OpenApiVersion::V3_2;
            let message = format!("\"cookie\" came with {since}; it is read as there");
            let help = format!("write the document in {since}, or leave it out");
            self.note(&place.child("style"), message, &help);
        }
        if explode == Some(true) && matches!(style, Style::SpaceDelimited | Style::PipeDelimited) {
            let message = "is not defined for this style: each item is written with the name";
            self.note(&place.child("explode"), message, CORRECT);
        }
        self.note_deep(place, &place.child("schema"), style);
        let is_ignored = match location {
            Location::Path | Location::Query => false,
            Location::Header => true,
            Location::Cookie => is_older || style == Style::Cookie,
        };
        if allow_reserved && is_ignored {
            let message = format!("says nothing in a {}", location.name());
            self.note(&place.child("allowReserved"), message, CORRECT);
        }
        // Before 3.2 it was left to implementations what a cookie has encoded: what no cookie
        // can hold otherwise.
        let is_lenient = is_older && location == Location::Cookie && style == Style::Form;
        Serialization {
            style,
            explode: explode.unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved: is_lenient || (allow_reserved && !is_ignored),
        }
    }
}

/// How a text is written that `content` describes: in a cookie as it is.
fn content_text(location: Location) -> Serialization {
    match location {
        Location::Cookie => Style::Cookie.joined(),
        _ => location.default_serialization(),
    }
}

/// What documents call a style.
fn style_name(style: Style) -> &'static str {
    match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Simple => "simple",
        Style::Form => "form",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::DeepObject => "deepObject",
        Style::Cookie => "cookie",
        Style::Json => "json",
    }
}

/// The style of this name, if `location` has it.
fn style(name: &str, location: Location) -> Option<Style> {
    Some(match (name, location) {
        ("matrix", Location::Path) => Style::Matrix,
        ("label", Location::Path) => Style::Label,
        ("simple", Location::Path | Location::Header) => Style::Simple,
        ("form", Location::Query | Location::Cookie) => Style::Form,
        ("cookie", Location::Cookie) => Style::Cookie,
        ("spaceDelimited", Location::Query) => Style::SpaceDelimited,
        ("pipeDelimited", Location::Query) => Style::PipeDelimited,
        ("deepObject", Location::Query) => Style::DeepObject,
        _ => return None,
    })
}
