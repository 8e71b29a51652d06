//! Sends requests, one at a time, and reads what comes back.

use apifox_runtime::{Decode, Endpoint, Node, Operation, Warning};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Url};
use serde_json::Value;
use tracing::Instrument as _;

use crate::builder::Builder;
use crate::download::Downloader;
use crate::error::{Error, Stage};
use crate::input::check_images;
use crate::key::Key;
use crate::receive::{receive, unanswered};
use crate::reply::{Received, Reply};

/// The environment variable with the gateway's key.
pub const GATEWAY_KEY: &str = "INKSTONE_API_KEY";
/// The environment variable with DashScope's key.
pub const DASHSCOPE_KEY: &str = "DASHSCOPE_API_KEY";
/// DashScope's shared host in Beijing. A key belongs to one region; Singapore is
/// `https://dashscope-intl.aliyuncs.com`.
pub const DASHSCOPE_BASE_URL: &str = "https://dashscope.aliyuncs.com";

/// A client of one API, with its address and key. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) downloader: Downloader,
    pub(crate) base: Url,
    pub(crate) key: Key,
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
    check_images(operation, &node)
        .into_iter()
        .for_each(|it| report.add(it));
    let warnings = report.take_warnings();
    report.conclude(Some(())).map_err(|invalid| {
        Error::invalid(&format!("{}/{}", operation.api, operation.name), invalid)
    })?;
    Ok(warnings)
}
