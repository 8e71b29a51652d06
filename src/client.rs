//! Sends requests, one at a time, and reads what comes back.

use std::env;
use std::time::Duration;

use apifox_runtime::{Decode, Endpoint, Node, Operation, Warning};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Method, Response, Url};
use serde_json::Value;
use tracing::Instrument as _;

use crate::codes;
use crate::error::{Error, ErrorReply, Stage, excerpt};
use crate::fault;
use crate::image;
use crate::key::Key;
use crate::reply::{Received, Reply};
use crate::tls;

/// The environment variable with the gateway's key.
pub const GATEWAY_KEY: &str = "INKSTONE_API_KEY";
/// The environment variable with DashScope's key.
pub const DASHSCOPE_KEY: &str = "DASHSCOPE_API_KEY";
/// DashScope's shared host in Beijing. A key belongs to one region; Singapore is
/// `https://dashscope-intl.aliyuncs.com`.
pub const DASHSCOPE_BASE_URL: &str = "https://dashscope.aliyuncs.com";

/// The headers in which one API or the other gives the id of a request.
const REQUEST_ID_HEADERS: [&str; 3] = [
    "x-oneapi-request-id",
    "x-request-id",
    "x-dashscope-request-id",
];

/// A client of one API, with its address and key. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    base: Url,
    key: Key,
}

/// Sets up a [`Client`].
#[derive(Clone, Debug)]
pub struct Builder {
    base_url: String,
    key: Option<Key>,
    key_variable: &'static str,
    bad_key: bool,
    connect_timeout: Duration,
    read_timeout: Duration,
    allow_http: bool,
}

impl Builder {
    /// The key; without it, it is taken from the environment.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        let made = Key::new(key);
        self.bad_key = made.is_err() || key.trim().is_empty();
        self.key = made.ok();
        self
    }

    /// The environment variable to take the key from when none is given:
    /// [`GATEWAY_KEY`] unless said otherwise.
    #[must_use]
    pub fn key_variable(mut self, name: &'static str) -> Self {
        self.key_variable = name;
        self
    }

    /// How long to wait for a connection: 10 seconds unless said otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long to wait for the next bytes of a reply: 320 seconds unless said
    /// otherwise. The APIs answer when the picture is done, after up to 300.
    #[must_use]
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }

    /// Allows plain http to other machines, which shows them the key.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Stage::Configuration`]: the base URL is none, is plain http to another
    /// machine, there is no key, or the platform has no certificates.
    pub fn build(self) -> Result<Client, Error> {
        let base = self.base()?;
        let local = is_loopback(&base);
        let key = self.key_or_environment()?;
        let tls = tls::config(local).map_err(|error| {
            let message = format!("this machine trusts no certificate: {error}");
            Error::new(Stage::Configuration, message)
        })?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("inkstone/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            // The key must not follow a redirect; downloads follow them by hand.
            .redirect(Policy::none())
            // A request is submitted once: whether to do it again is the caller's call.
            .retry(reqwest::retry::never());
        if local {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| {
            Error::new(Stage::Configuration, "the HTTP client can't be set up").caused_by(error)
        })?;
        Ok(Client { http, base, key })
    }

    fn base(&self) -> Result<Url, Error> {
        let fault = |message: String| Err(Error::new(Stage::Configuration, message));
        let given = &self.base_url;
        let base = match Url::parse(given) {
            Ok(base) => base,
            Err(error) => {
                return fault(format!("the base URL {given:?} is no URL: {error}"));
            }
        };
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return fault(format!("the base URL {given:?} is neither http nor https"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return fault("the base URL must not hold a user name or password".into());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return fault(format!("the base URL {given:?} must end with its path"));
        }
        if base.scheme() == "http" && !self.allow_http && !is_loopback(&base) {
            return fault(format!(
                "plain http to {} would show the key to the network: use https, or allow http",
                base.host_str().unwrap_or_default()
            ));
        }
        Ok(base)
    }

    fn key_or_environment(&self) -> Result<Key, Error> {
        let fault = |message: String| Error::new(Stage::Configuration, message);
        if self.bad_key {
            return Err(fault(
                "the key given is empty or no text for a header".into(),
            ));
        }
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let variable = self.key_variable;
        let found = env::var(variable).unwrap_or_default();
        if found.trim().is_empty() {
            return Err(fault(format!(
                "no key: set the environment variable {variable}, or give the key"
            )));
        }
        Key::new(&found)
            .map_err(|_| fault(format!("the key in {variable} is no text for a header")))
    }
}

/// Whether the host is this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Client {
    /// A client of the API at `base_url`, which the paths of the documents are
    /// appended to.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base_url: base_url.into(),
            key: None,
            key_variable: GATEWAY_KEY,
            bad_key: false,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(320),
            allow_http: false,
        }
    }

    /// A client of DashScope at [`DASHSCOPE_BASE_URL`], with the key from
    /// [`DASHSCOPE_KEY`] unless one is given.
    pub fn dashscope() -> Builder {
        Self::builder(DASHSCOPE_BASE_URL).key_variable(DASHSCOPE_KEY)
    }

    /// Checks `request`, sends it, and reads the reply.
    ///
    /// It is sent once. Dropping the future drops the connection; what the API
    /// had taken by then it may still do, and bill.
    ///
    /// # Errors
    ///
    /// See [`Stage`]; a reply that reports success is only an error when it is
    /// no JSON or reports an error after all.
    pub async fn send<E: Endpoint>(&self, request: &E) -> Result<Reply<E::Response>, Error> {
        let body = serde_json::to_vec(request).map_err(unencodable)?;
        let (received, warnings) = self.checked(E::OPERATION, body).await?;
        let typed = E::Response::decode_root(&Node::from(&received.json));
        Ok(Reply {
            received,
            typed,
            warnings,
        })
    }

    /// Sends `body` to an operation that was chosen at run time.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_json(
        &self,
        operation: &Operation,
        body: &Value,
    ) -> Result<Reply<Value>, Error> {
        let body = serde_json::to_vec(body).map_err(unencodable)?;
        let (received, warnings) = self.checked(operation, body).await?;
        let report = (operation.check_response)(&Node::from(&received.json));
        let json = received.json.clone();
        Ok(Reply {
            typed: report.conclude(Some(json)),
            received,
            warnings,
        })
    }

    async fn checked(
        &self,
        operation: &Operation,
        body: Vec<u8>,
    ) -> Result<(Received, Vec<Warning>), Error> {
        let warnings = check(operation, &body)?;
        for warning in &warnings {
            tracing::warn!(api = operation.api, document = operation.name, %warning);
        }
        let span = tracing::info_span!("send", api = operation.api, document = operation.name);
        let received = self.exchange(operation, body).instrument(span).await?;
        Ok((received, warnings))
    }

    async fn exchange(&self, operation: &Operation, body: Vec<u8>) -> Result<Received, Error> {
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(|error| {
            Error::new(Stage::Configuration, "the document names no HTTP method").caused_by(error)
        })?;
        let url = self.url(operation.path)?;
        tracing::debug!(%method, %url, bytes = body.len(), "sending");
        let response = self
            .http
            .request(method, url)
            .header(AUTHORIZATION, self.key.header())
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await
            .map_err(unanswered)?;
        receive(response)
            .await
            .map_err(|error| error.without(self.key.text()))
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}{path}")).map_err(|error| {
            Error::new(Stage::Configuration, "the document's path makes no URL").caused_by(error)
        })
    }
}

fn unencodable(error: serde_json::Error) -> Error {
    Error::new(Stage::Invalid, "the request has no JSON form").caused_by(error)
}

/// Checks a request's body before it is sent.
fn check(operation: &Operation, body: &[u8]) -> Result<Vec<Warning>, Error> {
    let node = Node::parse(body).map_err(unencodable)?;
    let mut report = (operation.check_request)(&node);
    let warnings = report.take_warnings();
    report.conclude(Some(())).map_err(|invalid| {
        Error::invalid(&format!("{}/{}", operation.api, operation.name), invalid)
    })?;
    Ok(warnings)
}

/// No reply came: was the request sent?
fn unanswered(error: reqwest::Error) -> Error {
    // The URL of an error is the API's, without the key; shorter without it.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        return Error::new(
            Stage::NotSent,
            format!("the API can't be reached: {}", causes(&error)),
        )
        .caused_by(error);
    }
    let message = if error.is_timeout() {
        "no reply came in time; the request may still be carried out and billed".to_owned()
    } else {
        format!(
            "the connection broke before a reply came; the request may have been carried out and billed: {}",
            causes(&error)
        )
    };
    Error::new(Stage::OutcomeUnknown, message).caused_by(error)
}

/// The innermost cause says most.
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

async fn receive(response: Response) -> Result<Received, Error> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut reply = ErrorReply {
        status,
        request_id: request_id(&headers),
        retry_after: retry_after(&headers),
        ..ErrorReply::default()
    };
    reply.body = match read(response).await {
        Ok(body) => body,
        Err((read, error)) => {
            let error = error.without_url();
            let message = format!(
                "the reply broke off after {} bytes; the request may have been carried out and billed: {}",
                read.len(),
                causes(&error)
            );
            reply.body = read;
            return Err(Error::new(Stage::OutcomeUnknown, message)
                .with_reply(reply)
                .caused_by(error));
        }
    };
    tracing::debug!(status, bytes = reply.body.len(), "received");
    let json = serde_json::from_slice::<Value>(&reply.body);
    if !(200..300).contains(&status) {
        return Err(refused(reply, json.ok().as_ref()));
    }
    let json = match json {
        Ok(json) => json,
        Err(error) => {
            let excerpt = excerpt(&reply.body);
            let message = format!("the reply reports success but is no JSON ({error}): {excerpt}");
            return Err(Error::new(Stage::Unreadable, message).with_reply(reply));
        }
    };
    // What was paid for is kept, even if the reply reports an error beside it.
    if fault::read(&json).is_some() && image::find(&json).is_empty() {
        return Err(refused(reply, Some(&json)));
    }
    let in_body = json.get("request_id").and_then(Value::as_str);
    Ok(Received {
        status,
        headers,
        request_id: in_body.map(str::to_owned).or(reply.request_id),
        body: reply.body,
        json,
    })
}

/// The whole body; or what of it came before it broke off.
async fn read(mut response: Response) -> Result<Bytes, (Bytes, reqwest::Error)> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.into()),
            Err(error) => return Err((body.into(), error)),
        }
    }
}

/// The error for a reply that reports a failure.
fn refused(mut reply: ErrorReply, json: Option<&Value>) -> Error {
    let fault = json.and_then(fault::read).unwrap_or_default();
    let stage = codes::classify(fault.code.as_deref(), reply.status);
    let said = match &fault.message {
        Some(message) => excerpt(message.as_bytes()),
        None if reply.body.is_empty() => "an empty body".to_owned(),
        None => excerpt(&reply.body),
    };
    let message = match stage {
        Stage::Account => format!("the API refused the key or the account: {said}"),
        Stage::Throttled => {
            format!("the API has too much to do and did not take the request: {said}")
        }
        Stage::OutcomeUnknown if reply.status == 524 => format!(
            "a proxy before the API gave up waiting; the request may have been carried out and billed: {said}"
        ),
        Stage::OutcomeUnknown => {
            format!("the API failed; the request may have been carried out and billed: {said}")
        }
        _ if (200..300).contains(&reply.status) => {
            format!("the API refused the request, under a status that reports success: {said}")
        }
        _ => format!("the API refused the request: {said}"),
    };
    reply.code = fault.code;
    reply.request_id = fault.request_id.or(reply.request_id);
    Error::new(stage, message).with_reply(reply)
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS
        .iter()
        .find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse();
    seconds.ok().map(Duration::from_secs)
}
