//! Replies that come as events, and bodies whose type their status says.

use std::time::Duration;

use apifox_client::{Api, Error, Events, Failure, RawReply, Stage};
use apifox_runtime::{Decode, Endpoint, EventEndpoint, Invalid, Node, Operation, Path, Report};
use serde::Serialize;
use serde_json::Value;

use crate::server::{Act, Server, header, reply};
use crate::shop::{KEY, Refusal, client, operation};

/// A request that is answered with events.
#[derive(Serialize)]
struct Chat {
    stream: bool,
}

/// What an event brings.
#[derive(Clone, Debug, PartialEq)]
struct Delta(String);

/// The body of an error.
#[derive(Debug, PartialEq)]
enum ChatError {
    Status400(Refusal),
    Status404(Value),
}

impl Decode for Chat {
    fn decode(_: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(Self { stream: true })
    }
}

impl Decode for Delta {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.get("delta").and_then(Node::as_str) {
            Some(delta) => Some(Self(delta.to_owned())),
            None => report.violation(at, "required", node, "a delta"),
        }
    }
}

impl Decode for ChatError {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        Refusal::decode(node, at, report).map(Self::Status400)
    }

    fn decode_reply(status: u16, node: &Node<'_>) -> Result<Self, Invalid> {
        match status {
            404 => Value::decode_root(node).map(Self::Status404),
            _ => Self::decode_root(node),
        }
    }
}

impl Endpoint for Chat {
    type Response = Value;
    type Error = ChatError;
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/pets";
    const OPERATION: &'static Operation = &operation("POST");
}

impl EventEndpoint for Chat {
    type Event = Delta;
}

/// An API that reports failures in events.
struct Failing;

impl Api for Failing {
    fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
        let json = reply.json?;
        Some(Failure {
            stage: Stage::Throttled,
            message: json.get("failed")?.as_str().map(str::to_owned),
            request_id: json.get("id").and_then(Value::as_str).map(str::to_owned),
            ..Failure::default()
        })
    }
}

const CHAT: Chat = Chat { stream: true };
const STREAM: &str = "content-type: text/event-stream; charset=utf-8\r\n";

async fn opened(server: &Server) -> Result<Events<Delta>, Error<ChatError>> {
    let shop = client(&server.url)
        .key(KEY)
        .api(Failing)
        .deadline(Duration::from_secs(2));
    shop.build().expect("a client").stream(&CHAT).await
}

/// All events of a stream: what they bring, or the error.
async fn all(mut events: Events<Delta>) -> Vec<Result<String, Error>> {
    let mut found = Vec::new();
    while let Some(event) = events.next().await {
        found.push(event.map(|event| match event.typed() {
            Ok(Delta(delta)) => delta.clone(),
            Err(invalid) => format!("{}: {invalid}", event.data()),
        }));
    }
    assert!(events.next().await.is_none());
    found
}

#[tokio::test]
async fn events_have_types_and_come_in_order() {
    let body = "id: 7\nevent: partial\ndata: {\"delta\": \"a\"}\n\n: still here\n\n\
                data: {\"delta\": \"b\"}\n\ndata: {\"other\": 1}\n\ndata: [DONE]\n\ndata: late\n\n";
    let server = Server::start(vec![reply("200 OK", STREAM, body)]).await;
    let mut events = opened(&server).await.expect("a stream");
    assert_eq!((events.status(), events.attempts()), (200, 1));
    let first = events.next().await.expect("an event").expect("an event");
    assert_eq!((first.name(), first.id()), (Some("partial"), Some("7")));
    assert_eq!(first.into_typed(), Ok(Delta("a".into())));
    let rest: Vec<String> = all(events).await.into_iter().map(Result::unwrap).collect();
    let deviating = "{\"other\": 1}: (root): required: expected a delta, found {\"other\":1}";
    assert_eq!(rest, ["b", deviating]);
    let request = &server.requests()[0];
    assert_eq!(header(request, "accept"), Some("text/event-stream"));
}

#[tokio::test]
async fn lines_of_json_are_events_as_well() {
    let headers = "content-type: application/x-ndjson\r\n";
    let body = "{\"delta\": \"a\"}\n{\"delta\": \"b\"}";
    let server = Server::start(vec![reply("200 OK", headers, body)]).await;
    let events = opened(&server).await.expect("a stream");
    let found: Vec<String> = all(events).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(found, ["a", "b"]);
}

#[tokio::test]
async fn the_key_is_in_no_event() {
    let body = format!("event: {KEY}\ndata: {{\"delta\": \"{KEY}\"}}\n\n");
    let server = Server::start(vec![reply("200 OK", STREAM, &body)]).await;
    let mut events = opened(&server).await.expect("a stream");
    let event = events.next().await.expect("an event").expect("an event");
    assert!(!format!("{event:?}").contains(KEY), "{event:?}");
    assert!(event.typed().is_ok());
}

#[tokio::test]
async fn a_failure_in_an_event_is_told_in_a_line_or_two() {
    // Where the text is cut, half of the key must not stay behind.
    let texts = (480..=520).map(|before| format!("{}{KEY}", "x".repeat(before)));
    for said in texts.chain(["a\u{1b}[2J\nb".into(), "y".repeat(100_000)]) {
        let event = serde_json::json!({"failed": said});
        let body = format!("data: {{\"delta\": \"a\"}}\n\ndata: {event}\n\n");
        let server = Server::start(vec![reply("200 OK", STREAM, &body)]).await;
        let mut found = all(opened(&server).await.expect("a stream")).await;
        let error = found.pop().expect("an end").expect_err("a failure");
        assert_eq!(error.stage(), Stage::Throttled);
        let shown = error.to_string();
        let start = "the API reports a failure in event 2: ";
        assert!(shown.starts_with(start), "{shown}");
        assert!(shown.len() < 700, "{} bytes", shown.len());
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert!(!shown.contains(&KEY[..6]), "{shown}");
    }
}

#[tokio::test]
async fn every_error_of_a_stream_has_the_request_id_and_the_wait() {
    let own = "data: {\"failed\": \"no\", \"id\": \"r-8\"}\n\n";
    let cases = [
        (own, "r-8"),
        ("data: {\"failed\": \"no\"}\n\n", "r-7"),
        // What was announced does not come.
        ("data: {", "r-7"),
    ];
    for (body, id) in cases {
        let head = format!(
            "HTTP/1.1 200 OK\r\n{STREAM}x-request-id: r-7\r\nretry-after: 5\r\n\
             transfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{body}\r\n",
            body.len()
        );
        let server = Server::start(vec![Act::Send(head.into_bytes())]).await;
        let mut found = all(opened(&server).await.expect("a stream")).await;
        let error = found.pop().expect("an end").expect_err("a failure");
        assert_eq!(error.request_id(), Some(id), "{error}");
        let wait = Some(Duration::from_secs(5));
        assert_eq!(error.retry_after(), wait, "{error}");
        assert_eq!(error.attempts(), 1);
    }
    // What is no stream at all.
    let headers = "x-request-id: r-7\r\nretry-after: 5\r\n";
    let server = Server::start(vec![reply("200 OK", headers, "{}")]).await;
    let error = opened(&server).await.expect_err("no stream");
    assert_eq!(error.request_id(), Some("r-7"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn a_stream_that_breaks_off_says_so_after_what_came() {
    let event = "data: {\"delta\": \"a\"}\n\n";
    let head =
        |length: usize| format!("HTTP/1.1 200 OK\r\n{STREAM}content-length: {length}\r\n\r\n");
    let cut = format!("{}{event}data: {{", head(100));
    let held = format!("{}{event}", head(100));
    let cases = [
        (Act::Send(cut.into_bytes()), "the reply broke off ("),
        (
            Act::Hold(held.into_bytes()),
            "the deadline of 2s passed after 1 event",
        ),
    ];
    for (act, expected) in cases {
        let server = Server::start(vec![act]).await;
        let mut found = all(opened(&server).await.expect("a stream")).await;
        let error = found.pop().expect("an end").expect_err("an error");
        assert!(error.message().starts_with(expected), "{error}");
        assert_eq!(
            (error.stage(), error.status()),
            (Stage::OutcomeUnknown, Some(200))
        );
        assert_eq!(found.len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_stream_is_kept() {
    let headers = "content-type: application/json\r\n";
    let server = Server::start(vec![reply("200 OK", headers, "{\"a\":1}")]).await;
    let error = opened(&server).await.expect_err("no stream");
    assert_eq!(
        error.to_string(),
        "the reply reports success and is of application/json, not a stream of events (HTTP 200)"
    );
    assert_eq!(error.stage(), Stage::Unreadable);
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"{\"a\":1}"[..]));
}

#[tokio::test]
async fn the_status_of_a_failure_says_what_its_body_is() {
    let reason = "{\"reason\": \"no\"}";
    let refusal = Refusal {
        reason: "no".into(),
    };
    let cases = [
        ("400 Bad Request", ChatError::Status400(refusal)),
        (
            "404 Not Found",
            ChatError::Status404(serde_json::json!({"reason": "no"})),
        ),
    ];
    for (status, expected) in cases {
        let server = Server::start(vec![reply(status, "", reason)]).await;
        let error = opened(&server).await.expect_err("refused");
        assert_eq!(error.typed(), Some(&expected));
        let shop = client(&server.url).build().expect("a client");
        let error = shop.send(&CHAT).await.expect_err("refused");
        assert_eq!(error.typed(), Some(&expected));
    }
}
