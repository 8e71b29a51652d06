//! Responses.

use serde_json::{Map, Value, json};

use super::Translation;
use crate::forms::media::Kind;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, encoded};

/// The members of a header that are not those of its schema.
const OF_HEADER: [&str; 1] = ["description"];

impl Translation<'_> {
    /// Translates the response at `place`, or the one that it refers to, whose body has these
    /// media types.
    pub(super) fn response(&mut self, place: &str, produces: &[String]) {
        let Some(resolved) = resolve_refs(&self.json, place) else {
            return;
        };
        if self.seen.insert(resolved.clone()) {
            self.translate_response(&resolved, produces);
        } else if place != resolved {
            self.adapt_response(place, &resolved, produces);
        }
    }

    fn translate_response(&mut self, place: &str, produces: &[String]) {
        let Some(Value::Object(members)) = self.json.pointer_mut(place) else {
            return;
        };
        let schema = members.shift_remove("schema");
        let examples = members.shift_remove("examples");
        if let Some(mut schema) = schema {
            let media = reply_media(&mut schema, produces);
            let original = self.original(place);
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
            self.note(&self.original(place), "collectionFormat", message);
        }
        let original = self.original(place);
        self.set_origin(&place.child("schema"), original);
    }

    /// Gives a response that refers to a translated one the media types of its operation, if
    /// they are others.
    fn adapt_response(&mut self, place: &str, shared: &str, produces: &[String]) {
        let response = self.json.pointer(shared).cloned().unwrap_or_default();
        let Some(content) = response["content"].as_object() else {
            return;
        };
        let Some((first, media)) = content.iter().next() else {
            return;
        };
        let mut schema = media["schema"].clone();
        let wanted = reply_media(&mut schema, produces);
        if content.keys().eq(wanted.iter()) {
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

/// The media types of a reply with this schema. A file is bytes, and never JSON.
fn reply_media(schema: &mut Value, produces: &[String]) -> Vec<String> {
    let mut media = produces.to_vec();
    let is_binary = schema["format"] == "binary" && schema["type"] == "string";
    if schema["type"] == "file" || is_binary {
        *schema = json!({"type": "string", "format": "binary"});
        media.retain(|media| Kind::from_media_type(media) != Kind::Json);
        if media.is_empty() {
            media.push("application/octet-stream".to_owned());
        }
    } else if media.is_empty() {
        media.push("application/json".to_owned());
    }
    media
}
