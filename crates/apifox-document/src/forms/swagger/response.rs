//! Responses.

use serde_json::{Map, Value, json};

use super::Translation;
use super::media::Media;
use crate::forms::media::Kind;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, encoded};

/// The members of a header that are not those of its schema.
const OF_HEADER: [&str; 1] = ["description"];

impl Translation<'_> {
    /// Translates the response at `place`, or the one that it refers to, whose body has these
    /// media types.
    pub(super) fn response(&mut self, place: &str, produces: &[Media]) {
        let Some(resolved) = resolve_refs(&self.json, place) else {
            return;
        };
        if self.seen.insert(resolved.clone()) {
            self.translate_response(&resolved, produces);
        } else if place != resolved {
            self.adapt_response(place, &resolved, produces);
        }
    }

    fn translate_response(&mut self, place: &str, produces: &[Media]) {
        let Some(Value::Object(members)) = self.json.pointer_mut(place) else {
            return;
        };
        let schema = members.shift_remove("schema");
        let examples = members.shift_remove("examples");
        if let Some(mut schema) = schema {
            let original = self.original(place);
            let is_file = schema["type"] == "file";
            if is_file {
                schema = json!({"type": "string", "format": "binary"});
            }
            let media = reply_media(is_file, produces, &original);
            let origin = original.child("schema");
            let mut content = self.content(place, schema, Some(&origin), &media);
            for (media, example) in examples.iter().filter_map(Value::as_object).flatten() {
                if let Some(content) = content.get_mut(media) {
                    content["example"] = example.clone();
                    let example = place.child("content").child(media).child("example");
                    self.set_origin(&example, original.child("examples").child(media));
                }
            }
            if let Some(response) = self.json.pointer_mut(place) {
                response["content"] = content.into();
            }
        }
        for name in self.names(&place.child("headers")) {
            self.header(&place.child("headers").child(name));
        }
    }

    fn header(&mut self, place: &str) {
        let Some(Value::Object(members)) = self.json.pointer_mut(place) else {
            return;
        };
        let is_own = |name: &str| OF_HEADER.contains(&name) || name.starts_with("x-");
        let all = std::mem::take(members);
        let (mut own, mut schema): (Map<_, _>, Map<_, _>) =
            all.into_iter().partition(|(name, _)| is_own(name));
        let format = schema.shift_remove("collectionFormat");
        own.insert("schema".into(), schema.into());
        *members = own;
        if format.is_some_and(|format| format != "csv") {
            let message = "is not supported here; it is read as \"csv\"";
            self.note(&self.original(place), Some("collectionFormat"), message);
        }
        let original = self.original(place);
        self.set_origin(&place.child("schema"), original);
    }

    /// Gives a response that refers to a translated one the media types of its operation, if
    /// they are others.
    fn adapt_response(&mut self, place: &str, shared: &str, produces: &[Media]) {
        let response = self.json.value_at(shared).cloned().unwrap_or_default();
        let Some(content) = response["content"].as_object() else {
            return;
        };
        let Some((first, media)) = content.iter().next() else {
            return;
        };
        let is_json = |media: &String| Kind::from_media_type(media) == Kind::Json;
        let is_file = media["schema"]["format"] == "binary" && !content.keys().any(is_json);
        let wanted = reply_media(is_file, produces, &self.original(place));
        if content.keys().eq(wanted.iter().map(|media| &media.name)) {
            return;
        }
        let target = shared.child("content").child(first).child("schema");
        let target = json!({"$ref": format!("#{}", encoded(&target))});
        let content = self.content(place, target, None, &wanted);
        let mut adapted = response;
        adapted["content"] = content.into();
        if let Some(response) = self.json.pointer_mut(place) {
            *response = adapted;
        }
    }
}

/// The media types of the reply at `original`, which is never JSON if it is a file.
fn reply_media(is_file: bool, produces: &[Media], original: &str) -> Vec<Media> {
    let mut media = produces.to_vec();
    media.retain(|media| !is_file || Kind::from_media_type(&media.name) != Kind::Json);
    match (media.is_empty(), is_file) {
        (false, _) => media,
        (true, true) => Media::usual("application/octet-stream", original),
        (true, false) => Media::usual("application/json", original),
    }
}
