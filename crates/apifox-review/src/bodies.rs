//! Which schemas describe a body of an operation.

use apifox_document::Document;
use apifox_document::api::{Content, Endpoint, FormKind, Reply, Response};
use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::JsonPointerExt as _;
use apifox_runtime::Unsupported;

/// What is wrong where a schema of a document can't be compiled.
pub(crate) fn uncompiled(document: &Document, unsupported: &Unsupported) -> Diagnostic {
    let message = format!("{}: {}", unsupported.keyword, unsupported.message);
    let help = "correct the document";
    Diagnostic::new(&document.file, &unsupported.pointer, message, help)
}

/// One of the schemas that describe a body.
#[derive(Debug)]
pub(crate) struct BodySchema<'a> {
    /// Its place.
    pub place: &'a str,
    /// What it is of, where there are several: the reply or the media type.
    pub name: Option<String>,
}

/// The schemas of a request in JSON, or of the replies with a status: those of its own, or of those
/// for every status without one. A body has to fit one of them. `media` is that of the request,
/// where it is chosen.
pub(crate) fn body_schemas<'a>(
    endpoint: &'a Endpoint,
    reply: Option<u16>,
    media: Option<&str>,
) -> Vec<BodySchema<'a>> {
    match reply {
        None => request_schemas(endpoint, media),
        Some(status) => reply_schemas(endpoint, status),
    }
}

/// The place of the schema that is preferred of them.
pub(crate) fn body_schema(endpoint: &Endpoint, reply: Option<u16>) -> Option<&str> {
    let preferred = body_schemas(endpoint, reply, None).into_iter().next();
    preferred.map(|schema| schema.place)
}

fn request_schemas<'a>(endpoint: &'a Endpoint, chosen: Option<&str>) -> Vec<BodySchema<'a>> {
    let contents = endpoint.body.iter().flat_map(|body| &body.contents);
    // What is not used has the schema of another.
    let contents = contents.filter(|media| chosen.map_or(media.is_used, |name| media.name == name));
    let schemas = contents.filter_map(|media| match &media.content {
        Content::Json(schema) => Some((media.name.as_str(), schema.as_str())),
        _ => None,
    });
    named(schemas.collect())
}

fn reply_schemas(endpoint: &Endpoint, status: u16) -> Vec<BodySchema<'_>> {
    let responses = Response::all_for_status(&endpoint.responses, status);
    let described: Vec<_> = responses
        .into_iter()
        .map(|response| (response, schemas_of(response)))
        .filter(|(_, schemas)| !schemas.is_empty())
        .collect();
    let is_alone = described.len() == 1;
    let of_response = |(response, schemas): (&Response, _)| {
        let label = response.name.as_deref().unwrap_or(&response.pointer);
        let label = (!is_alone).then(|| label.to_owned());
        let schemas = named(schemas).into_iter();
        let both = schemas.map(move |schema| BodySchema {
            name: match (label.clone(), schema.name) {
                (Some(label), Some(media)) => Some(format!("{label}, {media}")),
                (label, media) => label.or(media),
            },
            place: schema.place,
        });
        both.collect::<Vec<_>>()
    };
    described.into_iter().flat_map(of_response).collect()
}

/// The schemas of a reply by their media types.
fn schemas_of(response: &Response) -> Vec<(&str, &str)> {
    let contents = response.contents.iter();
    let schemas = contents.filter_map(|media| match &media.content {
        Reply::Json(schema) => Some((media.name.as_str(), schema.as_deref()?)),
        Reply::Events { schema, .. } => Some((media.name.as_str(), schema.as_str())),
        Reply::Text { .. } | Reply::Binary(_) => None,
    });
    schemas.collect()
}

/// Schemas by their media types, which are their names where there are several.
fn named<'a>(schemas: Vec<(&'a str, &'a str)>) -> Vec<BodySchema<'a>> {
    let is_alone = schemas.len() == 1;
    let schema = |(media, place): (&str, &'a str)| BodySchema {
        place,
        name: (!is_alone).then(|| media.to_owned()),
    };
    schemas.into_iter().map(schema).collect()
}

/// That an operation has no schema for a body in JSON: what it has instead.
pub(crate) fn undescribed(
    document: &Document,
    endpoint: &Endpoint,
    reply: Option<u16>,
) -> Diagnostic {
    let (pointer, message, help) = match reply {
        None => undescribed_request(endpoint),
        Some(status) => undescribed_reply(endpoint, status),
    };
    let message = format!("{} {message}", endpoint.route());
    Diagnostic::new(&document.file, &pointer, message, &help)
}

/// What is said of a body in another form than JSON.
const ONLY_JSON: &str = "only bodies in JSON can be checked";

fn undescribed_request(endpoint: &Endpoint) -> (String, String, String) {
    let Some(body) = &endpoint.body else {
        let message = "does not describe a body of its request".to_owned();
        let help = "name another operation, or a reply".to_owned();
        return (endpoint.pointer.clone(), message, help);
    };
    let media = body
        .contents
        .iter()
        .map(|media| media_type(&media.content, &media.name));
    let message = format!("takes {}", listed(media));
    (
        endpoint.pointer.child("requestBody"),
        message,
        ONLY_JSON.to_owned(),
    )
}

fn undescribed_reply(endpoint: &Endpoint, status: u16) -> (String, String, String) {
    let Some(response) = Response::for_status(&endpoint.responses, status) else {
        let message = format!("does not describe a reply with status {status}");
        let mut known: Vec<&Response> = endpoint.responses.iter().collect();
        known.sort_by_key(|own| (own.status == 0, own.is_range, own.status));
        let mut known: Vec<String> = known.into_iter().map(status_name).collect();
        known.dedup();
        let help = match known.is_empty() {
            true => "it describes no replies".to_owned(),
            false => format!("it describes {}", listed(known)),
        };
        return (endpoint.pointer.clone(), message, help);
    };
    let name = match status_name(response) {
        name if name == status.to_string() => format!("status {status}"),
        name => format!("status {status}, which is {name}"),
    };
    let place = response.pointer.clone();
    let is_json = |content: &Reply| matches!(content, Reply::Json(_));
    if response.contents.is_empty() {
        let message = format!("does not describe a body of its reply with {name}");
        return (place, message, "name another status".to_owned());
    }
    if response
        .contents
        .iter()
        .any(|media| is_json(&media.content))
    {
        let message = format!("has no schema for the JSON of its reply with {name}");
        return (place, message, "anything may come".to_owned());
    }
    let media = response.contents.iter().map(|media| media.name.clone());
    let message = format!("answers {name} with {}", listed(media));
    (place, message, ONLY_JSON.to_owned())
}

/// The media type of a body in words.
fn media_type(content: &Content, name: &str) -> String {
    match content {
        Content::Fields { kind, .. } | Content::Form { kind, .. } => match kind {
            FormKind::UrlEncoded => "a form as application/x-www-form-urlencoded".to_owned(),
            FormKind::FormData => "a form as multipart/form-data".to_owned(),
            FormKind::Multipart(media) => format!("a form as {media}"),
        },
        _ => name.to_owned(),
    }
}

/// What a document calls the status of a reply.
fn status_name(response: &Response) -> String {
    match (response.status, response.is_range) {
        (0, _) => "default".to_owned(),
        (status, true) => format!("{}XX", status / 100),
        (status, false) => status.to_string(),
    }
}

/// Names as in `a, b or c`.
fn listed(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} or {last}", names.join(", ")),
        None => String::new(),
    }
}
