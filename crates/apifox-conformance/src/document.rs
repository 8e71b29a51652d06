//! What a corrected document says of an operation's bodies, as JSON Schema.

use apifox_document::api::{Api, Body, Content, Endpoint, MediaType, Parameter};
use apifox_document::pointer::encoded;
use apifox_document::schema::reachable::standing_alone;
use apifox_document::{Document, forms, media_type};
use apifox_runtime::{Location, Media, Operation};
use serde_json::{Map, Value, json};

/// A document, read.
pub(crate) struct Described {
    /// The document as it is written, corrected.
    pub json: Value,
    api: Api,
}

/// The schema of a body, and where it stands.
pub(crate) struct BodySchema {
    /// It refers to what the document has: see [`Described::standing_alone`].
    pub schema: Value,
    /// The place of the schema of the JSON in it; `None` where that is within a larger value.
    pub place: Option<String>,
}

impl Described {
    /// Reads the text of a corrected document.
    ///
    /// # Errors
    ///
    /// That it is not a document; it was one when types were generated.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let document = Document::from_json(&format!("{name}.json"), json.clone());
        let api = forms::read(&document, false).map_err(|problems| problems.to_string())?;
        Ok(Self { json, api })
    }

    /// The operation that is described at `pointer`.
    pub fn endpoint(&self, pointer: &str) -> Option<&Endpoint> {
        let mut operations = self.api.operations.iter();
        operations.find(|endpoint| endpoint.pointer == pointer)
    }

    /// The schema of an operation's requests; `None` where they hold what is not JSON.
    pub fn request(&self, operation: &Operation) -> Option<BodySchema> {
        let endpoint = self.endpoint(operation.pointer)?;
        let body = match operation.body {
            None => None,
            Some(Media::Json) => Some(json_sent(endpoint.body.as_ref()?, operation)?),
            _ => return None,
        };
        let Some(parameters) = operation.parameters else {
            return Some(self.schema(body?));
        };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for location in Location::ALL {
            let is_sent = |parameter: &&Parameter| {
                let mut sent = parameters.iter();
                parameter.location == location
                    && sent.any(|sent| sent.location == location && sent.name == parameter.name)
            };
            let here: Vec<&Parameter> = endpoint.parameters.iter().filter(is_sent).collect();
            if here.is_empty() {
                continue;
            }
            if here.iter().any(|parameter| parameter.required) {
                required.push(location.name());
            }
            properties.insert(location.name().to_owned(), self.object(&here));
        }
        if let (Some(schema), Some(described)) = (body, &endpoint.body) {
            properties.insert("body".into(), self.embedded(schema, properties.len()));
            if described.required {
                required.push("body");
            }
        }
        Some(BodySchema {
            schema: closed(&properties.into(), &json!(required)),
            place: None,
        })
    }

    /// The schema of the reply that is described at `pointer`.
    pub fn reply(&self, operation: &Operation, pointer: &str) -> Option<BodySchema> {
        let mut replies = self.endpoint(operation.pointer)?.responses.iter();
        let reply = replies.find(|reply| reply.pointer == pointer)?;
        Some(self.schema(reply.content().schema()?))
    }

    /// The schema of a document without operations: the body of an API's errors.
    pub fn error(&self) -> Option<BodySchema> {
        self.api.json.pointer("/jsonSchema")?;
        Some(self.schema("/jsonSchema"))
    }

    fn schema(&self, place: &str) -> BodySchema {
        let schema = match self.api.is_shared {
            true => json!({"$ref": format!("#{}", encoded(place))}),
            false => self.at(place),
        };
        BodySchema {
            schema,
            place: Some(place.to_owned()),
        }
    }

    fn at(&self, place: &str) -> Value {
        self.api
            .json
            .pointer(place)
            .cloned()
            .unwrap_or(Value::Bool(true))
    }

    fn object(&self, parameters: &[&Parameter]) -> Value {
        let mut properties = Map::new();
        for (at, parameter) in parameters.iter().enumerate() {
            let schema = self.embedded(&parameter.schema, at);
            properties.insert(parameter.name.clone(), schema);
        }
        let required = parameters.iter().filter(|parameter| parameter.required);
        let required: Vec<&str> = required.map(|parameter| parameter.name.as_str()).collect();
        closed(&properties.into(), &json!(required))
    }

    /// A schema within another one: references in it still start from where they did.
    fn embedded(&self, place: &str, number: usize) -> Value {
        if self.api.is_shared {
            return json!({"$ref": format!("#{}", encoded(place))});
        }
        let mut schema = self.at(place);
        if let Some(keywords) = schema.as_object_mut() {
            let id = format!("urn:body:{number}:{}", encoded(place));
            keywords.entry("$id").or_insert(id.into());
        }
        schema
    }

    /// The schema of a body for a validator: with what it refers to, so that references in it
    /// start from its root.
    pub fn standing_alone(&self, schema: &Value) -> Value {
        match self.api.is_shared {
            true => standing_alone(&self.api.json, schema),
            false => schema.clone(),
        }
    }
}

/// The schema of the JSON that an operation sends: one that has a choice of media types is several
/// operations, and one of a JSON of its own sends its name.
fn json_sent<'b>(body: &'b Body, operation: &Operation) -> Option<&'b String> {
    let mut headers = operation.headers.iter();
    let named = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_sent = |media: &MediaType<Content>| {
        let sent = media_type::sent(&media.name);
        match named {
            Some((_, own)) => sent == *own,
            None => sent == "application/json" || !sent.contains('/') || sent.contains('*'),
        }
    };
    let mut sent = body
        .contents
        .iter()
        .filter(|media| media.is_used && is_sent(media));
    sent.find_map(|media| match &media.content {
        Content::Json(schema) => Some(schema),
        _ => None,
    })
}

fn closed(properties: &Value, required: &Value) -> Value {
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use apifox_runtime::{Media, Operation};
    use serde_json::json;

    use super::Described;

    #[test]
    fn an_operation_is_of_the_media_type_that_it_sends() {
        let content = json!({
            "application/json": {"schema": {"type": "object"}},
            "application/json-patch+json": {"schema": {"type": "array"}},
        });
        let document = json!({"openapi": "3.1.0", "info": {"title": "a", "version": "1"},
            "paths": {"/a": {"patch": {"requestBody": {"content": content}, "responses": {}}}}});
        let described = Described::read("a", &document.to_string()).expect("a document");
        let place = |operation: &Operation| described.request(operation)?.place;
        let plain = Operation {
            body: Some(Media::Json),
            pointer: "/paths/~1a/patch",
            ..Operation::ANY
        };
        let named = Operation {
            headers: &[("Content-Type", "application/json-patch+json")],
            ..plain
        };
        let within = "/paths/~1a/patch/requestBody/content";
        for (operation, name) in [
            (plain, "application~1json"),
            (named, "application~1json-patch+json"),
        ] {
            assert_eq!(
                place(&operation),
                Some(format!("{within}/{name}/schema")),
                "{name}"
            );
        }
        let unknown = Operation {
            headers: &[("Content-Type", "application/merge-patch+json")],
            ..plain
        };
        assert_eq!(place(&unknown), None);
    }
}
