//! A shop's operations, as the generator would write them.

use apifox_client::{Builder, Client, Retries};
use apifox_runtime::{Credential, Decode, Endpoint, Media, Node, Operation, Path, Report};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

use crate::server::{Server, ok};

pub const KEY: &str = "sk-never-to-be-shown";

/// What of a client can be tried again takes no time.
pub fn client(url: &str) -> Builder {
    let millisecond = Duration::from_millis(1);
    let retries = Retries::new(3).backoff(millisecond, 2 * millisecond);
    Client::builder(url).retries(retries)
}

/// An operation that is sent with this method, and takes and answers anything.
pub const fn operation(method: &'static str) -> Operation {
    Operation {
        api: "shop",
        name: "pets",
        method,
        path: "/pets",
        body: Some(Media::Json),
        document: "{}",
        check_request: |_| Report::default(),
        check_response: |_| Report::default(),
        check_error: |_| Report::default(),
        ..Operation::ANY
    }
}

/// The same with these ways to show who sends a request.
pub const fn secured(security: &'static [&'static [Credential]]) -> Operation {
    Operation {
        security,
        ..operation("GET")
    }
}

/// A request with a type.
#[derive(Serialize)]
pub struct Adopt {
    pub pet: &'static str,
}

/// The shop's error body.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    pub reason: String,
}

impl Decode for Adopt {
    fn decode(_: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(Self { pet: "cat" })
    }
}

impl Decode for Refusal {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.get("reason").and_then(Node::as_str) {
            Some(reason) => Some(Self {
                reason: reason.to_owned(),
            }),
            None => report.violation(at, "required", node, "a reason"),
        }
    }
}

impl Endpoint for Adopt {
    type Response = Value;
    type Error = Refusal;
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/pets";
    const OPERATION: &'static Operation = &operation("POST");
}

/// The request that came of one call with such a client.
pub async fn sent(operation: &Operation, set_up: impl FnOnce(Builder) -> Builder) -> String {
    let server = Server::start(vec![ok()]).await;
    let shop = set_up(client(&server.url)).build().expect("a client");
    let sent = shop.send_json(operation, &json!({})).await;
    sent.expect("a reply");
    server.requests().concat()
}
