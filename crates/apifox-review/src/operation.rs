//! Which operation of a document is meant, and which of its bodies.

use std::collections::BTreeSet;

use apifox_document::Document;
use apifox_document::api::{Api, Content, Endpoint, FormKind, Reply, Response};
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};
use apifox_document::pointer::JsonPointerExt as _;
use apifox_runtime::Unsupported;

/// How many operations are listed at most.
const MOST_LISTED: usize = 20;

/// Which operations are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    /// Those that others call.
    Served,
    /// Those that the API calls as well: webhooks and callbacks.
    All,
}

/// The operation with this name, or the only one.
pub(crate) fn endpoint<'a>(
    document: &Document,
    api: &'a Api,
    name: Option<&str>,
    among: Among,
) -> Result<&'a Endpoint, Diagnostics> {
    let refused = |message: String, help: &str| {
        Diagnostics::from(Diagnostic::new(&document.file, "", message, help))
    };
    let Some(name) = name else {
        return match (&api.operations[..], &api.incoming[..]) {
            ([single], _) => Ok(single),
            ([], [single]) if among == Among::All => Ok(single),
            (several, incoming) => {
                let message = format!("has {} operations: which one is meant?", several.len());
                let example = several.iter().chain(incoming).next();
                let example = example.map_or_else(String::new, Endpoint::route);
                let help = format!("name it by method and path, such as {example:?}");
                Err(refused(message, &help))
            }
        };
    };
    let is_named = |endpoint: &&Endpoint| is_called(api, endpoint, name);
    if let Some(found) = api.operations.iter().find(is_named) {
        return Ok(found);
    }
    match (api.incoming.iter().find(is_named), among) {
        (Some(found), Among::All) => Ok(found),
        (Some(found), Among::Served) => {
            let kind = match found.callback {
                Some(_) => "callback",
                None => "webhook",
            };
            let message = format!("{name:?} is a {kind}: the API sends it, and does not take it");
            Err(refused(message, &suggestion(api, name, among)))
        }
        (None, _) => {
            let message = format!("has no operation {name:?}");
            Err(refused(message, &suggestion(api, name, among)))
        }
    }
}

/// Whether an operation is meant by a name: its method and path, its id, or another of its names.
fn is_called(api: &Api, endpoint: &Endpoint, name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = words.join(" ");
    let webhook = endpoint.path.strip_prefix("webhook ");
    endpoint.route().eq_ignore_ascii_case(&words)
        || endpoint.names.iter().any(|other| other == name)
        || api.operation_id(endpoint) == Some(name)
        || endpoint.callback.is_none() && webhook == Some(name)
}

/// Which operation may be meant by a name that none has.
fn suggestion(api: &Api, name: &str, among: Among) -> String {
    let incoming = api.incoming.iter().filter(|_| among == Among::All);
    let all: Vec<&Endpoint> = api.operations.iter().chain(incoming).collect();
    let name = name.trim();
    let of_path = |own: &&Endpoint| is_path(own, name);
    let mut meant: Vec<String> = all
        .iter()
        .copied()
        .filter(of_path)
        .map(Endpoint::route)
        .collect();
    if meant.is_empty() {
        let routes = all.iter().map(|own| own.route());
        let ids = all
            .iter()
            .filter_map(|own| Some(api.operation_id(own)?.to_owned()));
        let known: BTreeSet<String> = routes.chain(ids).collect();
        let same = known.iter().find(|own| own.eq_ignore_ascii_case(name));
        let near = || closest(name, known.iter().map(String::as_str)).map(str::to_owned);
        meant.extend(same.cloned().or_else(near));
    }
    if !meant.is_empty() {
        meant.sort();
        let quoted: Vec<String> = meant.iter().map(|own| format!("{own:?}")).collect();
        return format!("did you mean {}?", quoted.join(" or "));
    }
    let listed: Vec<String> = all
        .iter()
        .take(MOST_LISTED)
        .map(|own| own.route())
        .collect();
    let rest = match all.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        rest => format!(", and {rest} more"),
    };
    match listed.is_empty() {
        true => "the document has no operations".to_owned(),
        false => format!("the operations are: {}{rest}", listed.join(", ")),
    }
}

/// Whether a name is the path of an operation without its method, or with another one, as it is
/// in the document or with values in place of its parameters.
fn is_path(endpoint: &Endpoint, name: &str) -> bool {
    let words = name.split_once(char::is_whitespace);
    let path = words.map_or(name, |(_, path)| path.trim());
    let (own, other) = (endpoint.path.split('/'), path.split('/'));
    let is_like = |(own, other): (&str, &str)| {
        own.eq_ignore_ascii_case(other) || own.starts_with('{') && !other.is_empty()
    };
    endpoint.path.starts_with('/')
        && own.clone().count() == other.clone().count()
        && own.zip(other).all(is_like)
}

/// What is wrong where a schema of a document can't be compiled.
pub(crate) fn uncompiled(document: &Document, unsupported: &Unsupported) -> Diagnostic {
    let message = format!("{}: {}", unsupported.keyword, unsupported.message);
    let help = "correct the document";
    Diagnostic::new(&document.file, &unsupported.pointer, message, help)
}

/// The pointer to the schema of a request in JSON, or of the reply with a status: its own, or that
/// for every status without one.
pub(crate) fn body_schema(endpoint: &Endpoint, reply: Option<u16>) -> Option<&String> {
    let Some(status) = reply else {
        let contents = endpoint.body.iter().flat_map(|body| &body.contents);
        let mut schemas = contents.filter_map(|media| match &media.content {
            Content::Json(schema) => Some(schema),
            _ => None,
        });
        return schemas.next();
    };
    let response = Response::for_status(&endpoint.responses, status)?;
    let mut schemas = response
        .contents
        .iter()
        .filter_map(|media| match &media.content {
            Reply::Json(schema) => schema.as_ref(),
            Reply::Events { schema, .. } => Some(schema),
            Reply::Text { .. } | Reply::Binary(_) => None,
        });
    schemas.next()
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
