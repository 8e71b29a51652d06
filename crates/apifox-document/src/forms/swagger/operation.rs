//! Operations, and their bodies.

use serde_json::{Map, Value, json};

use super::media::Media;
use super::parameter::BodyParameter;
use super::{Translation, remove_replaced, strings};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// How many media types a body may have; each has a schema of its own.
const MOST_MEDIA: usize = 16;

impl Translation<'_> {
    /// Translates the operation at `place`. Parameters of the body that its path has are
    /// `shared`, unless it has its own.
    pub(super) fn operation(&mut self, place: &str, shared: &[BodyParameter]) {
        let own = self.parameters(&place.child("parameters"));
        let is_overridden = |shared: &&BodyParameter| {
            let mut own = own.iter();
            own.any(|own| own.is_field == shared.is_field && own.name == shared.name)
        };
        let mut all = shared.to_vec();
        all.retain(|shared| !is_overridden(&shared));
        all.extend(own);
        let consumes = self.media(&place.child("consumes"));
        let consumes = consumes.unwrap_or_else(|| self.consumes.clone());
        let produces = self.media(&place.child("produces"));
        let produces = produces.unwrap_or_else(|| self.produces.clone());
        let (fields, bodies): (Vec<_>, Vec<_>) = all.into_iter().partition(|body| body.is_field);
        for surplus in bodies.iter().skip(usize::from(fields.is_empty())) {
            let message = "is skipped: an operation has one body";
            self.note(&surplus.original, None, message);
        }
        if !fields.is_empty() {
            self.form(place, fields, &consumes);
        } else if let Some(body) = bodies.into_iter().next() {
            self.body(place, body, consumes);
        }
        for code in self.names(&place.child("responses")) {
            self.response(&place.child("responses").child(code), &produces);
        }
        let schemes = self.json.value_at(&place.child("schemes"));
        let servers = schemes
            .map(|schemes| self.servers(schemes))
            .unwrap_or_default();
        let original = self.original(place);
        self.set_origin(&place.child("servers"), original.child("schemes"));
        if let Some(operation) = self.json.pointer_mut(place) {
            remove_replaced(operation);
            if !servers.is_empty() {
                operation["servers"] = servers.into();
            }
        }
    }

    /// The media types in the list at `place`; `None` where there is no list.
    pub(super) fn media(&mut self, place: &str) -> Option<Vec<Media>> {
        let mut list = strings(self.json.value_at(place)?);
        let original = self.original(place);
        for surplus in list.split_off(list.len().min(MOST_MEDIA)) {
            let message = format!("{surplus:?} is skipped: there are more than {MOST_MEDIA}");
            let (around, name) = original.rsplit_once('/').unwrap_or_default();
            self.note(around, Some(name), &message);
        }
        let media = list.into_iter().enumerate().map(|(index, name)| Media {
            name,
            original: original.child(index),
        });
        Some(media.collect())
    }

    fn body(&mut self, place: &str, body: BodyParameter, consumes: Vec<Media>) {
        let media = match consumes.is_empty() {
            true => Media::usual("application/json", &body.original),
            false => consumes,
        };
        let place = place.child("requestBody");
        let content = self.content(&place, body.schema, Some(&body.original_schema), &media);
        self.set_body(
            &place,
            &body.original,
            body.required,
            body.description,
            content,
        );
    }

    pub(super) fn set_body(
        &mut self,
        place: &str,
        parameter: &str,
        required: bool,
        description: Value,
        content: Map<String, Value>,
    ) {
        self.set_origin(place, parameter);
        let mut body = json!({"required": required, "content": content});
        if !description.is_null() {
            body["description"] = description;
        }
        if let Some((operation, _)) = place.rsplit_once('/')
            && let Some(operation) = self.json.pointer_mut(operation)
        {
            operation["requestBody"] = body;
        }
    }

    /// The content of the body or the response at `place`: `schema`, which was at `origin`,
    /// as each of these media types.
    pub(super) fn content(
        &mut self,
        place: &str,
        schema: Value,
        origin: Option<&str>,
        media: &[Media],
    ) -> Map<String, Value> {
        let mut content = Map::new();
        for media in media {
            let place = place.child("content").child(&media.name);
            self.set_origin(&place, media.original.as_str());
            if let Some(origin) = origin {
                self.set_origin(&place.child("schema"), origin);
            }
            content.insert(media.name.clone(), json!({"schema": schema}));
        }
        content
    }
}
