//! One operation in the form of an `api` of Apifox's project export, as a
//! published page holds it; or the body of an API's errors, which has none.

use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use serde_json::Value;

use super::dialect::{Dialect, Models, SchemaVersion};
use super::incoming;
use super::media::Kind;
use super::parameters::{self, origin, text};
use crate::api::{Api, Body, Content, Endpoint, FormKind, MediaType, Reply, Response, Sequence};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Document;
use crate::members::{ONE_ADDRESS, ONE_ADDRESS_HELP, spelling};

/// Reads a document of one operation.
///
/// # Errors
///
/// That it has no operation, or an incomplete one.
pub(super) fn read(document: &Document, is_strict: bool) -> Result<Api, Diagnostics> {
    let mut json = document.json.clone();
    let title = text(&json, "name");
    let description = text(&json, "description");
    let reader = Reader {
        file: &document.file,
    };
    let mut operations = if json.get("path").is_some() {
        vec![reader.endpoint(&mut json, "", &document.name)?]
    } else if json.get("jsonSchema").is_some() {
        Vec::new()
    } else {
        let message = "is neither an endpoint (with `path`) nor a response (with `jsonSchema`)";
        return Err(reader.diagnostic("", message).into());
    };
    let is_alone = operations.is_empty();
    let called = operations.extract_if(.., |_| incoming::is_webhook(&document.json));
    let mut called: Vec<Endpoint> = called.collect();
    for webhook in &mut called {
        incoming::make_webhook(webhook, &document.json, title.as_deref());
    }
    let described = operations.iter().chain(&called);
    let unresolved = unresolved(&json, described, &document.file);
    let callbacks = incoming::callbacks(document, &mut json, &operations);
    called.extend(callbacks.endpoints);
    let mut dialect = Dialect::new(
        &document.file,
        Models::Within,
        SchemaVersion::Apifox,
        is_strict,
    );
    let alone = "/jsonSchema".to_owned();
    let alone = is_alone.then_some(&alone);
    let mut all: Vec<_> = operations.iter_mut().chain(&mut called).collect();
    dialect.apply(&mut json, &mut all, alone.into_iter());
    let addresses = operations
        .iter()
        .filter_map(|operation| reader.other_address(&document.json, &operation.pointer));
    Ok(Api {
        json,
        title,
        description,
        unsupported: addresses.chain(callbacks.unsupported).collect(),
        operations,
        incoming: called,
        moves: dialect.moves,
        skipped: [unresolved, callbacks.skipped, dialect.skipped].concat(),
        ..Api::default()
    })
}

/// That responses refer to components, which a page does not have beside it.
fn unresolved<'e>(
    json: &Value,
    operations: impl Iterator<Item = &'e Endpoint>,
    file: &str,
) -> Vec<Diagnostic> {
    let responses = operations.flat_map(|operation| &operation.responses);
    let referring = responses.filter_map(|response| {
        let own = json.value_at(&response.pointer)?;
        let id = component_id(&own["referencedResponseId"])?;
        Some(no_component(file, &response.pointer, &id))
    });
    referring.collect()
}

/// The id of a response component, which is written as a number or as text.
pub(super) fn component_id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.trim().is_empty() => Some(id.trim().to_owned()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// That the response at `pointer` refers to a component that is not there.
pub(super) fn no_component(file: &str, pointer: &str, id: &str) -> Diagnostic {
    let message = format!("{id} is not a response component; any body is accepted");
    Diagnostic::new(file, pointer, message, COMPONENT_HELP).with_keyword("referencedResponseId")
}

/// What to do about a response component that is not there.
pub(super) const COMPONENT_HELP: &str =
    "export the project as a whole, or describe the response by a correction";

/// Reads operations of one file.
pub(super) struct Reader<'f> {
    pub file: &'f str,
}

impl Reader<'_> {
    /// The operation at `pointer` of `json`.
    ///
    /// # Errors
    ///
    /// Every part of it that is missing.
    pub fn endpoint(
        &self,
        json: &mut Value,
        pointer: &str,
        name: &str,
    ) -> Result<Endpoint, Diagnostics> {
        let operation = json.value_at(pointer).unwrap_or(&Value::Null);
        let mut diagnostics = Diagnostics::default();
        let mut missing = |name: &str, message: &str| {
            let diagnostic = self.diagnostic(&pointer.child(name), message);
            diagnostics.0.push(diagnostic);
            String::new()
        };
        let method =
            text(operation, "method").unwrap_or_else(|| missing("method", "is not an HTTP method"));
        // An empty path is that of the server.
        let path = operation["path"].as_str().map(str::to_owned);
        // That of a webhook is of one receiver, and says nothing of it.
        let path = path.or_else(|| incoming::is_webhook(operation).then(String::new));
        let path = path.unwrap_or_else(|| missing("path", "is not a string"));
        let method = method.to_ascii_uppercase();
        diagnostics.into_result()?;
        let mut endpoint = Endpoint {
            names: vec![name.to_owned()],
            title: text(operation, "name"),
            description: text(operation, "description"),
            is_deprecated: parameters::is_deprecated_operation(operation),
            method,
            path,
            pointer: pointer.to_owned(),
            ..Endpoint::default()
        };
        endpoint.parameters = parameters::by_location(json, &pointer.child("parameters"));
        endpoint.body = body(json, &pointer.child("requestBody"));
        endpoint.responses = responses(json, &pointer.child("responses"));
        parameters::settle_path(json, &mut endpoint, false);
        Ok(endpoint)
    }

    /// That the path of the operation at `pointer` names a host, which is not where the client
    /// sends it.
    pub fn other_address(&self, operation: &Value, pointer: &str) -> Option<Diagnostic> {
        let host = origin(operation["path"].as_str()?)?;
        let message = format!("the host {host} is skipped: {ONE_ADDRESS}");
        let place = pointer.child("path");
        Some(Diagnostic::new(self.file, place, message, ONE_ADDRESS_HELP))
    }

    fn diagnostic(&self, pointer: &str, message: &str) -> Diagnostic {
        Diagnostic::new(
            self.file,
            pointer,
            message,
            "correct the document, or move it out of the directory",
        )
    }
}

fn body(json: &mut Value, pointer: &str) -> Option<Body> {
    let body = json.pointer_mut(pointer)?;
    let media = body["type"].as_str().unwrap_or_default().trim().to_owned();
    // Only an explicit `false` says that the box was unticked in the editor.
    let required = body["required"] != false;
    let has_schema = body["jsonSchema"].is_object() || body["jsonSchema"].is_boolean();
    let kind = Kind::from_media_type(&media);
    let list = pointer.child("parameters");
    let schema = pointer.child("jsonSchema");
    let content = match kind {
        Kind::Nothing => return None,
        Kind::Json if media.is_empty() && !has_schema => return None,
        Kind::Multipart(kind) => fields(json, &list, kind),
        Kind::Form => fields(json, &list, FormKind::UrlEncoded),
        Kind::Events(media) if body["jsonSchema"]["type"] == "array" => Content::Sequence {
            media,
            values: Sequence::All(schema),
        },
        Kind::Events(media) if has_schema && body["jsonSchema"]["type"] != "string" => {
            Content::Sequence {
                media,
                values: Sequence::Each(schema),
            }
        }
        Kind::Text(media) | Kind::Events(media) => Content::Text {
            schema: is_of_text(&body["jsonSchema"]).then_some(schema),
            media,
        },
        // Without a slash it is not a media type, but may be any name for JSON.
        Kind::Binary(media) if media.contains('/') => Content::Binary(media),
        Kind::Json | Kind::Binary(_) => {
            if !has_schema {
                body["jsonSchema"] = Value::Bool(true);
            }
            Content::Json(schema)
        }
    };
    Some(Body {
        required,
        contents: vec![MediaType::only(media, content)],
    })
}

fn fields(json: &mut Value, list: &str, kind: FormKind) -> Content {
    Content::Fields {
        kind,
        fields: parameters::form_fields(json, list),
        encoding: Vec::new(),
    }
}

/// Whether a schema says something of a text. Apifox's editor keeps the schema of JSON for a
/// body that was made text later, so only one that names a type of texts counts.
fn is_of_text(schema: &Value) -> bool {
    matches!(
        schema["type"].as_str(),
        Some("string" | "integer" | "number" | "boolean")
    )
}

fn responses(json: &Value, pointer: &str) -> Vec<Response> {
    let list = json.value_at(pointer).and_then(Value::as_array);
    let list = list.into_iter().flatten().enumerate();
    let places = list.map(|(index, _)| pointer.child(index));
    places.filter_map(|place| response(json, &place)).collect()
}

/// The response at `pointer` of `json`.
pub(super) fn response(json: &Value, pointer: &str) -> Option<Response> {
    let response = json.value_at(pointer)?;
    Some(Response {
        status: status(code(response)),
        is_range: false,
        name: text(response, "name"),
        contents: reply(response, pointer).into_iter().collect(),
        headers: Vec::new(),
        pointer: pointer.to_owned(),
    })
}

/// What says the status of a response: an export may have only the database's fields.
fn code(response: &Value) -> &Value {
    let names = ["code", "_code", "_status_code"];
    let codes = names.iter().filter_map(|name| response.get(*name));
    codes
        .into_iter()
        .find(|code| !code.is_null())
        .unwrap_or(&Value::Null)
}

/// The status of a response; 0 for the default response, and what is not a status.
fn status(code: &Value) -> u16 {
    let text = match code {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    spelling::status(&text).unwrap_or(0)
}

fn reply(response: &Value, pointer: &str) -> Option<MediaType<Reply>> {
    let schema = |name: &str| {
        let there = response.get(name)?;
        let says_something = match there {
            Value::Object(members) => name == "jsonSchema" || !members.is_empty(),
            other => other.is_boolean(),
        };
        says_something.then(|| pointer.child(name))
    };
    let name = response["contentType"].as_str().unwrap_or_default();
    let content = match Kind::from_media_type(name) {
        Kind::Nothing => return None,
        Kind::Text(media) => Reply::Text {
            schema: schema("jsonSchema").filter(|_| is_of_text(&response["jsonSchema"])),
            media,
        },
        Kind::Events(media) => {
            let name = schema("itemSchema").map_or("jsonSchema", |_| "itemSchema");
            match schema(name).filter(|_| response[name]["type"] != "string") {
                Some(schema) => Reply::Events { media, schema },
                None => Reply::Text {
                    media,
                    schema: schema(name),
                },
            }
        }
        // The editor calls any picture `image`.
        Kind::Binary(media) if media.contains('/') || media == "image" => Reply::Binary(media),
        _ => Reply::Json(schema("jsonSchema")),
    };
    Some(MediaType::only(name, content))
}
