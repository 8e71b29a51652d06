//! Replies that are not quite what they should be, and not lost for it.

use std::io::Write as _;
use std::time::Duration;

use apifox_client::{Api, RawReply, Retries, Stage};
use apifox_runtime::{Operation, Report, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::server::{Act, Server, header, reply};
use crate::shop::{KEY, client, operation};

/// An API whose replies bring something if they name a cat.
struct Cats;

impl Api for Cats {
    fn salvages(&self, reply: &RawReply<'_>) -> bool {
        reply.json.is_some_and(|json| json["cat"].is_string())
    }
}

/// An operation whose document promises JSON.
fn adopt() -> Operation {
    const RESPONSES: &[Response] = &[Response {
        status: 200,
        is_range: false,
        name: "",
        pointer: "",
        is_text: false,
        check: |_| Report::default(),
    }];
    Operation {
        responses: RESPONSES,
        ..operation("POST")
    }
}

fn raw(head: &str, body: &[u8]) -> Act {
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{head}\r\n");
    Act::Send([head.as_bytes(), body].concat())
}

#[tokio::test]
async fn what_is_nearly_json_and_brings_something_is_a_reply() {
    let bodies: [&[u8]; 6] = [
        b"\xef\xbb\xbf{\"cat\":\"a\"}",
        b"{\"cat\":\"a\",\"b\":1e400}",
        b"{\"cat\":\"a\",\"b\":\"\\ud800\"}",
        b"{\"cat\":\"a\",\"b\":\"\xff\"}",
        b"{\"cat\":\"a\"}\n{\"more\":1}",
        b"{\"cat\":\"a\"",
    ];
    for body in bodies {
        let server = Server::start(vec![raw("", body)]).await;
        let shop = client(&server.url).api(Cats).build().expect("a client");
        let sent = shop.send_json(&adopt(), &json!({})).await;
        let reply = sent.expect("a reply");
        assert_eq!(reply.json()["cat"], "a");
        assert_eq!(&reply.body()[..], body);
        let flaw = reply.flaw().expect("a flaw");
        assert!(flaw.starts_with("is not JSON ("), "{flaw}");
        // Without a cat, or with an API that knows none, it is what it was.
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&adopt(), &json!({})).await;
        assert_eq!(sent.expect_err("not JSON").stage(), Stage::Unreadable);
    }
}

/// A tree of them would take a hundred times their memory, whoever sent them.
#[tokio::test]
async fn more_values_than_are_read_are_an_error_that_keeps_them() {
    let values = "[0],".repeat(100_000);
    let body = format!("{{\"cat\":\"a\",\"a\":[{values}0]}}");
    let cases = [
        (300_000, Ok(())),
        (200_000, Err("has more than 200000 values")),
    ];
    for (most, expected) in cases {
        let server = Server::start(vec![raw("", body.as_bytes())]).await;
        let shop = client(&server.url).api(Cats).most_values(most);
        let shop = shop.build().expect("a client");
        let sent = shop.send_json(&adopt(), &json!({})).await;
        match (sent, expected) {
            (Ok(reply), Ok(())) => {
                assert_eq!((&reply.json()["cat"], reply.flaw()), (&json!("a"), None))
            }
            // What is read of it has the cat; an API that wants none is told.
            (Ok(reply), Err(flaw)) => assert!(reply.flaw().is_some_and(|it| it.starts_with(flaw))),
            (Err(error), _) => panic!("{error}"),
        }
        let server = Server::start(vec![raw("", body.as_bytes())]).await;
        let shop = client(&server.url)
            .most_values(most)
            .build()
            .expect("a client");
        let sent = shop.send_json(&adopt(), &json!({})).await;
        match expected {
            Ok(()) => assert_eq!(sent.expect("a reply").flaw(), None),
            Err(flaw) => {
                let error = sent.expect_err("too many");
                assert_eq!(error.stage(), Stage::Unreadable);
                let said =
                    format!("the reply reports success but {flaw}, which are not all read: ");
                assert!(error.to_string().starts_with(&said), "{error}");
                assert!(
                    error
                        .body()
                        .is_some_and(|kept| kept[..] == *body.as_bytes())
                );
            }
        }
    }
}

/// A picture has no values, however many commas are in it.
#[tokio::test]
async fn what_begins_like_no_json_is_said_to_be_none() {
    let body = ["\u{1}PNG", &"[],".repeat(1000)].concat();
    let server = Server::start(vec![raw("", body.as_bytes())]).await;
    let shop = client(&server.url).most_values(10);
    let shop = shop.build().expect("a client");
    let sent = shop.send_json(&adopt(), &json!({})).await;
    let error = sent.expect_err("not JSON").to_string();
    let said = "the reply reports success but is not JSON (expected value at line 1 column 1): ";
    assert!(error.starts_with(said), "{error}");
}

/// Its last bytes are awaited until the deadline, and then nobody has looked at what came.
#[tokio::test]
async fn a_large_refusal_that_is_not_whole_says_nothing_of_the_request() {
    let head = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 400000\r\n\r\n";
    let body = format!("{head}{{\"data\":\"{}", "a".repeat(399_000));
    for (method, stage) in [("GET", Stage::Throttled), ("POST", Stage::OutcomeUnknown)] {
        let server = Server::start(vec![Act::Hold(body.clone().into_bytes())]).await;
        let shop = client(&server.url).retries(Retries::none());
        let shop = shop.build().expect("a client");
        let shop = shop.with_deadline(Duration::from_millis(500));
        let sent = shop.send_json(&operation(method), &json!({})).await;
        let error = sent.expect_err("a refusal");
        assert_eq!(error.stage(), stage, "{error}");
        let said = error.to_string();
        let is_told = said.contains(" of a reply with HTTP 429");
        assert!(is_told, "{said}");
        assert_eq!(
            said.contains("carried out"),
            stage == Stage::OutcomeUnknown,
            "{said}"
        );
        assert!(error.body().is_some_and(|body| body.len() > 399_000));
    }
}

#[tokio::test]
async fn a_whole_document_is_a_reply_even_where_more_was_announced() {
    let cases: [(&[u8], bool); 3] = [
        (b"{\"cat\":\"a\"}", true),
        (b"{\"cat\":\"a\"", false),
        (b"1", false),
    ];
    for (body, is_whole) in cases {
        let server = Server::start(vec![raw("content-length: 100\r\n", body)]).await;
        let shop = client(&server.url).build().expect("a client");
        match shop.send_json(&adopt(), &json!({})).await {
            Ok(reply) => {
                assert!(is_whole);
                let flaw = reply.flaw().expect("a flaw");
                assert_eq!(flaw, "is whole after 11 bytes, and more were announced");
            }
            Err(error) => {
                assert!(!is_whole, "{error}");
                assert_eq!(error.stage(), Stage::OutcomeUnknown);
            }
        }
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(text).expect("written");
    gzip.finish().expect("gzip")
}

#[tokio::test]
async fn what_comes_compressed_unasked_is_decoded_within_bounds() {
    let body = gzip(b"{\"cat\":\"a\"}");
    let server = Server::start(vec![raw("content-encoding: gzip\r\n", &body)]).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.send_json(&adopt(), &json!({})).await;
    let found = sent.expect("a reply");
    assert_eq!(found.json()["cat"], "a");
    assert!(!found.headers().contains_key("content-encoding"));
    let request = server.requests().concat();
    assert_eq!(header(&request, "accept-encoding"), Some("identity"));

    let bomb = gzip(&vec![b' '; 50 << 20]);
    let server = Server::start(vec![raw("content-encoding: gzip\r\n", &bomb)]).await;
    let shop = client(&server.url).largest_reply(1 << 20).build();
    let sent = shop.expect("a client");
    let sent = sent.send_json(&adopt(), &json!({})).await;
    let error = sent.expect_err("too long");
    assert_eq!(error.body().map(|body| body.len()), Some(1 << 20));

    let half = &body[..body.len() - 10];
    let server = Server::start(vec![raw("content-encoding: gzip\r\n", half)]).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.send_json(&adopt(), &json!({})).await;
    assert_eq!(sent.expect_err("cut").stage(), Stage::OutcomeUnknown);
}

#[tokio::test]
async fn a_reply_with_many_headers_is_not_lost() {
    let headers: String = (0..1000)
        .map(|number| format!("x-{number}: a\r\n"))
        .collect();
    let server = Server::start(vec![reply("200 OK", &headers, "{}")]).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.send_json(&adopt(), &json!({})).await;
    assert_eq!(sent.expect("a reply").headers()["x-999"], "a");
}

#[tokio::test]
async fn no_reply_shows_the_key() {
    let body = format!("{{\"a\":\"{KEY}\",\"{KEY}\":[\"https://a/{KEY}\"]}}");
    let headers = format!("x-request-id: {KEY}\r\n");
    for status in ["200 OK", "400 No", "500 Oops"] {
        let server = Server::start(vec![reply(status, &headers, &body)]).await;
        let shop = client(&server.url).key(KEY).build().expect("a client");
        let shown = match shop.send_json(&adopt(), &json!({})).await {
            Ok(reply) => format!(
                "{} {:?} {:?} {:?}",
                reply.json(),
                reply.body(),
                reply.headers(),
                reply.request_id()
            ),
            Err(error) => format!(
                "{error} {:?} {:?} {:?} {:?}",
                error.typed(),
                error.body(),
                error.headers(),
                error.request_id()
            ),
        };
        assert!(shown.contains("https://a/"), "{shown}");
        assert!(!shown.contains(KEY), "{shown}");
    }
}
