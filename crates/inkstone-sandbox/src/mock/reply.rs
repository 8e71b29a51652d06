//! The reply to a request: an example of the document, or drawn from its schema.

use apifox_document::api::{Endpoint, MediaType, Parameter, Reply as Described, Response};
use hyper::StatusCode;
use hyper::header::{ACCEPT, HeaderName, LOCATION};
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use crate::documents::schema::{UNJUDGED, Unjudged};
use crate::draw;
use crate::http::control_headers::{self, Control};
use crate::http::request_body::RequestBody;
use crate::mock::document::Mock;
use crate::mock::error::MockError;
use crate::mock::examples::{self, NamedExample};
use crate::mock::operation::Found;
use crate::mock::request::body::{self, essence};
use crate::mock::request::parameters;
use crate::mock::request::security;
use crate::mock::target::Target;
use crate::pictures::picture::Picture;

/// How many events a stream of them has.
const EVENTS: u64 = 3;

/// Where a redirect leads whose document does not say.
const ELSEWHERE: &str = "https://example.com/";

/// A request to an operation.
pub struct Request<'r> {
    pub mock: &'r Mock,
    pub found: &'r Found<'r>,
    pub head: &'r Parts,
    pub body: &'r RequestBody,
}

/// A reply, before a script changes it.
pub struct MockReply {
    pub status: StatusCode,
    /// The media type of its content.
    pub media: String,
    pub content: Content,
    pub headers: Vec<(HeaderName, String)>,
}

pub enum Content {
    None,
    Json(Value),
    Text(String),
    Bytes(Vec<u8>),
}

impl Request<'_> {
    fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    fn endpoint(&self) -> &Endpoint {
        &self.found.operation.endpoint
    }

    /// Answers a request for an operation.
    pub fn answer(&self, control: &Control) -> Result<MockReply, MockError> {
        let (mock, method) = (self.mock, self.head.method.as_str());
        let (endpoint, headers) = (self.endpoint(), &self.head.headers);
        if control.status.is_some() || control.example.is_some() {
            return self.asked_for(control);
        }
        security::check(&endpoint.security, headers, self.query())?;
        parameters::check(mock, self.found, headers, self.query())?;
        let sent = body::check(mock, endpoint.body.as_ref(), headers, self.body)?;
        let target = Target::new(mock, self.found);
        target.is_there(method)?;
        let Some(response) = usual(&endpoint.responses) else {
            return Ok(MockReply::empty(StatusCode::OK));
        };
        let seed = self.seed(target.is_new(method));
        let mut reply = self.built(response, None, seed)?;
        if !reply.status.is_success() {
            return Ok(reply);
        }
        let sent = sent.as_ref().and_then(Value::as_object);
        if let (Some(place), true) = (json_place(response, &reply), target.matters(method)) {
            let schema = mock.schema(&place)?;
            if let Content::Json(json) = &mut reply.content {
                target.apply(method, sent, Some((&schema, json)));
            }
        } else {
            target.apply(method, sent, None);
        }
        Ok(reply)
    }

    /// The answer that a client asks for with control headers: a documented status, or an example.
    fn asked_for(&self, control: &Control) -> Result<MockReply, MockError> {
        let endpoint = self.endpoint();
        let responses: Vec<&Response> = match control.status {
            Some(status) => Response::for_status(&endpoint.responses, status.as_u16())
                .into_iter()
                .collect(),
            None => endpoint.responses.iter().collect(),
        };
        if let Some(name) = &control.example {
            return self.by_name(&responses, control.status, name);
        }
        let status = control.status.unwrap_or(StatusCode::OK);
        let message = format!("the sandbox was asked to answer {}", status.as_u16());
        match responses.first() {
            Some(response) if status.is_success() => {
                self.built(response, Some(status), self.seed(false))
            }
            _ => Err(MockError::new(status, message)),
        }
    }

    fn by_name(
        &self,
        responses: &[&Response],
        status: Option<StatusCode>,
        name: &str,
    ) -> Result<MockReply, MockError> {
        let mut known = Vec::new();
        for response in responses {
            let media = response
                .contents
                .first()
                .map_or("application/json", |media| &media.name);
            for example in examples::of_response(self.mock, self.endpoint(), response, media) {
                if example.name == name {
                    return Ok(MockReply {
                        status: status.unwrap_or_else(|| status_of(response)),
                        ..MockReply::json(concrete(media, "application/json"), example.value)
                    });
                }
                known.push(example.name);
            }
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let error = control_headers::unknown_example(name, &known);
        Err(MockError::request(error.param, error.message))
    }

    /// A reply as one of the document's responses describes it.
    fn built(
        &self,
        response: &Response,
        status: Option<StatusCode>,
        seed: u64,
    ) -> Result<MockReply, MockError> {
        let status = status.unwrap_or_else(|| status_of(response));
        let accepted = self.head.headers.get(ACCEPT);
        let accepted = accepted
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut reply = match preferred(&response.contents, accepted) {
            Some(media) => self.content(response, media, seed)?,
            None => MockReply::empty(status),
        };
        reply.status = status;
        for header in &response.headers {
            reply.headers.extend(drawn_header(self.mock, header, seed));
        }
        let leads = reply.headers.iter().any(|(name, _)| name == LOCATION);
        if status.is_redirection() && !leads {
            reply.headers.push((LOCATION, ELSEWHERE.to_owned()));
        }
        Ok(reply)
    }

    fn content(
        &self,
        response: &Response,
        media: &MediaType<Described>,
        seed: u64,
    ) -> Result<MockReply, MockError> {
        let mock = self.mock;
        let examples = examples::of_response(mock, self.endpoint(), response, &media.name);
        Ok(match &media.content {
            Described::Json(place) => {
                let value = json(mock, place.as_deref(), examples, seed)?;
                MockReply::json(concrete(&media.name, "application/json"), value)
            }
            Described::Text { media, schema } => {
                let value = match (schema, &examples[..]) {
                    (None, []) => Value::String("amber".into()),
                    (place, _) => json(mock, place.as_deref(), examples, seed)?,
                };
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let media = concrete(media, "text/plain");
                match essence(&media).ends_with("xml") && !is_xml(&text) {
                    true => without_xml(media),
                    false => MockReply::new(media, Content::Text(text)),
                }
            }
            Described::Events { media, schema } => {
                let mut text = String::new();
                for number in 0..EVENTS {
                    let event = json(mock, Some(schema), Vec::new(), seed.wrapping_add(number))?;
                    text += &match essence(media).as_str() {
                        "text/event-stream" => format!("data: {event}\n\n"),
                        "application/json-seq" => format!("\u{1e}{event}\n"),
                        _ => format!("{event}\n"),
                    };
                }
                MockReply::new(media.clone(), Content::Text(text))
            }
            Described::Binary(media) => binary(media, seed),
        })
    }

    /// The same for the same request; a new resource has a number of its own.
    fn seed(&self, is_new: bool) -> u64 {
        let number = if is_new { self.mock.states.next() } else { 0 };
        inkstone_painting::hash(&[
            &self.mock.seed.to_le_bytes(),
            &number.to_le_bytes(),
            self.found.operation.label().as_bytes(),
            self.found.path.as_bytes(),
            self.query().as_bytes(),
            self.body.bytes(),
        ])
    }
}

/// The response to a good request: a success, before a range of them, or else a redirect, the one for any status, or
/// whatever the document has.
fn usual(responses: &[Response]) -> Option<&Response> {
    let mut successes = responses.iter().filter(|one| one.succeeds());
    let first = successes.clone().next();
    let success = successes.find(|one| !one.is_range).or(first);
    let redirect = || responses.iter().find(|one| status_of(one).is_redirection());
    let any = || responses.iter().find(|one| one.status == 0);
    let found = success.or_else(redirect).or_else(any);
    found.or_else(|| responses.first())
}

/// The status of a response: of a range its first, and 200 where it is for any.
fn status_of(response: &Response) -> StatusCode {
    let status = StatusCode::from_u16(response.status).ok();
    status
        .filter(|status| status.as_u16() >= 200)
        .unwrap_or(StatusCode::OK)
}

/// What a client accepts of what the document describes, or else the first.
fn preferred<'r>(
    contents: &'r [MediaType<Described>],
    accepted: &str,
) -> Option<&'r MediaType<Described>> {
    let mut wanted = accepted
        .split(',')
        .map(essence)
        .filter(|name| !name.is_empty());
    let found = wanted.find_map(|wanted| {
        let is_it = |media: &&MediaType<Described>| body::matches(&wanted, &essence(&media.name));
        contents.iter().find(is_it)
    });
    found.or_else(|| contents.first())
}

/// An example that its schema accepts, or a value that is drawn from the schema.
pub fn json(
    mock: &Mock,
    place: Option<&str>,
    examples: Vec<NamedExample>,
    seed: u64,
) -> Result<Value, MockError> {
    let Some(place) = place else {
        let example = examples.into_iter().next();
        return Ok(example.map_or_else(|| Map::new().into(), |example| example.value));
    };
    let schema = mock.schema(place)?;
    let mut examples = examples.into_iter();
    if let Some(example) = examples.find(|example| schema.accepts(&example.value)) {
        return Ok(example.value);
    }
    let place = mock.place(place);
    let message = match draw::value(&schema, seed) {
        Ok(Some(value)) => return Ok(value),
        Ok(None) => format!("no reply could be drawn that the schema at {place} accepts"),
        Err(Unjudged) => format!("{place}: what was drawn {UNJUDGED}"),
    };
    let message = format!("{message}; X-Sandbox-Example asks for an example");
    Err(MockError::new(StatusCode::INTERNAL_SERVER_ERROR, message))
}

/// Whether a text may be XML: it starts as such, after a byte order mark too.
fn is_xml(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    start.starts_with('<')
}

/// The reply in place of XML that the document has no example of: nothing here writes any from a
/// schema. It says so to whoever looks at it, and is XML to a program.
fn without_xml(media: String) -> MockReply {
    let message = format!(
        "the sandbox does not draw {media}: give the response an example that is XML, as a text"
    );
    // No comment may have two hyphens in a row; the second time finds what the first one left of three.
    let comment = message.replace("--", "- -").replace("--", "- -");
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {comment} -->\n<none/>\n");
    let mut reply = MockReply::new(media, Content::Text(text));
    reply
        .headers
        .push(MockError::new(StatusCode::OK, message).told());
    reply
}

fn binary(media: &str, seed: u64) -> MockReply {
    let is_picture = ["image/*", "image/png"].contains(&essence(media).as_str());
    let picture = Picture {
        width: 64,
        height: 64,
        seed,
    };
    match picture.png() {
        Ok(file) if is_picture => MockReply::new("image/png".into(), Content::Bytes(file)),
        _ => {
            let media = concrete(media, "application/octet-stream");
            MockReply::new(media, Content::Bytes(b"amber\n".to_vec()))
        }
    }
}

/// A media type that is no range.
pub fn concrete(media: &str, instead: &str) -> String {
    match media.contains('*') {
        true => instead.to_owned(),
        false => media.to_owned(),
    }
}

/// A header as the document describes it, where its value has a text.
fn drawn_header(mock: &Mock, header: &Parameter, seed: u64) -> Option<(HeaderName, String)> {
    let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
    if [
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
    ]
    .contains(&name.as_str())
    {
        return None;
    }
    let schema = mock.schema(&header.schema).ok()?;
    let text = match draw::value(&schema, seed).ok()?? {
        Value::String(text) => text,
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        _ => return None,
    };
    Some((name, text))
}

/// The place of the schema of a reply's JSON.
fn json_place(response: &Response, reply: &MockReply) -> Option<String> {
    let described = response
        .contents
        .iter()
        .find(|media| concrete(&media.name, "application/json") == reply.media)?;
    match (&described.content, &reply.content) {
        (Described::Json(place), Content::Json(_)) => place.clone(),
        _ => None,
    }
}

impl MockReply {
    fn new(media: String, content: Content) -> Self {
        Self {
            status: StatusCode::OK,
            media,
            content,
            headers: Vec::new(),
        }
    }

    pub fn json(media: String, value: Value) -> Self {
        Self::new(media, Content::Json(value))
    }

    fn empty(status: StatusCode) -> Self {
        Self {
            status,
            ..Self::new(String::new(), Content::None)
        }
    }
}
