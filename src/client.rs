//! A client: what it is set up with, and what it sends.

use std::path::PathBuf;
use std::time::Duration;

use apifox_runtime::{Credential, Decode, Endpoint, Media, Node, Operation, Warning};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, RequestBuilder, Url};
use serde_json::Value;
use tracing::Instrument as _;

use crate::builder::{Builder, Calls};
use crate::download::Downloader;
use crate::error::{Error, Nature, Stage};
use crate::exchange::Call;
use crate::input::check_images;
use crate::key::Key;
use crate::limiter::{Permit, What};
use crate::reply::{Received, Reply};
use crate::retry::Retries;

/// The environment variable with the gateway's key.
pub const GATEWAY_KEY: &str = "INKSTONE_API_KEY";
/// The environment variable with DashScope's key.
pub const DASHSCOPE_KEY: &str = "DASHSCOPE_API_KEY";
/// DashScope's shared host in Beijing. A key belongs to one region; Singapore is
/// `https://dashscope-intl.aliyuncs.com`.
pub const DASHSCOPE_BASE_URL: &str = "https://dashscope.aliyuncs.com";

/// The DashScope workspace that a request is made in.
const WORKSPACE: &str = "x-dashscope-workspace";
/// Has DashScope fetch inputs from its own storage.
const RESOLVE_OSS: &str = "x-dashscope-ossresourceresolve";

/// A client of one API, with its address and key. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) downloader: Downloader,
    pub(crate) base: Url,
    pub(crate) key: Key,
    pub(crate) workspace: Option<HeaderValue>,
    pub(crate) calls: Calls,
}

impl Client {
    /// A client of the API at `base_url`, which the paths of the documents are
    /// appended to.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder::new(base_url.into())
    }

    /// A client of DashScope at [`DASHSCOPE_BASE_URL`], with the key from
    /// [`DASHSCOPE_KEY`] unless one is given.
    pub fn dashscope() -> Builder {
        Self::builder(DASHSCOPE_BASE_URL).key_variable(DASHSCOPE_KEY)
    }

    /// This client with another deadline: how long each of its calls may take in
    /// all. Connections and limits are shared.
    ///
    /// ```no_run
    /// # async fn run(
    /// #     client: inkstone::Client,
    /// #     request: inkstone::gateway::wan2_7_image_pro::Request,
    /// # ) -> Result<(), inkstone::Error> {
    /// use std::time::Duration;
    ///
    /// let hurried = client.with_deadline(Duration::from_secs(60));
    /// let reply = hurried.send(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, limit: impl Into<Option<Duration>>) -> Self {
        let mut client = self.clone();
        client.calls.deadline = limit.into();
        client
    }

    /// This client with other retries. Connections and limits are shared.
    #[must_use]
    pub fn with_retries(&self, retries: Retries) -> Self {
        let mut client = self.clone();
        client.calls.retries = retries;
        client
    }

    /// This client with another directory that long pictures of its replies go to, or
    /// with none: see [`Builder::spool`]. Connections and limits are shared.
    #[must_use]
    pub fn with_spool(&self, directory: impl Into<Option<PathBuf>>) -> Self {
        let mut client = self.clone();
        client.calls.spool = directory.into();
        client
    }

    /// Checks `request`, sends it, and reads the reply.
    ///
    /// It is sent again only as the client's [`Retries`] say, and everything
    /// together takes no longer than its deadline. Dropping the future drops the
    /// connection; what the API had taken by then it may still do, and bill.
    ///
    /// # Errors
    ///
    /// See [`Stage`]; a reply that reports success is only an error when it is
    /// no JSON, is too long, or reports an error after all.
    pub async fn send<E: Endpoint>(&self, request: &E) -> Result<Reply<E::Response>, Error> {
        let body = serde_json::to_vec(request).map_err(unencodable)?;
        let sent = self.checked(E::OPERATION, body, &HeaderMap::new()).await?;
        Ok(typed(sent.received, sent.warnings))
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
        let sent = self.checked(operation, body, &HeaderMap::new()).await?;
        Ok(untyped(operation, sent.received, sent.warnings))
    }

    /// Checks a body, and sends it with these headers beside the usual ones.
    pub(crate) async fn checked(
        &self,
        operation: &Operation,
        body: Vec<u8>,
        headers: &HeaderMap,
    ) -> Result<Sent, Error> {
        let (checked, encoded) = {
            let request = Node::parse(&body).map_err(unencodable)?;
            (check(operation, &request)?, encoded(operation, &request)?)
        };
        for warning in &checked.warnings {
            tracing::warn!(api = operation.api, document = operation.name, %warning);
        }
        let mut headers = headers.clone();
        if checked.names_oss {
            headers.insert(RESOLVE_OSS, HeaderValue::from_static("enable"));
        }
        let nature = nature(operation.method);
        let call = Call {
            nature,
            json: promises_json(operation),
            api: operation.api,
            what: match nature {
                Nature::Query => What::Task,
                _ => What::Model(checked.model.as_deref()),
            },
        };
        let span = tracing::info_span!("send", api = operation.api, document = operation.name);
        let (received, permit) = self
            .exchange(&call, || self.request(operation, &encoded, &headers))
            .instrument(span)
            .await?;
        Ok(Sent {
            received,
            warnings: checked.warnings,
            permit,
        })
    }

    /// The HTTP request that carries what was encoded to an operation.
    fn request(
        &self,
        operation: &Operation,
        encoded: &Parts,
        headers: &HeaderMap,
    ) -> Result<Request, Error> {
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(unsendable)?;
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{}", encoded.path)).map_err(unsendable)?;
        let request = self.authorized(self.http.request(method, url), operation)?;
        let mut request = self.located(request).headers(encoded.headers.clone());
        if let Some((media_type, bytes)) = &encoded.body {
            request = request.header(CONTENT_TYPE, media_type).body(bytes.clone());
        }
        request.headers(headers.clone()).build().map_err(unsendable)
    }

    /// A request to the API, with the headers that all of them have.
    pub(crate) fn addressed(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        self.located(request.header(AUTHORIZATION, self.key.bearer()))
    }

    /// A request with the key, where the operation wants it.
    fn authorized(
        &self,
        request: RequestBuilder,
        operation: &Operation,
    ) -> Result<RequestBuilder, Error> {
        Ok(match operation.credential() {
            Some(Credential::Bearer) => request.header(AUTHORIZATION, self.key.bearer()),
            Some(Credential::Basic) => request.header(AUTHORIZATION, self.key.basic()),
            Some(Credential::Header(name)) => {
                let name = HeaderName::try_from(name).map_err(unsendable)?;
                request.header(name, self.key.plain())
            }
            _ => {
                // In the query, logs along the way would show it.
                let message = "the operation wants other than one key in a header: give it as \
                               a parameter, by a correction of the document";
                return Err(Error::new(Stage::Configuration, message));
            }
        })
    }

    /// A request with the workspace that it is made in.
    fn located(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.workspace {
            Some(workspace) => request.header(WORKSPACE, workspace),
            None => request,
        }
    }
}

/// Whether the document says that a reply that reports success is JSON.
fn promises_json(operation: &Operation) -> bool {
    let succeeds = |it: &apifox_runtime::Response| (200..300).contains(&it.status);
    operation.reply == Media::Json && operation.responses.iter().any(succeeds)
}

/// A request in the parts that HTTP has for it.
struct Parts {
    path: String,
    headers: HeaderMap,
    body: Option<(String, bytes::Bytes)>,
}

fn encoded(operation: &Operation, request: &Node<'_>) -> Result<Parts, Error> {
    let encoded = operation.encode(request).map_err(|unsendable| {
        let message = format!("the request can't be sent: {unsendable}");
        Error::new(Stage::Invalid, message).caused_by(unsendable)
    })?;
    let mut headers = HeaderMap::new();
    for (name, value) in &encoded.headers {
        let name = HeaderName::try_from(name).map_err(unsendable)?;
        headers.append(name, HeaderValue::try_from(value).map_err(unsendable)?);
    }
    Ok(Parts {
        path: encoded.path,
        headers,
        body: encoded.body.map(|it| (it.media_type, it.bytes.into())),
    })
}

/// What came of a body that was sent.
pub(crate) struct Sent {
    pub received: Received,
    pub warnings: Vec<Warning>,
    pub permit: Permit,
}

/// A reply, beside what its document has it be.
pub(crate) fn typed<T: Decode>(received: Received, warnings: Vec<Warning>) -> Reply<T> {
    Reply {
        typed: T::decode_root(&Node::from(&received.json)),
        received,
        warnings,
    }
}

/// A reply as JSON, checked against the document of an operation.
pub(crate) fn untyped(
    operation: &Operation,
    received: Received,
    warnings: Vec<Warning>,
) -> Reply<Value> {
    let report = (operation.check_response)(&Node::from(&received.json));
    Reply {
        typed: report.conclude(Some(received.json.clone())),
        received,
        warnings,
    }
}

pub(crate) fn unencodable(error: serde_json::Error) -> Error {
    Error::new(Stage::Invalid, "the request has no JSON form").caused_by(error)
}

/// The document's method or path is none.
pub(crate) fn unsendable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the operation makes no HTTP request: {error}");
    Error::new(Stage::Configuration, message).caused_by(error)
}

/// What a request with this method does.
fn nature(method: &str) -> Nature {
    match method {
        "GET" | "HEAD" => Nature::Query,
        _ => Nature::Submission,
    }
}

/// What a look at a request's body has found.
struct Checked {
    warnings: Vec<Warning>,
    model: Option<String>,
    /// Whether it has the API fetch something from `oss://`.
    names_oss: bool,
}

/// Checks a request before it is sent.
fn check(operation: &Operation, request: &Node<'_>) -> Result<Checked, Error> {
    let mut report = (operation.check_request)(request);
    check_images(operation, request)
        .into_iter()
        .for_each(|it| report.add(it));
    let warnings = report.take_warnings();
    report.conclude(Some(())).map_err(|invalid| {
        Error::invalid(&format!("{}/{}", operation.api, operation.name), invalid)
    })?;
    Ok(Checked {
        warnings,
        model: model(operation, request),
        names_oss: names_oss(request),
    })
}

fn model(operation: &Operation, request: &Node<'_>) -> Option<String> {
    let body = match operation.parameters {
        Some(_) => request.get("body")?,
        None => request,
    };
    body.get("model")?.as_str().map(str::to_owned)
}

fn names_oss(node: &Node<'_>) -> bool {
    match node {
        Node::String(text) => text.starts_with("oss://"),
        Node::Array(items) => items.iter().any(names_oss),
        Node::Object(members) => members.iter().any(|(_, member)| names_oss(member)),
        _ => false,
    }
}
