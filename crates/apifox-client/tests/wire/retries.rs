//! What is tried again: method by method, fault by fault.

use std::time::Duration;

use apifox_client::Stage::{self, Account, NotSent, OutcomeUnknown, Refused, Throttled};
use apifox_client::{Api, Effect, Failure, RawReply, Retries};
use apifox_runtime::Operation;
use serde_json::{Value, json};

use crate::server::{Act, Server, reply};
use crate::shop::{client, operation};

const SILENCE: Duration = Duration::from_millis(300);

/// Each fault, with the stage that it ends at and how often a request is attempted that may
/// be sent again, and one that may not.
fn faults() -> Vec<(&'static str, Act, Stage, u32, u32)> {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec();
    vec![
        ("no reply", Act::Send(Vec::new()), OutcomeUnknown, 3, 1),
        ("silence", Act::Hold(vec![]), OutcomeUnknown, 3, 1),
        ("half a reply", Act::Send(half), OutcomeUnknown, 3, 1),
        ("500", reply("500 Oops", "", ""), OutcomeUnknown, 3, 1),
        ("503", reply("503 Down", "", ""), OutcomeUnknown, 3, 1),
        ("408", reply("408 Late", "", ""), OutcomeUnknown, 3, 1),
        ("429", reply("429 Full", "", ""), Throttled, 3, 3),
        ("400", reply("400 No", "", ""), Refused, 1, 1),
        ("404", reply("404 No", "", ""), Refused, 1, 1),
        ("401", reply("401 No", "", ""), Account, 1, 1),
    ]
}

const METHODS: [(&str, bool); 7] = [
    ("GET", true),
    ("HEAD", true),
    ("OPTIONS", true),
    ("PUT", true),
    ("DELETE", true),
    ("POST", false),
    ("PATCH", false),
];

#[tokio::test]
async fn what_may_be_sent_again_is_and_nothing_else() {
    for (name, act, stage, repeatable, other) in faults() {
        for (method, is_repeatable) in METHODS {
            // The reply to HEAD has no body to break off in.
            if method == "HEAD" && name == "half a reply" {
                continue;
            }
            let server = Server::start(vec![act.clone()]).await;
            let shop = client(&server.url).read_timeout(SILENCE).build();
            let shop = shop.expect("a client");
            let sent = shop.send_json(&operation(method), &json!({})).await;
            let error = sent.expect_err(name);
            let attempts = if is_repeatable { repeatable } else { other };
            let found = (error.stage(), error.attempts(), server.count());
            assert_eq!(
                found,
                (stage, attempts, attempts as usize),
                "{method}: {name}"
            );
            let is_safe = matches!(method, "GET" | "HEAD" | "OPTIONS");
            let is_taken = stage == OutcomeUnknown && !is_safe;
            assert_eq!(error.may_have_been_taken(), is_taken, "{method}: {name}");
            for word in ["bill", "cost", "paid", "money"] {
                assert!(!error.to_string().contains(word), "{method}: {error}");
            }
        }
    }
}

/// An API redirects on purpose, and would the next time.
#[tokio::test]
async fn no_redirect_is_tried_again() {
    let to = "location: /v2/../pets/\r\n";
    let moved = "the API redirects to /v2/../pets/, where nothing was sent";
    let to_another = "location: /there\r\n";
    let elsewhere = "the API redirects to /there, where nothing was sent";
    let nowhere = "the API redirects, and does not say where to";
    // Of each the message, and whether the request may have been carried out.
    let cases = [
        ("300 Choose", "", nowhere, true),
        ("301 Moved", to, moved, false),
        ("302 Found", to, moved, false),
        ("301 Moved", to_another, elsewhere, true),
        ("302 Found", to_another, elsewhere, true),
        ("302 Found", "", nowhere, true),
        ("303 See", to, moved, true),
        (
            "304 Not Modified",
            "",
            "the API says that nothing has changed",
            true,
        ),
        ("307 Moved", to_another, elsewhere, false),
        ("308 Moved", to, moved, false),
    ];
    for (status, headers, message, is_doubtful) in cases {
        for (method, _) in METHODS {
            let server = Server::start(vec![reply(status, headers, "")]).await;
            let shop = client(&server.url).build().expect("a client");
            let sent = shop.send_json(&operation(method), &json!({})).await;
            let error = sent.expect_err(status);
            let is_safe = matches!(method, "GET" | "HEAD" | "OPTIONS");
            let stage = match is_doubtful && !is_safe {
                true => OutcomeUnknown,
                false => Refused,
            };
            assert_eq!(
                (error.stage(), error.attempts()),
                (stage, 1),
                "{method} {status}"
            );
            assert!(!error.is_retryable(), "{method} {status}");
            let code = &status[..3];
            let doubt = match stage {
                OutcomeUnknown => "; the request may have been carried out",
                _ => "",
            };
            let expected = format!("{message}{doubt}: an empty body (HTTP {code})");
            assert_eq!(error.to_string(), expected, "{method}");
        }
    }
}

#[tokio::test]
async fn a_delete_that_timed_out_says_what_may_have_happened() {
    let server = Server::start(vec![Act::Hold(vec![])]).await;
    let shop = client(&server.url).read_timeout(SILENCE).build();
    let sent = shop.expect("a client");
    let sent = sent.send_json(&operation("DELETE"), &json!({})).await;
    assert_eq!(
        sent.expect_err("silence").to_string(),
        "no reply came in time; the request may have been carried out (3 attempts, an earlier \
         one may have been carried out)"
    );
}

#[tokio::test]
async fn what_was_never_sent_is_tried_again_whatever_it_is() {
    for (method, _) in METHODS {
        let shop = client("http://127.0.0.1:1").build().expect("a client");
        let sent = shop.send_json(&operation(method), &json!({})).await;
        let error = sent.expect_err("nobody listens");
        assert_eq!((error.stage(), error.attempts()), (NotSent, 3), "{method}");
        assert!(!error.may_have_been_taken(), "{method}");
    }
}

#[tokio::test]
async fn a_reply_after_another_attempt_counts() {
    let script = vec![Act::Send(Vec::new()), reply("200 OK", "", r#"{"a":1}"#)];
    let server = Server::start(script).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.send_json(&operation("PUT"), &json!({})).await;
    let reply = sent.expect("a reply");
    assert_eq!((reply.attempts(), server.count()), (2, 2));
    assert_eq!(reply.json(), &json!({"a": 1}));
}

#[tokio::test]
async fn unknown_outcomes_are_tried_again_for_those_who_ask() {
    let script = vec![Act::Send(Vec::new()), reply("429 Full", "", "")];
    let server = Server::start(script).await;
    let retries = Retries::new(2).backoff(Duration::ZERO, Duration::ZERO);
    let shop = client(&server.url).retries(retries.retry_unknown(true));
    let shop = shop.build().expect("a client");
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    let error = sent.expect_err("full");
    assert_eq!((error.stage(), error.attempts()), (Throttled, 2));
    assert!(error.may_have_been_taken() && !error.is_retryable());
}

/// An API that says itself what its operations do, and reports its errors as successes.
struct Own;

impl Api for Own {
    fn effect(&self, _: &Operation) -> Effect {
        Effect::Idempotent
    }

    fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
        let code = reply.json?.get("code").and_then(Value::as_u64)?;
        Some(Failure {
            stage: if code == 7 { Throttled } else { Refused },
            code: Some(code.to_string()),
            retry_once: code == 8,
            ..Failure::default()
        })
    }
}

#[tokio::test]
async fn an_api_says_what_its_operations_and_codes_mean() {
    let busy = || reply("200 OK", "", r#"{"code":7}"#);
    let once = reply("200 OK", "", r#"{"code":8}"#);
    let no = reply("200 OK", "", r#"{"code":9}"#);
    let cases = [
        (vec![busy(), no.clone()], Refused, "9", 2),
        (vec![Act::Send(Vec::new()), no.clone()], Refused, "9", 2),
        (vec![no.clone()], Refused, "9", 1),
        (vec![once.clone()], Refused, "8", 2),
        // What was refused for another reason before does not count.
        (vec![busy(), once.clone(), no.clone()], Refused, "9", 3),
        (vec![once.clone(), busy(), once], Refused, "8", 3),
    ];
    for (script, stage, code, attempts) in cases {
        let server = Server::start(script).await;
        let shop = client(&server.url).api(Own).build().expect("a client");
        let sent = shop.send_json(&operation("POST"), &json!({})).await;
        let error = sent.expect_err("a failure");
        let found = (error.stage(), error.code(), error.attempts());
        assert_eq!(found, (stage, Some(code), attempts), "{error}");
    }
}
