//! The body of a request, and the fields of a form.

use serde_json::{Value, json};

use super::reader::Reader;
use crate::api::{Body, Content, FormKind, MediaType, Part, PartValue};
use crate::forms::media::{Kind, by_preference};
use crate::forms::parameters::text;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

impl Reader<'_> {
    /// The body at `place`; `None` where there is none.
    pub(super) fn body(&mut self, place: &str) -> Option<Body> {
        let place = resolve_refs(&self.json, place)?;
        let body = self.json.value_at(&place)?;
        let required = body["required"] == true;
        let content = body["content"].as_object();
        let names = content.map(by_preference).unwrap_or_default();
        if names.is_empty() && body.is_object() {
            let message = "describes no content: no body is sent";
            self.note(&place, message, "describe its content, or remove it");
        }
        let list = place.child("content");
        let mut contents: Vec<MediaType<Content>> = Vec::new();
        for name in names {
            let noted = self.unsupported.len();
            let place = self.media_type(list.child(&name));
            let Some(content) = self.content(&place, &name) else {
                continue;
            };
            let used: Vec<&MediaType<Content>> =
                contents.iter().filter(|other| other.is_used).collect();
            let same = used.iter().find(|other| {
                let other_place = self.media_type(list.child(&other.name));
                self.are_of_one_type((&other_place, &other.content), (&place, &content))
            });
            let is_used = same.is_none();
            if let Some(same) = same.map(|same| same.name.clone()) {
                // What does not hold of a body that is never sent, nobody needs to know.
                self.unsupported.truncate(noted);
                self.note_other_media(&list, &name, &same, "sent");
            }
            contents.push(MediaType {
                name,
                is_used,
                content,
            });
        }
        (!contents.is_empty()).then_some(Body { required, contents })
    }

    /// Whether two contents, each with its place, have values of one type.
    fn are_of_one_type(&self, one: (&str, &Content), other: (&str, &Content)) -> bool {
        let schema = |place: &str| self.at(&place.child("schema"));
        let is_file = |content: &Content| match content {
            Content::Binary(_) => true,
            Content::Fields { fields, .. } => fields
                .iter()
                .any(|field| !matches!(field.value, PartValue::Schema(_))),
            _ => false,
        };
        let is_undescribed =
            |content: &Content| matches!(content, Content::Text { schema: None, .. });
        if is_file(one.1) || is_file(other.1) || schema(one.0) != schema(other.0) {
            return false;
        }
        !schema(one.0).is_null() || is_undescribed(one.1) == is_undescribed(other.1)
    }

    /// Notes that a body is not sent or read as `media`, but as `used`.
    pub(super) fn note_other_media(&mut self, list: &str, media: &str, used: &str, verb: &str) {
        let schema = |media: &str| self.media_type(list.child(media)).child("schema");
        let is_same = Kind::from_media_type(media) == Kind::from_media_type(used)
            && self.at(&schema(media)) == self.at(&schema(used));
        if !is_same {
            let message = format!("is skipped: the body is {verb} as {used}");
            let help = format!("remove {used} by a correction to use it instead");
            self.note(&list.child(media), message, &help);
        }
    }

    /// What a body is that is described at `place`, as this media type.
    fn content(&mut self, place: &str, media: &str) -> Option<Content> {
        let schema = place.child("schema");
        Some(match Kind::from_media_type(media) {
            Kind::Nothing => return None,
            Kind::Multipart(kind) => self.form(place, kind),
            Kind::Form => self.form(place, FormKind::UrlEncoded),
            Kind::Json => {
                self.insert_missing_schema(&schema, Value::Bool(true));
                Content::Json(schema)
            }
            Kind::Events(media) => match self.sequence(place) {
                Some(values) => Content::Sequence { media, values },
                None => Content::Text {
                    schema: self.text_schema(&schema, &media),
                    media,
                },
            },
            Kind::Text(media) => Content::Text {
                schema: self.text_schema(&schema, &media),
                media,
            },
            Kind::Binary(kind) => Content::Binary(kind),
        })
    }

    /// The form at `place`, by its fields where its schema is a plain object.
    fn form(&mut self, place: &str, kind: FormKind) -> Content {
        let schema = place.child("schema");
        self.insert_missing_schema(&schema, json!({"type": "object"}));
        let encoding = self.encodings(place, &kind);
        let object = resolve_refs(&self.json, &schema).unwrap_or_else(|| schema.clone());
        let is_plain = |name: &String| {
            matches!(
                name.as_str(),
                "type"
                    | "properties"
                    | "required"
                    | "title"
                    | "description"
                    | "example"
                    | "examples"
            ) || name.starts_with("x-")
        };
        let described = self.at(&object);
        let members = described
            .as_object()
            .filter(|members| members.keys().all(is_plain));
        let properties = members.and_then(|members| members.get("properties")?.as_object());
        let Some(properties) = properties else {
            return Content::Form {
                kind,
                schema,
                encoding,
            };
        };
        let required = described["required"].as_array();
        let is_required =
            |name: &String| required.is_some_and(|names| names.iter().any(|one| one == name));
        let part = |(name, property): (&String, &Value)| Part {
            name: name.clone(),
            required: is_required(name),
            description: text(property, "description"),
            value: part_value(&self.json, &object.child("properties").child(name)),
        };
        Content::Fields {
            fields: properties.iter().map(part).collect(),
            kind,
            encoding,
        }
    }
}

fn part_value(json: &Value, place: &str) -> PartValue {
    let resolved = resolve_refs(json, place).unwrap_or_else(|| place.to_owned());
    let schema = json.value_at(&resolved).unwrap_or(&Value::Null);
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
