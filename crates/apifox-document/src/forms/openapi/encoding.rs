//! How the fields of a form are written.

use apifox_runtime::Location;

use super::operation::plain;
use super::reader::Reader;
use crate::api::{FieldEncoding, FormKind};
use crate::forms::dialect::SchemaVersion;
use crate::forms::media::media_list;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use crate::schema::only_value;

const CORRECT: &str = "correct the document, if the API means something else";

impl Reader<'_> {
    /// What the media type at `place`, a form, says of its fields.
    pub(super) fn encodings(&mut self, place: &str, kind: &FormKind) -> Vec<FieldEncoding> {
        let list = place.child("encoding");
        let form = resolve_refs(&self.json, &place.child("schema"));
        let named = self.at(&list).as_object().into_iter().flatten();
        let names: Vec<String> = named.map(|(name, _)| name.clone()).collect();
        let encodings = names.into_iter().filter_map(|name| {
            let place = list.child(&name);
            let form = form.as_deref();
            self.is_field(&place, form, &name)
                .then(|| self.encoding(&place, form, name, kind))
        });
        encodings.collect()
    }

    /// Whether a form with the schema at `form` has the field `name`, as far as that tells, which
    /// has its encoding at `place`.
    fn is_field(&mut self, place: &str, form: Option<&str>, name: &str) -> bool {
        let schema = form.and_then(|form| self.json.value_at(form));
        let properties = schema.and_then(|schema| schema["properties"].as_object());
        let is_open = schema.is_none_or(|schema| {
            [
                "allOf",
                "anyOf",
                "oneOf",
                "patternProperties",
                "additionalProperties",
            ]
            .iter()
            .any(|keyword| schema.get(keyword).is_some())
        });
        let is_known = is_open || properties.is_none_or(|known| known.contains_key(name));
        if !is_known {
            self.note(place, "is ignored: the form has no such field", CORRECT);
        }
        is_known
    }

    fn encoding(
        &mut self,
        place: &str,
        form: Option<&str>,
        name: String,
        kind: &FormKind,
    ) -> FieldEncoding {
        let styles = self.styles(place, kind);
        let is_styled = !styles.is_empty();
        let described = self.at(place);
        let media = described["contentType"].as_str().unwrap_or_default();
        let mut media: Vec<String> = media_list(media)
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        if is_styled && !media.is_empty() {
            let message = "is ignored, as OpenAPI says, beside a style";
            self.note(&place.child("contentType"), message, CORRECT);
            media.clear();
        }
        let headers = match kind {
            FormKind::UrlEncoded => Vec::new(),
            FormKind::FormData | FormKind::Multipart(_) => {
                self.part_headers(&place.child("headers"))
            }
        };
        let serialization = is_styled.then(|| self.style(place, Location::Query));
        if let (Some(written), Some(form)) = (serialization, form) {
            let field = form.child("properties").child(&name);
            self.note_deep(place, &field, written.style);
            self.note_nested(&field, written.style);
        }
        FieldEncoding {
            serialization,
            name,
            media,
            headers,
        }
    }

    /// The members that say how the field at `place` is written as text. They do in forms of URLs,
    /// and in `multipart/form-data`, though not in OpenAPI 3.0.
    fn styles(&mut self, place: &str, kind: &FormKind) -> Vec<String> {
        let is_followed = match kind {
            FormKind::UrlEncoded => true,
            FormKind::FormData => self.version != SchemaVersion::OpenApi30,
            FormKind::Multipart(_) => false,
        };
        let described = self.at(place);
        let names = ["style", "explode", "allowReserved"];
        let names = names.map(|name| described.get(name).map(|_| place.child(name)));
        let stated: Vec<String> = names.into_iter().flatten().collect();
        if is_followed {
            return stated;
        }
        for place in stated {
            let message = "is ignored, as this version of OpenAPI says, in multipart";
            self.note(&place, message, CORRECT);
        }
        Vec::new()
    }

    /// The headers at `place` that have one value only; others are noted, since nobody could
    /// give them one.
    fn part_headers(&mut self, place: &str) -> Vec<(String, String)> {
        let mut constant = Vec::new();
        for header in self.headers(place) {
            let schema = resolve_refs(&self.json, &header.schema);
            let schema = schema.and_then(|schema| self.json.value_at(&schema));
            match schema.and_then(only_value).and_then(plain) {
                Some(value) => constant.push((header.name, value)),
                None => {
                    let message = "is not sent: a header of a part needs one fixed value";
                    self.note(
                        &place.child(&header.name),
                        message,
                        "give it a `const`, in a correction",
                    );
                }
            }
        }
        constant
    }
}
