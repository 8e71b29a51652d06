//! An outsider's answer, through all that is done with one: for the fuzz target
//! `reply`, and for the test that replays its corpus.
//!
//! An answer is written as text: its status, its headers a line each, an empty line
//! and the body. The header `x-cut` has the body break off before its end.

#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::sync::OnceLock;

use apifox_client::{Effect, Exchange, Key, Permit, Received};
use apifox_runtime::Node;
use bytes::Bytes;
use http_body::Frame;
use reqwest::Response;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::client::Client;
use crate::error::Error;
use crate::generated::OPERATIONS;
use crate::images::find;
use crate::images::image::{Image, Source};
use crate::images::spool::Spools;
use crate::reply::Reply;
use crate::tasks::calls::not_about_a_task;
use crate::tasks::list::TaskList;
use crate::tasks::task::Task;

/// The key that the client has; an answer may quote it, and nothing shows it.
const KEY: &str = "sk-fuzz-0123456789";

/// As many bytes as a body may have.
const LARGEST: usize = 1 << 16;

/// Reads `data` as an answer, in every way that an answer is read.
///
/// # Panics
///
/// When something is lost, or shown that must not be.
pub fn reply(data: &[u8]) {
    let Some(answer) = Answer::read(data) else {
        return;
    };
    for effect in [Effect::MayCost, Effect::Safe] {
        let expects_json = effect == Effect::MayCost;
        let read = client()
            .http
            .read_reply(answer.response(), effect, expects_json);
        match runtime().block_on(read).map_err(Error::from) {
            Ok(received) => accepted(received, effect),
            Err(error) => {
                let came = error.body().expect("the body of what came");
                assert!(answer.is_start(came), "a body is lost");
                is_fit_to_show(&error);
            }
        }
    }
}

/// What a server sends.
struct Answer<'a> {
    status: u16,
    headers: HeaderMap,
    cut: bool,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    fn read(data: &'a [u8]) -> Option<Self> {
        let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
            Some(end) => (&data[..end], &data[end + 2..]),
            None => (data, &[][..]),
        };
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = std::str::from_utf8(lines.next()?).ok()?.trim().parse();
        let mut headers = HeaderMap::new();
        for line in lines {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = HeaderName::from_bytes(&line[..colon]).ok()?;
            headers.append(
                name,
                HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?,
            );
        }
        Some(Self {
            status: status.ok().filter(|status| (200..1000).contains(status))?,
            cut: headers.remove("x-cut").is_some(),
            headers,
            body,
        })
    }

    fn response(&self) -> Response {
        let pieces = Pieces {
            rest: Bytes::copy_from_slice(self.body),
            cut: self.cut,
        };
        let mut response = http::Response::new(reqwest::Body::wrap(pieces));
        *response.status_mut() = self.status.try_into().expect("a status");
        *response.headers_mut() = self.headers.clone();
        response.into()
    }

    /// Whether this is as much of the body as there is or is allowed, but for the key.
    fn is_start(&self, came: &[u8]) -> bool {
        let is_decoded = self.headers.contains_key("content-encoding");
        let is_blanked = String::from_utf8_lossy(came).contains('…');
        is_decoded || is_blanked || came == &self.body[..self.body.len().min(LARGEST)]
    }
}

/// A body in pieces; one that is cut ends in an error.
struct Pieces {
    rest: Bytes,
    cut: bool,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::io::Result<Frame<Bytes>>>> {
        /// Smaller than most bodies, so that they come in several.
        const PIECE: usize = 256;
        let length = self.rest.len().min(PIECE);
        std::task::Poll::Ready(match (length, self.cut) {
            (0, false) => None,
            (0, true) => {
                self.cut = false;
                Some(Err(std::io::ErrorKind::ConnectionReset.into()))
            }
            _ => Some(Ok(Frame::data(self.rest.split_to(length)))),
        })
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_current_thread().build().expect("a runtime"))
}

fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let client = Client::builder("https://gateway.invalid");
        let client = client.key(KEY).deadline(None).largest_reply(LARGEST);
        client.build().expect("a client")
    })
}

/// What is done with a reply that reports success.
fn accepted(received: Received, effect: Effect) {
    is_read_alike(&received);
    for operation in OPERATIONS {
        is_checked(operation, &received.json);
    }
    let spools = Spools::attached_to(&received.body);
    let images = find::find(received.body.bytes.clone(), spools);
    images.iter().for_each(is_brought);
    let exchange = Exchange {
        received,
        warnings: Vec::new(),
        effect,
        permit: Permit::default(),
    };
    let reply: Reply<Value> = exchange.checked(OPERATIONS[0]).into();
    does_not_show_the_key(&format!("{reply:?}{:?}", reply.request_id()));
    asked_about(reply.into_received(), effect);
}

/// A body is the same value with borrowed text and without, unless it has a number that is
/// not kept as it is written.
fn is_read_alike(received: &Received) {
    if received.json.is_null() || received.flaw.is_some() {
        return;
    }
    match Node::parse(&received.body.bytes) {
        Ok(node) => assert_eq!(node.to_value(), received.json),
        Err(error) => assert!(
            error.to_string().contains("more digits than are kept"),
            "{error}"
        ),
    }
}

/// Deviations are told; what has none is kept as it is.
fn is_checked(operation: &apifox_runtime::Operation, json: &Value) {
    let node = Node::from(json);
    let _ = (operation.check_error)(&node).conclude(Some(()));
    match (operation.check_response)(&node).conclude(Some(())) {
        Ok(()) => {
            let recode = operation.recode_response.expect("the feature `recode`");
            let recoded = recode(&node).expect("what was accepted");
            assert_eq!(recoded, node, "{}", operation.name);
        }
        Err(invalid) => {
            assert!(!invalid.violations().is_empty(), "deviates in nothing");
            drop(invalid.to_string());
        }
    }
}

/// A picture in the reply is decoded, and one whose URL is none refused; others are
/// on servers.
fn is_brought(image: &Image) {
    let is_remote = match &image.source {
        Source::Url(url) => reqwest::Url::parse(url).is_ok(),
        Source::Base64(_) | Source::Bytes(_) | Source::Spooled(_) => false,
    };
    if is_remote {
        return;
    }
    match runtime().block_on(client().bytes(image)) {
        Ok(bytes) => assert!(!bytes.is_empty(), "an empty picture"),
        Err(error) => is_fit_to_show(&error),
    }
}

/// What a task or a list of tasks would be read from it.
fn asked_about(received: Received, effect: Effect) {
    let list = TaskList {
        reply: received.unchecked().into(),
    };
    drop(format!("{:?}", list.tasks()));
    let Ok(key) = Key::new(KEY) else {
        unreachable!("the key is a header");
    };
    match Task::read("task-1", list.reply, Some(&key)) {
        Ok(task) => {
            let over = task.status().is_final();
            assert_eq!(task.outcome().is_some(), over, "{}", task.status());
            let failures: Vec<String> = task.failures().iter().map(ToString::to_string).collect();
            drop((failures, task.images()));
            let is_picture = !task.images().is_empty();
            match task.into_pictures() {
                Ok(reply) => {
                    assert!(is_picture, "no picture");
                    does_not_show_the_key(&format!("{reply:?}"));
                }
                Err(error) => {
                    assert!(!is_picture, "a picture is lost: {error}");
                    is_fit_to_show(&error);
                }
            }
        }
        Err(reply) => is_fit_to_show(&not_about_a_task(reply.into_received(), effect)),
    }
}

/// A line or two, of which none commands a terminal.
fn is_fit_to_show(error: &Error) {
    let shown = error.to_string();
    assert!(shown.len() < 4096, "{} bytes: {shown}", shown.len());
    assert!(!shown.contains(char::is_control), "{shown:?}");
    does_not_show_the_key(&format!("{shown}{error:?}{:?}", error.code()));
    let _ = (
        error.is_retryable(),
        error.may_have_been_billed(),
        error.retry_after(),
    );
}

fn does_not_show_the_key(shown: &str) {
    assert!(!shown.contains(KEY), "{shown}");
}

#[cfg(test)]
#[path = "../fuzz/checks/corpus.rs"]
mod corpus;

#[cfg(test)]
mod tests {
    #[test]
    fn the_corpus_of_replies_is_read() {
        let archive = include_bytes!("../fuzz/corpus/reply.tar.gz");
        let count = super::corpus::replay(archive, super::reply);
        assert!(count > 1500, "{count} replies");
    }
}
