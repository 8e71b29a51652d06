//! A client: what it is set up with, and what it sends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apifox_runtime::serde::Serialize;
use apifox_runtime::{
    Credential, Endpoint, EventEndpoint, Location, Media, Node, Operation, Report, Warning,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Response, Url};
use serde_json::Value;
use tracing::Instrument as _;

use crate::api::Api;
use crate::call::{Answer, Call, Deadline, Retries, Transport, accept, read_whole};
use crate::effect::Effect;
use crate::error::Error;
use crate::events::Events;
use crate::excerpt::short_excerpt;
use crate::hook::Hook;
use crate::key::{Key, header_of, show};
use crate::limit::{LimitScope, Permit};
use crate::reply::{Exchange, Received, Reply};
use crate::stage::Stage;
use crate::stop::StopSignal;

/// A client of one API, with its address and key. Cloning it is cheap.
///
/// [`Client::builder`] sets one up.
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Transport,
    /// Headers of all requests, the operation's own aside.
    pub(crate) headers: HeaderMap,
}

/// A request that no document describes.
#[derive(Debug)]
pub struct RawRequest {
    /// The request, to the host of the API, which the key is added to.
    pub http: Request,
    /// What it does when it is taken.
    pub effect: Effect,
    /// Whether the body of a reply that reports success has to be JSON.
    pub expects_json: bool,
    /// What it counts as for a limiter.
    pub limit: Option<LimitScope>,
}

impl RawRequest {
    /// A request whose effect is as its method says, that is not limited, and is answered
    /// with anything.
    #[must_use]
    pub fn new(http: Request) -> Self {
        Self {
            effect: Effect::from_method(http.method().as_str()),
            http,
            expects_json: false,
            limit: None,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The base URL, which the paths of operations are appended to.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.transport.base
    }

    /// The [key](crate::Builder::key), where the client has one.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.transport.keys.any()
    }

    /// How failed calls are retried.
    #[must_use]
    pub fn retries(&self) -> &Retries {
        &self.transport.retries
    }

    /// How long a call may take in all.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.transport.deadline
    }

    /// This client with another deadline: how long each of its calls may take in all.
    /// Connections and limits are shared.
    #[must_use]
    pub fn with_deadline(&self, limit: impl Into<Option<Duration>>) -> Self {
        let mut client = self.clone();
        client.transport.deadline = limit.into();
        client
    }

    /// This client with other retries. Connections and limits are shared.
    #[must_use]
    pub fn with_retries(&self, retries: Retries) -> Self {
        let mut client = self.clone();
        client.transport.retries = retries;
        client
    }

    /// This client with an API that does things another way. Connections and limits are
    /// shared.
    #[must_use]
    pub fn with_api(&self, api: impl Api + 'static) -> Self {
        let mut client = self.clone();
        client.transport.api = Arc::new(api);
        client
    }

    /// This client with one more hook, which is called after the others. Connections and
    /// limits are shared.
    #[must_use]
    pub fn with_hook(&self, hook: impl Hook + 'static) -> Self {
        let mut client = self.clone();
        let hooks = client.transport.hooks.iter().cloned();
        let added: Arc<dyn Hook> = Arc::new(hook);
        client.transport.hooks = hooks.chain([added]).collect();
        client
    }

    /// This client with a signal that ends its calls while nothing of them is on the wire.
    /// Connections and limits are shared.
    #[must_use]
    pub fn with_stop(&self, stop: StopSignal) -> Self {
        let mut client = self.clone();
        client.transport.stop = Some(stop);
        client
    }

    /// The signal that has this client's calls end, where it has one.
    #[must_use]
    pub fn stop(&self) -> Option<&StopSignal> {
        self.transport.stop.as_ref()
    }

    /// Checks `request`, sends it, and reads the reply.
    ///
    /// It is sent again only as the client's [`Retries`] say, and everything together takes
    /// no longer than its deadline. Dropping the future drops the connection; what the API
    /// had taken by then it may still carry out.
    ///
    /// # Errors
    ///
    /// See [`Stage`]; a reply that reports success is only an error when it is not JSON
    /// although its document promises that, is too long, or reports an error after all. Where
    /// HTTP has no body, as with `HEAD` or status 204, none is missing.
    pub async fn send<E: Endpoint>(
        &self,
        request: &E,
    ) -> Result<Reply<E::Response>, Error<E::Error>> {
        let deadline = Deadline::after(self.transport.deadline);
        let sent = async {
            let headers = HeaderMap::new();
            let exchange = self.exchange(E::OPERATION, request, &headers).await?;
            let typed = |exchange: Exchange| exchange.typed(E::OPERATION);
            exchange.decoded_by(&deadline, typed).await
        };
        sent.await.map_err(Error::with_type_of::<E>)
    }

    /// Sends `request`, in its JSON form, to an operation that was chosen at run time.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_json(
        &self,
        operation: &Operation,
        request: &Value,
    ) -> Result<Reply<Value>, Error> {
        let deadline = Deadline::after(self.transport.deadline);
        let exchange = self.exchange(operation, request, &HeaderMap::new()).await?;
        let operation = *operation;
        let checked = exchange.decoded_by(&deadline, move |exchange| exchange.checked(&operation));
        checked.await
    }

    /// Checks a request, which is anything with its JSON form, and sends it with these headers
    /// beside the usual ones.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn exchange(
        &self,
        operation: &Operation,
        request: &impl Serialize,
        headers: &HeaderMap,
    ) -> Result<Exchange, Error> {
        let request = self.encoded(operation, request)?;
        let carried = self.carry(operation, &request, headers, false).await?;
        let (answer, permit, warnings) = carried;
        let effect = self.effect(operation);
        Ok(Exchange {
            received: whole(answer, effect)?,
            warnings,
            effect,
            permit,
        })
    }

    /// Checks `request`, sends it, and has the events that come as a [`Stream`], each as soon
    /// as it is there: of `text/event-stream`, or values in JSON, one a line.
    ///
    /// It is sent again as [`send`](Self::send) has it, until the reply begins. The deadline
    /// is that of the whole stream: what came by then is told before the error that it passed.
    /// Dropping the stream drops the connection.
    ///
    /// Until the stream is dropped, the request counts as under way for a
    /// [`Limiter`](crate::Limiter), be it read or not: others that its limits hold back wait.
    ///
    /// [`Stream`]: futures_core::Stream
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); and [`Stage::Unreadable`] for a reply that reports success
    /// and is no stream: it is in the error.
    pub async fn stream<E: EventEndpoint>(
        &self,
        request: &E,
    ) -> Result<Events<E::Event>, Error<E::Error>> {
        let opened = async {
            let body = self.encoded(E::OPERATION, request)?;
            let accept = accept(E::OPERATION, true).map(|accept| (ACCEPT, accept));
            let headers = HeaderMap::from_iter(accept);
            let carried = self.carry(E::OPERATION, &body, &headers, true).await?;
            let (answer, permit, warnings) = carried;
            let effect = self.effect(E::OPERATION);
            match answer {
                Answer::Open(opened) => {
                    let transport = self.transport.clone();
                    Ok(Events::new(opened, transport, effect, permit, warnings))
                }
                Answer::Whole(received) => Err(no_stream(received, effect)),
            }
        };
        opened.await.map_err(Error::with_type_of::<E>)
    }

    /// What a request to `operation` does when it is taken.
    pub(crate) fn effect(&self, operation: &Operation) -> Effect {
        self.transport.api.effect(operation)
    }

    /// The JSON text of a request.
    fn encoded(&self, operation: &Operation, request: &impl Serialize) -> Result<Vec<u8>, Error> {
        let encoded = serde_json::to_vec(request);
        encoded.map_err(|error| self.unsent(operation, unencodable(error)))
    }

    /// The error of a request to `operation` that can't be sent.
    pub(crate) fn unsent(&self, operation: &Operation, error: Error) -> Error {
        let error = self.transport.keys.redact_error(error);
        error.after_attempts(self.effect(operation), 0)
    }

    /// Checks a request and carries it through.
    async fn carry(
        &self,
        operation: &Operation,
        request: &[u8],
        headers: &HeaderMap,
        is_stream: bool,
    ) -> Result<(Answer, Permit, Vec<Warning>), Error> {
        let checked = self.checked(operation, request);
        let checked = checked.map_err(|error| self.unsent(operation, error))?;
        for warning in &checked.warnings {
            tracing::warn!(api = operation.api, operation = operation.name, %warning);
        }
        let mut http = checked.http;
        replace_headers(http.headers_mut(), headers);
        let name = format!("{}/{}", operation.api, operation.name);
        let call = Call {
            name: &name,
            effect: self.effect(operation),
            expects_json: !is_stream && promises_json(operation),
            bodiless: operation.bodiless,
            is_stream,
            limit: checked.limit,
        };
        let span = tracing::info_span!("send", api = operation.api, operation = operation.name);
        let sent = self.transport.exchange(&call, &http).instrument(span);
        let (answer, permit) = sent.await?;
        Ok((answer, permit, checked.warnings))
    }

    /// Sends a request that no document describes, with the client's key and headers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); and [`Stage::Configuration`] when it does not lead to the
    /// host of the API, or its body is a stream.
    pub async fn send_raw(&self, request: RawRequest) -> Result<Exchange, Error> {
        let mut http = request.http;
        let own = std::mem::replace(http.headers_mut(), self.headers.clone());
        if let Some(key) = self.key() {
            http.headers_mut().insert(AUTHORIZATION, key.bearer());
        }
        replace_headers(http.headers_mut(), &own);
        let name = http.url().path().to_owned();
        let call = Call {
            name: &name,
            effect: request.effect,
            expects_json: request.expects_json,
            bodiless: &[],
            is_stream: false,
            limit: request.limit,
        };
        let span = tracing::info_span!("send", method = %http.method(), path = name);
        let sent = self.transport.exchange(&call, &http).instrument(span);
        let (answer, permit) = sent.await?;
        Ok(Exchange {
            received: whole(answer, request.effect)?,
            warnings: Vec::new(),
            effect: request.effect,
            permit,
        })
    }

    /// Reads a reply to a request with this effect that was sent by other means, as this
    /// client would.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), once the request was sent.
    pub async fn read_reply(
        &self,
        reply: Response,
        effect: Effect,
        expects_json: bool,
    ) -> Result<Received, Error> {
        let terms = self.transport.terms(&Call {
            name: "",
            effect,
            expects_json,
            bodiless: &[],
            is_stream: false,
            limit: None,
        });
        let received = read_whole(reply, &terms).await;
        received.map_err(|error| {
            self.transport
                .keys
                .redact_error(error)
                .after_attempts(effect, 1)
        })
    }

    /// Checks a request, and makes the HTTP request of it.
    fn checked(&self, operation: &Operation, request: &[u8]) -> Result<Checked, Error> {
        let request = Node::parse(request).map_err(unencodable)?;
        let api = &self.transport.api;
        let mut report: Report = (operation.check_request)(&request);
        api.check(operation, &request, &mut report);
        let warnings = report.take_warnings();
        report
            .conclude(Some(()))
            .map_err(|invalid| Error::invalid(operation, invalid))?;
        let mut http = self.http_request(operation, &request)?;
        replace_headers(http.headers_mut(), &api.headers(operation, &request));
        Ok(Checked {
            http,
            warnings,
            limit: api.limit_scope(operation, &request),
        })
    }

    /// The HTTP request that carries a request to an operation.
    fn http_request(&self, operation: &Operation, request: &Node<'_>) -> Result<Request, Error> {
        let encoded = operation.encode(request).map_err(|unsendable| {
            let message = format!("the request can't be sent: {unsendable}");
            Error::new(Stage::Invalid, message).caused_by(unsendable)
        })?;
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(unsendable)?;
        let base = self.base_url().as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{}", encoded.path)).map_err(unsendable)?;
        let mut http = Request::new(method, url);
        *http.headers_mut() = self.headers.clone();
        if let Some(accept) = accept(operation, false) {
            http.headers_mut().entry(ACCEPT).or_insert(accept);
        }
        let own = header_map(&encoded.headers)?;
        replace_headers(http.headers_mut(), &own);
        let is_given = |credential| self.gives(operation, credential);
        for (credential, key) in self.transport.keys.shown(operation, &is_given)? {
            show(credential, key, &own, &mut http)?;
        }
        if let Some(body) = encoded.body {
            let media_type = HeaderValue::try_from(body.media_type).map_err(unsendable)?;
            http.headers_mut().insert(CONTENT_TYPE, media_type);
            *http.body_mut() = Some(body.bytes.into());
        }
        Ok(http)
    }

    /// Whether a request sends this credential itself: as a parameter, or in a header of all
    /// requests.
    fn gives(&self, operation: &Operation, credential: Credential) -> bool {
        let has_parameter = |location, name: &str| {
            let mut parameters = operation.parameters.into_iter().flatten();
            parameters.any(|one| {
                one.location == location
                    && match location {
                        Location::Header => one.name.eq_ignore_ascii_case(name),
                        _ => one.name == name,
                    }
            })
        };
        if let Some(name) = header_of(credential) {
            return self.headers.contains_key(name) || has_parameter(Location::Header, name);
        }
        match credential {
            Credential::Query(name) => has_parameter(Location::Query, name),
            Credential::Cookie(name) => has_parameter(Location::Cookie, name),
            _ => false,
        }
    }
}

/// A request that may be sent.
struct Checked {
    http: Request,
    warnings: Vec<Warning>,
    limit: Option<LimitScope>,
}

/// The reply to a call that is not read as it comes.
fn whole(answer: Answer, effect: Effect) -> Result<Received, Error> {
    match answer {
        Answer::Whole(received) => Ok(received),
        Answer::Open(opened) => {
            let message = "the reply is read as a stream although none was asked for";
            let error = Error::new(Stage::Unreadable, message);
            Err(error.after_attempts(effect, opened.attempts))
        }
    }
}

/// The error of a reply that is not the stream that was asked for.
fn no_stream(received: Received, effect: Effect) -> Error {
    let media = received.headers.get(CONTENT_TYPE);
    let media = media.map_or("without a media type".to_owned(), |media| {
        format!(
            "of {}",
            short_excerpt(&String::from_utf8_lossy(media.as_bytes()))
        )
    });
    let message = format!("the reply reports success and is {media}, not a stream of events");
    let attempts = received.attempts;
    Error::new(Stage::Unreadable, message)
        .with_reply(received.into())
        .after_attempts(effect, attempts)
}

/// Whether the document says that a reply that reports success is JSON.
fn promises_json(operation: &Operation) -> bool {
    let mut statuses = operation.responses.iter().map(|response| response.status);
    operation.reply == Media::Json && statuses.any(|status| (200..300).contains(&status))
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(unsendable)?;
        map.append(name, HeaderValue::try_from(value).map_err(unsendable)?);
    }
    Ok(map)
}

/// Puts `others` in place of the headers with the same names.
fn replace_headers(headers: &mut HeaderMap, others: &HeaderMap) {
    for name in others.keys() {
        headers.remove(name);
    }
    for (name, value) in others {
        headers.append(name, value.clone());
    }
}

fn unencodable(error: serde_json::Error) -> Error {
    Error::new(Stage::Invalid, "the request has no JSON form").caused_by(error)
}

/// The document's method, path or headers are not valid.
fn unsendable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the operation is not a valid HTTP request: {error}");
    Error::new(Stage::Configuration, message).caused_by(error)
}
