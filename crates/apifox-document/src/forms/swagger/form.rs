//! Forms, of the parameters that are their fields.

use serde_json::{Map, Value, json};

use super::Translation;
use super::media::Media;
use super::parameter::BodyParameter;
use crate::forms::media::Kind;
use crate::pointer::JsonPointerExt as _;

impl Translation<'_> {
    /// Gives the operation at `place` a form of these fields.
    pub(super) fn form(&mut self, place: &str, fields: Vec<BodyParameter>, consumes: &[Media]) {
        let media = self.form_media(place, &fields, consumes);
        let place = place.child("requestBody");
        let first = fields.first().map(|field| field.original.clone());
        for media in &media {
            self.set_field_origins(&place.child("content").child(&media.name), &fields);
        }
        let required = fields.iter().filter(|field| field.required);
        let required: Vec<Value> = required.map(|field| field.name.as_str().into()).collect();
        let is_required = !required.is_empty();
        let (mut properties, mut encoding) = (Map::new(), Map::new());
        for field in fields {
            if let Some(style) = field.encoding {
                encoding.insert(field.name.clone(), style);
            }
            let mut schema = field.schema;
            if !field.description.is_null() && schema.get("$ref").is_none() && schema.is_object() {
                schema["description"] = field.description;
            }
            properties.insert(field.name, schema);
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if is_required {
            schema["required"] = required.into();
        }
        let mut content = self.content(&place, schema, None, &media);
        for media in content.values_mut().filter(|_| !encoding.is_empty()) {
            media["encoding"] = encoding.clone().into();
        }
        let first = first.unwrap_or_default();
        self.set_body(&place, &first, is_required, Value::Null, content);
    }

    /// The media types of a form of these fields. Only multipart holds files.
    fn form_media(
        &mut self,
        place: &str,
        fields: &[BodyParameter],
        consumes: &[Media],
    ) -> Vec<Media> {
        let has_file = fields.iter().any(|field| field.is_file);
        let is_form = |media: &&Media| {
            let kind = Kind::from_media_type(&media.name);
            matches!(kind, Kind::Multipart(_)) || kind == Kind::Form && !has_file
        };
        let media: Vec<Media> = consumes.iter().filter(is_form).cloned().collect();
        if !media.is_empty() {
            return media;
        }
        let original = self.original(place);
        if !has_file {
            return Media::usual("application/x-www-form-urlencoded", &original);
        }
        if !consumes.is_empty() {
            let message = "has a file, so it is sent as multipart/form-data";
            self.note(&original, Some("consumes"), message);
        }
        Media::usual("multipart/form-data", &original)
    }

    /// Says where the fields of the form at `content` were.
    fn set_field_origins(&mut self, content: &str, fields: &[BodyParameter]) {
        let properties = content.child("schema").child("properties");
        let encoding = content.child("encoding");
        for field in fields {
            self.set_origin(
                &properties.child(&field.name),
                field.original_schema.as_str(),
            );
            self.set_origin(&encoding.child(&field.name), field.original.as_str());
        }
    }
}
