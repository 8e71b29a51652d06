//! What an API does its own way, and what plain HTTP does.

use std::time::Duration;

use apifox_runtime::{Node, Operation, Report};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::body::{Body, BodyReader, InMemory};
use crate::effect::Effect;
use crate::limit::LimitScope;
use crate::stage::Stage;

/// What an API does its own way. Each method says what plain HTTP does unless an
/// implementation says otherwise; [`Http`] is the API that does nothing its own way.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what an API does its own way",
    note = "implement `apifox_client::Api` for it: its methods do what plain HTTP does by default"
)]
pub trait Api: Send + Sync {
    /// What a request to `operation` does when it is taken, which decides when it may be
    /// sent again: what its HTTP method says unless an API knows better.
    fn effect(&self, operation: &Operation) -> Effect {
        Effect::from_method(operation.method)
    }

    /// Headers to send with a request, beside those that the document asks for.
    fn headers(&self, operation: &Operation, request: &Node<'_>) -> HeaderMap {
        let _ = (operation, request);
        HeaderMap::new()
    }

    /// Checks a request further than its document does. Nothing is sent where a violation
    /// is added to `report`.
    fn check(&self, operation: &Operation, request: &Node<'_>, report: &mut Report) {
        let _ = (operation, request, report);
    }

    /// What a request counts as for a [`Limiter`](crate::Limiter); `None` where it is not
    /// limited. Its operation unless an API counts otherwise.
    fn limit_scope(&self, operation: &Operation, request: &Node<'_>) -> Option<LimitScope> {
        let _ = request;
        Some(LimitScope {
            api: operation.api.to_owned(),
            name: operation.name.to_owned(),
        })
    }

    /// The failure that a reply reports, `None` where it reports none. A status that is
    /// not 2xx is a failure in any case: what it stands for is decided by the status where
    /// this returns `None`.
    fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
        let _ = reply;
        None
    }

    /// Whether a reply brings what was asked for, although its body is not quite JSON or it
    /// reports an error. One that reports success is no error then, and after any other the
    /// request is not sent again. `json` has what could be read of it. No unless an API knows
    /// better.
    fn salvages(&self, reply: &RawReply<'_>) -> bool {
        let _ = reply;
        false
    }

    /// The id that the API gave a request: the reply's header `x-request-id` unless an
    /// API says otherwise.
    fn request_id(&self, reply: &RawReply<'_>) -> Option<String> {
        let id = reply.headers.get("x-request-id")?;
        id.to_str().ok().map(str::to_owned)
    }

    /// What takes in the body of a reply: memory unless an API says otherwise. It is given
    /// no more bytes than the client allows.
    fn body_reader<'a>(&'a self, head: &ReplyHead<'_>) -> Box<dyn BodyReader + 'a> {
        let _ = head;
        Box::new(InMemory::default())
    }
}

/// The API that does nothing its own way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Http;

impl Api for Http {}

/// A reply whose body is still to come.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct ReplyHead<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// Whether the document promises JSON where the status reports success.
    pub expects_json: bool,
}

/// A reply as it came.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct RawReply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// How long `Retry-After` asks to wait.
    pub retry_after: Option<Duration>,
    /// The body: as much of it as came.
    pub body: &'a Body,
    /// The body as JSON, where it is JSON; what could be [read](crate::lenient) of it where it
    /// should be.
    pub json: Option<&'a Value>,
}

/// What a reply says of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// How far the call got.
    pub stage: Stage,
    /// The API's own code for the error.
    pub code: Option<String>,
    /// What the API says in words; the start of the body is shown where there is none.
    pub message: Option<String>,
    /// The id that the API gave the request, where the body says so.
    pub request_id: Option<String>,
    /// Whether sending the same request once more may help, although it was refused.
    pub retry_once: bool,
}

impl Failure {
    /// A failure of which nothing is known but the HTTP status.
    #[must_use]
    pub fn from_status(status: u16) -> Self {
        Self {
            stage: Stage::from_status(status),
            ..Self::default()
        }
    }
}
