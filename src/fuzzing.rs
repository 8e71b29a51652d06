//! An outsider's answer, through all that is done with one: for the fuzz target
//! `reply`, and for the test that replays its corpus.
//!
//! An answer is written as text: its status, its headers a line each, an empty line
//! and the body. The header `x-cut` has the body break off before its end.

#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::sync::OnceLock;

use apifox_runtime::Node;
use bytes::Bytes;
use http_body::Frame;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Response};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::client::{Client, untyped};
use crate::deadline::Deadline;
use crate::error::{Error, Nature};
use crate::generated::OPERATIONS;
use crate::image::{self, Image, Source};
use crate::key::Key;
use crate::receive::{Terms, receive};
use crate::reply::Received;
use crate::task::{Task, TaskList};
use crate::tasks::{as_it_came, not_about_a_task};

/// The key that the client has; an answer may quote it, and nothing shows it.
const KEY: &str = "sk-fuzz-0123456789";

/// As many bytes as a body may have.
const LARGEST: usize = 1 << 16;

/// Reads `data` as an answer, by every road that an answer takes.
///
/// # Panics
///
/// When something is lost, or shown that must not be.
pub fn reply(data: &[u8]) {
    let Some(answer) = Answer::read(data) else {
        return;
    };
    for nature in [Nature::Submission, Nature::Query] {
        match runtime().block_on(receive(answer.response(), &terms(nature))) {
            Ok(received) => accepted(received, nature),
            Err(error) => {
                let came = error.body().expect("the body of what came");
                assert!(answer.is_start(came), "a body is lost");
                is_fit_to_show(&error.without(KEY).made_by(nature, 1, false));
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
        let (head, body) = match data.windows(2).position(|it| it == b"\n\n") {
            Some(end) => (&data[..end], &data[end + 2..]),
            None => (data, &[][..]),
        };
        let mut lines = head.split(|it| *it == b'\n');
        let status = std::str::from_utf8(lines.next()?).ok()?.trim().parse();
        let mut headers = HeaderMap::new();
        for line in lines {
            let colon = line.iter().position(|it| *it == b':')?;
            let name = HeaderName::from_bytes(&line[..colon]).ok()?;
            headers.append(
                name,
                HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?,
            );
        }
        Some(Self {
            status: status.ok().filter(|it| (200..1000).contains(it))?,
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
        let mut response = http::Response::new(Body::wrap(pieces));
        *response.status_mut() = self.status.try_into().expect("a status");
        *response.headers_mut() = self.headers.clone();
        response.into()
    }

    /// Whether this is as much of the body as there is or is allowed.
    fn is_start(&self, came: &[u8]) -> bool {
        came == &self.body[..self.body.len().min(LARGEST)]
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

fn terms(nature: Nature) -> Terms<'static> {
    Terms {
        nature,
        json: nature == Nature::Submission,
        deadline: Deadline::after(None),
        largest: LARGEST,
        spool: None,
        key: KEY,
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_current_thread().build().expect("a runtime"))
}

fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let client = Client::builder("https://gateway.invalid").key(KEY);
        client.build().expect("a client")
    })
}

/// What is done with a reply that reports success.
fn accepted(received: Received, nature: Nature) {
    is_read_alike(&received);
    for operation in OPERATIONS {
        is_checked(operation, &received.json);
    }
    let images = image::find(&received.json, &received.spools);
    images.iter().for_each(|it| is_found(it, &received.json));
    images.iter().for_each(is_brought);
    let reply = untyped(OPERATIONS[0], received, Vec::new());
    does_not_show_the_key(&format!("{reply:?}{:?}", reply.request_id()));
    asked_about(reply.received, nature);
}

/// A body is the same value with borrowed text and without.
fn is_read_alike(received: &Received) {
    if received.json.is_null() {
        return;
    }
    let node = Node::parse(&received.body).expect("JSON");
    assert_eq!(node.to_value(), received.json);
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

/// A picture is where its pointer says.
fn is_found(image: &Image, json: &Value) {
    let Some(Value::String(text)) = json.pointer(&image.pointer) else {
        // A pointer into the text of `metadata` does not lead there by itself.
        assert!(image.pointer.contains("/metadata/"), "{}", image.pointer);
        return;
    };
    // Nothing is spooled here.
    if let Source::Url(source) | Source::Base64(source) = &image.source {
        assert!(text.ends_with(source.as_str()));
    }
}

/// A picture in the reply is decoded, and one whose URL is none refused; others are
/// on servers.
fn is_brought(image: &Image) {
    let is_remote = match &image.source {
        Source::Url(url) => reqwest::Url::parse(url).is_ok(),
        Source::Base64(_) | Source::Spooled(_) => false,
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
fn asked_about(received: Received, nature: Nature) {
    let list = TaskList {
        reply: as_it_came(received),
    };
    drop(format!("{:?}", list.tasks()));
    let Ok(key) = Key::new(KEY) else {
        unreachable!("the key is a header");
    };
    match Task::read("task-1", list.reply, &key) {
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
        Err(reply) => is_fit_to_show(&not_about_a_task(reply.received, nature)),
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
