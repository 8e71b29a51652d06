//! What an error has of the reply, and what it never shows.

use apifox_client::{Error, Stage};
use apifox_runtime::{Media, Node, Operation, Path, Report, Response};
use serde_json::json;

use crate::server::{Act, Server, reply};
use crate::shop::{Adopt, KEY, Refusal, client, operation};

#[tokio::test]
async fn an_error_has_all_that_came_back() {
    let body = r#"{"reason":"the cat is sold"}"#;
    let headers = "x-request-id: r-7\r\nretry-after: 5\r\n";
    let server = Server::start(vec![reply("409 Conflict", headers, body)]).await;
    let shop = client(&server.url).build().expect("a client");
    let error = shop.send(&Adopt { pet: "cat" }).await.expect_err("sold");
    assert_eq!(error.stage(), Stage::Refused);
    assert_eq!(error.status(), Some(409));
    assert_eq!(
        error
            .headers()
            .map(|headers| headers["retry-after"].as_bytes()),
        Some(&b"5"[..])
    );
    assert_eq!(error.body().map(|body| &body[..]), Some(body.as_bytes()));
    assert_eq!(error.request_id(), Some("r-7"));
    let refusal = Refusal {
        reason: "the cat is sold".into(),
    };
    assert_eq!(error.typed(), Some(&refusal));
    assert_eq!(
        error.to_string(),
        "the API refused the request: {\"reason\":\"the cat is sold\"} (HTTP 409, request id r-7)"
    );
}

/// Problem details of RFC 9457 are told in words, and typed as any JSON.
#[tokio::test]
async fn a_problem_is_told_in_words() {
    let problem = "Content-Type: Application/Problem+JSON; charset=utf-8\r\n";
    let json = "content-type: application/json\r\n";
    let whole = r#"{"type":"https://shop.example/sold","title":"Sold","detail":"The cat is gone","reason":"sold"}"#;
    let cases = [
        (problem, whole, "Sold: The cat is gone", true),
        (problem, r#"{"title":"Sold","reason":"sold"}"#, "Sold", true),
        (problem, r#"{"detail":"Gone","title":" "}"#, "Gone", false),
        (
            problem,
            r#"{"detail":"Gone","title":"Gone"}"#,
            "Gone",
            false,
        ),
        (problem, r#"{"status":409}"#, r#"{"status":409}"#, false),
        (problem, "<html>", "<html>", false),
        (json, r#"{"title":"Sold"}"#, r#"{"title":"Sold"}"#, false),
    ];
    for (headers, body, expected, is_typed) in cases {
        let server = Server::start(vec![reply("409 Conflict", headers, body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let error = shop.send(&Adopt { pet: "cat" }).await.expect_err("sold");
        let expected = format!("the API refused the request: {expected} (HTTP 409)");
        assert_eq!(error.to_string(), expected, "{headers} {body}");
        assert_eq!(error.typed().is_some(), is_typed, "{headers} {body}");
        assert_eq!(error.body().map(|body| &body[..]), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn a_problem_does_not_show_the_key() {
    let body = format!(r#"{{"title":"{KEY}","detail":"no {KEY}"}}"#);
    let headers = "content-type: application/problem+json\r\n";
    let server = Server::start(vec![reply("401 No", headers, &body)]).await;
    let shop = client(&server.url).key(KEY).build().expect("a client");
    let error = shop.send(&Adopt { pet: "cat" }).await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the API refused the key or the account: …: no … (HTTP 401)"
    );
}

/// What no document says has no type, and is kept all the same.
#[tokio::test]
async fn an_error_body_that_is_not_as_documented_has_no_type() {
    let bodies = [r#"{"why":"sold"}"#, "<html>", ""];
    for body in bodies {
        let server = Server::start(vec![reply("400 No", "", body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let error = shop.send(&Adopt { pet: "cat" }).await.expect_err("sold");
        assert_eq!(error.typed(), None, "{body}");
        assert_eq!(error.body().map(|body| &body[..]), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn what_was_chosen_at_run_time_has_its_error_as_json() {
    let server = Server::start(vec![reply("400 No", "", r#"{"a":[1]}"#)]).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    let error = sent.expect_err("refused");
    assert_eq!(error.typed(), Some(&json!({"a": [1]})));
}

#[tokio::test]
async fn a_cause_is_told() {
    let shop = client("http://127.0.0.1:1").build().expect("a client");
    let error = shop.send(&Adopt { pet: "cat" }).await.expect_err("nobody");
    let source = std::error::Error::source(&error).expect("a cause");
    assert!(source.is::<reqwest::Error>(), "{source:?}");
}

/// A reply with an object, as a document describes it.
const DESCRIBED: Response = Response {
    status: 200,
    is_range: false,
    name: "",
    pointer: "",
    is_text: false,
    check: |node| {
        let mut report = Report::default();
        if !matches!(node, Node::Object(_)) {
            let _ = report.violation::<()>(Path::ROOT, "type", node, "an object");
        }
        report
    },
};

/// An operation that answers with JSON, or with nothing where HTTP has no body.
#[tokio::test]
async fn what_promises_json_has_to_be_json_unless_there_is_no_body() {
    let cases = [
        ("DELETE", "204 No Content", "", Ok(204)),
        ("DELETE", "205 Reset Content", "", Ok(205)),
        ("DELETE", "200 OK", "{}", Ok(200)),
        ("DELETE", "200 OK", "", Err(Stage::Unreadable)),
        ("DELETE", "200 OK", "<html>", Err(Stage::Unreadable)),
        // Documents list what GET has.
        ("HEAD", "200 OK", "", Ok(200)),
        ("HEAD", "404 Not Found", "", Err(Stage::Refused)),
        ("GET", "200 OK", "", Err(Stage::Unreadable)),
    ];
    for (method, status, body, expected) in cases {
        let described = Operation {
            responses: &[DESCRIBED],
            check_response: DESCRIBED.check,
            ..operation(method)
        };
        let server = Server::start(vec![reply(status, "", body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&described, &json!({})).await;
        if let Ok(reply) = &sent {
            assert_eq!(reply.flaw(), None, "{method} {status}");
            let deviates = !reply.deviations().is_empty();
            assert_eq!(deviates, reply.status() != 200, "{method} {status}");
        }
        let found = sent
            .map(|reply| reply.status())
            .map_err(|error| error.stage());
        assert_eq!(found, expected, "{method} {status} {body}");
    }
}

/// What the document describes without a body need not have one, whatever others have.
#[tokio::test]
async fn a_status_that_is_described_without_a_body_is_right_without_one() {
    const RANGE: Response = Response {
        is_range: true,
        ..DESCRIBED
    };
    let cases = [
        ("204 No Content", "", Ok(0)),
        ("202 Accepted", "", Ok(0)),
        ("202 Accepted", "later", Ok(0)),
        ("203 Other", "[]", Ok(1)),
        ("203 Other", "", Err(Stage::Unreadable)),
    ];
    for described in [&[DESCRIBED][..], &[RANGE]] {
        for (status, body, expected) in &cases {
            let operation = Operation {
                responses: described,
                check_response: DESCRIBED.check,
                bodiless: &[202, 204],
                ..operation("GET")
            };
            let server = Server::start(vec![reply(status, "", body)]).await;
            let shop = client(&server.url).build().expect("a client");
            let sent = shop.send_json(&operation, &json!({})).await;
            let found = sent.map(|reply| reply.deviations().len());
            let found = found.map_err(|error| error.stage());
            assert_eq!(found, *expected, "{status} {body}");
        }
    }
}

/// What HEAD would have, a text or JSON, is not there to be read.
#[tokio::test]
async fn the_reply_to_head_is_nothing() {
    for reply_media in [Media::Json, Media::Text("text/plain")] {
        let head = Operation {
            reply: reply_media,
            responses: &[DESCRIBED],
            check_response: DESCRIBED.check,
            ..operation("HEAD")
        };
        let length = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n";
        let server = Server::start(vec![Act::Send(length.into())]).await;
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&head, &json!({})).await;
        let reply = sent.expect("a reply");
        assert_eq!((reply.typed(), reply.attempts()), (Ok(&json!(null)), 1));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_reply_that_is_too_long_is_kept_as_far_as_is_allowed() {
    let server = Server::start(vec![reply("200 OK", "", "0123456789")]).await;
    let shop = client(&server.url).largest_reply(4);
    let shop = shop.build().expect("a client");
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    let error = sent.expect_err("too long");
    assert_eq!(error.stage(), Stage::Unreadable);
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"0123"[..]));
}

/// All that an error shows of itself.
fn shown<E>(error: &Error<E>) -> String {
    let mut shown = format!(
        "{error} {error:?} {:?} {:?}",
        error.code(),
        error.request_id()
    );
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        shown += &format!(" {source} {source:?}");
        next = source.source();
    }
    shown
}

#[tokio::test]
async fn the_key_is_shown_nowhere() {
    let quoting = format!("x-request-id: {KEY}\r\n");
    let bodies = [format!(r#"{{"reason":"{KEY}"}}"#), format!("<html>{KEY}")];
    let mut acts = Vec::new();
    for status in ["200 OK", "400 No", "401 No", "429 Full", "500 Oops"] {
        acts.extend(bodies.iter().map(|body| reply(status, &quoting, body)));
    }
    acts.push(Act::Send(Vec::new()));
    for act in acts {
        let server = Server::start(vec![act]).await;
        let shop = client(&server.url).key(KEY).build().expect("a client");
        let shown = match shop.send(&Adopt { pet: "cat" }).await {
            Ok(reply) => format!("{reply:?} {:?}", reply.request_id()),
            Err(error) => shown(&error),
        };
        assert!(!shown.contains(&KEY[..6]), "{shown}");
        let sent = server.requests().concat();
        assert!(sent.contains(&format!("Bearer {KEY}")), "{sent}");
    }
    let builder = client("https://shop.example").key(KEY);
    let shown = format!(
        "{builder:?} {:?}",
        builder.clone().build().expect("a client")
    );
    assert!(!shown.contains(&KEY[..6]), "{shown}");
}
