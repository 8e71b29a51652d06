//! The body of a request.

use serde_json::Value;

use super::reader::Reader;
use crate::api::{Body, Content, FormKind, MediaType, PartValue};
use crate::forms::files::is_file;
use crate::forms::media::{Kind, by_preference};
use crate::forms::path_item::resolve_refs;
use crate::media_type;
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
                !are_other_json(&other.name, &name)
                    && self.are_of_one_type((&other_place, &other.content), (&place, &content))
            });
            let is_used = same.is_none();
            if let Some(same) = same.map(|same| same.name.clone()) {
                // What does not hold of a body that is never sent, nobody needs to know.
                self.take_back(noted);
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
            && (verb != "sent" || !is_specific(media))
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
        let kind = self.kind(media, &schema);
        if let (Kind::Text(_), Some(charset)) = (&kind, media_type::charset(media))
            && !["utf-8", "utf8", "us-ascii"].contains(&charset.as_str())
        {
            let message = format!("is sent in UTF-8, not in {charset}");
            self.note(
                place,
                message,
                "correct the document, if the API takes UTF-8",
            );
        }
        Some(match kind {
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
    /// What a body of this media type is, by its schema where any media type will do.
    pub(super) fn kind(&self, media: &str, schema: &str) -> Kind {
        let plain = media_type::plain(media);
        let is_any = matches!(plain.as_str(), "*/*" | "application/*");
        let schema = resolve_refs(&self.json, schema).filter(|_| is_any);
        match schema.is_some_and(|place| is_file(self.at(&place))) {
            true => Kind::Binary(plain),
            false => Kind::from_media_type(media),
        }
    }
}

/// Whether a media type is a kind of JSON of its own, such as `application/merge-patch+json` or
/// `application/json; version=2`.
fn is_specific(media: &str) -> bool {
    let (plain, sent) = (media_type::plain(media), media_type::sent(media));
    let is_json = Kind::from_media_type(media) == Kind::Json;
    is_json && !plain.contains('*') && (plain.ends_with("+json") || sent != plain)
}

/// Whether a body in these media types means something else in each, though both are JSON.
fn are_other_json(one: &str, other: &str) -> bool {
    is_specific(one) && is_specific(other) && media_type::sent(one) != media_type::sent(other)
}
