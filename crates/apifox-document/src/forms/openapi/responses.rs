//! The responses of an operation.

use serde_json::Value;

use super::reader::Reader;
use crate::api::{MediaType, Reply, Response, Sequence};
use crate::forms::media::{Kind, by_preference};
use crate::forms::parameters::text;
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;

const CORRECT: &str = "correct the document";

/// How a reply becomes a stream of events.
const EVENTS_HELP: &str =
    "describe the JSON of one event as itemSchema or schema, by a correction, to have a stream";

impl Reader<'_> {
    /// The responses at `place`, in the order of the document.
    pub(super) fn responses(&mut self, place: &str) -> Vec<Response> {
        let described = self.at(place).as_object().into_iter().flatten();
        let described: Vec<_> = described
            .map(|(code, response)| (code.clone(), name(response)))
            .collect();
        let mut responses = Vec::new();
        for (code, name) in described {
            let own = place.child(&code);
            let Some((status, is_range)) = status(&code) else {
                continue;
            };
            let Some(resolved) = resolve_refs(&self.json, &own) else {
                continue;
            };
            responses.push(Response {
                status,
                is_range,
                name,
                contents: self.replies(&resolved.child("content")),
                headers: self.headers(&resolved.child("headers")),
                pointer: own,
            });
        }
        responses
    }

    /// What the body of a reply may come as, the preferred first.
    fn replies(&mut self, place: &str) -> Vec<MediaType<Reply>> {
        let names = self.at(place).as_object().map(by_preference);
        let mut replies: Vec<MediaType<Reply>> = Vec::new();
        for name in names.unwrap_or_default() {
            let noted = self.unsupported.len();
            let described = self.media_type(place.child(&name));
            let Some(content) = self.reply(&described, &name) else {
                continue;
            };
            let used = replies.first().map(|used| used.name.clone());
            // What comes as events is read where a caller asks for a stream.
            let is_events = |content: &Reply| matches!(content, Reply::Events { .. });
            let is_stream =
                is_events(&content) && !replies.iter().any(|known| is_events(&known.content));
            if let (Some(used), false) = (&used, is_stream) {
                self.take_back(noted);
                match matches!(Kind::from_media_type(&name), Kind::Events(_)) {
                    true if !replies.iter().any(|known| is_events(&known.content)) => {
                        let message = format!(
                            "is skipped: no schema says what an event is, and the body is read \
                             as {used}"
                        );
                        self.note(&place.child(&name), message, EVENTS_HELP);
                    }
                    _ => self.note_other_media(place, &name, used, "read"),
                }
            }
            replies.push(MediaType {
                name,
                is_used: used.is_none(),
                content,
            });
        }
        replies
    }

    fn reply(&mut self, place: &str, media: &str) -> Option<Reply> {
        let schema = place.child("schema");
        let there = self.at(&schema);
        let is_schema = there.is_object() || there.is_boolean();
        Some(match self.kind(media, &schema) {
            Kind::Nothing => return None,
            Kind::Json => Reply::Json(is_schema.then_some(schema)),
            Kind::Form | Kind::Multipart(_) => {
                if is_schema {
                    let message = format!("is not checked: replies in {media} are taken as bytes");
                    self.note(&schema, message, CORRECT);
                }
                Reply::Binary(media.to_owned())
            }
            Kind::Events(media) => match self.sequence(place) {
                Some(Sequence::Each(schema)) => Reply::Events { media, schema },
                // Of the array of all values, its items come one by one.
                Some(Sequence::All(schema)) => {
                    let items = schema.child("items");
                    self.insert_missing_schema(&items, Value::Bool(true));
                    Reply::Events {
                        media,
                        schema: items,
                    }
                }
                None => self.text(&schema, media),
            },
            Kind::Text(media) => self.text(&schema, media),
            Kind::Binary(media) => Reply::Binary(media),
        })
    }

    fn text(&mut self, schema: &str, media: String) -> Reply {
        Reply::Text {
            schema: self.text_schema(schema, &media),
            media,
        }
    }
}

fn name(response: &Value) -> Option<String> {
    text(response, "description").or_else(|| text(response, "x-apifox-name"))
}

/// The status of a response's key: `200`, `2XX`, `x-200:name`, `default`; and whether it is a
/// range of them.
fn status(code: &str) -> Option<(u16, bool)> {
    if code == "default" {
        return Some((0, false));
    }
    let digits = match code.strip_prefix("x-") {
        Some(rest) => rest.split(':').next().unwrap_or_default(),
        None => code,
    };
    let digits = digits.trim().to_ascii_uppercase();
    let is_range = digits.ends_with("XX");
    let status: u16 = digits.replace("XX", "00").parse().ok()?;
    (100..=599).contains(&status).then_some((status, is_range))
}
