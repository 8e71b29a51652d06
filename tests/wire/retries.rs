//! What is tried again, counted by the server: nothing that may have been taken.

use std::time::{Duration, Instant};

use inkstone::{Client, Retries, Stage};

use crate::server::{Act, Server, http, reply};
use crate::{CAT, KEY, cat, client, hasty};

const REFUSED: &str = r#"{"code":"InvalidParameter","message":"m"}"#;
const FULL: &str = r#"{"code":"Throttling.RateQuota","message":"m"}"#;
const DOWN: &str = r#"{"code":"ModelServingError","message":"m"}"#;
const UNFETCHED: &str = r#"{"code":"InvalidURL.Timeout","message":"m"}"#;
const FAILED: &str = r#"{"code":"InternalError","message":"m"}"#;

fn with(server: &Server, retries: Retries) -> Client {
    client(&server.url).with_retries(retries)
}

/// A name, what comes first, what it is in the end, how often it is submitted then, and
/// how often if unknown outcomes are tried again as well.
type First = (&'static str, Act, Option<Stage>, usize, usize);

fn firsts() -> Vec<First> {
    let taken = |name, act, stage| (name, act, Some(stage), 1, 1);
    let unknown = |name, act| (name, act, Some(Stage::OutcomeUnknown), 1, 2);
    let half_429 = b"HTTP/1.1 429 Full\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"created\":".to_vec();
    vec![
        ("429", reply("429 Full", ""), None, 2, 2),
        ("half a 429", Act::Send(half_429), None, 2, 2),
        ("throttling", reply("429 Full", FULL), None, 2, 2),
        ("documented 503", reply("503 Down", DOWN), None, 2, 2),
        ("documented 503 as 500", reply("500 Down", DOWN), None, 2, 2),
        ("throttling under 200", reply("200 OK", FULL), None, 2, 2),
        ("not fetched", reply("400 No", UNFETCHED), None, 2, 2),
        taken("refused", reply("400 No", REFUSED), Stage::Refused),
        taken("account", reply("401 No", ""), Stage::Account),
        taken("no JSON", reply("200 OK", "<html>"), Stage::Unreadable),
        unknown("other 503", reply("503 Down", "")),
        unknown("internal", reply("500 Oops", FAILED)),
        unknown("524", reply("524 ", "<html>")),
        unknown("no reply", Act::Send(vec![])),
        unknown("half a reply", Act::Send(half)),
    ]
}

/// Every server answers with a picture in the end.
#[tokio::test]
async fn a_request_is_submitted_once_unless_it_was_not_taken() {
    for (name, act, stage, submissions, when_asked) in firsts() {
        let script = vec![act, reply("200 OK", CAT)];
        let server = Server::start(script.clone()).await;
        let result = with(&server, hasty()).send(&cat()).await;
        assert_eq!(server.count(), submissions, "{name}");
        match (stage, result) {
            (None, Ok(reply)) => assert_eq!(reply.attempts(), 2, "{name}"),
            (Some(stage), Err(error)) => {
                assert_eq!(error.stage(), stage, "{name}");
                assert_eq!(error.attempts(), 1, "{name}");
                assert!(!error.is_retryable(), "{name}");
            }
            (_, result) => panic!("{name}: {result:?}"),
        }

        let server = Server::start(script).await;
        let asking = with(&server, hasty().retry_unknown(true));
        let result = asking.send(&cat()).await;
        assert_eq!(server.count(), when_asked, "{name}");
        assert_eq!(result.is_ok(), when_asked == 2, "{name}");
    }
}

#[tokio::test]
async fn attempts_come_to_an_end_and_are_counted() {
    let server = Server::start(vec![reply("429 Full", FULL)]).await;
    let error = with(&server, hasty()).send(&cat()).await.expect_err("full");
    assert_eq!(
        error.to_string(),
        "the API has too much to do and did not take the request: m (HTTP 429, code Throttling.RateQuota, 4 attempts)"
    );
    assert_eq!((server.count(), error.attempts()), (4, 4));
    assert!(error.is_retryable() && !error.may_have_been_billed());
}

#[tokio::test]
async fn an_input_that_could_not_be_fetched_is_tried_once_more() {
    let server = Server::start(vec![reply("400 No", UNFETCHED)]).await;
    let error = with(&server, Retries::none()).send(&cat()).await;
    assert!(error.expect_err("unfetched").is_retryable());
    let error = with(&server, hasty()).send(&cat()).await;
    let error = error.expect_err("unfetched");
    assert_eq!((server.count(), error.attempts()), (3, 2));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    let client = client("http://127.0.0.1:1").with_retries(hasty());
    let error = client.send(&cat()).await.expect_err("no server");
    assert_eq!((error.stage(), error.attempts()), (Stage::NotSent, 4));
    assert!(error.is_retryable() && !error.may_have_been_billed());
}

/// Who asked for unknown outcomes to be tried again is told what that may have cost.
#[tokio::test]
async fn an_attempt_that_may_have_been_billed_is_not_forgotten() {
    let script = vec![reply("502 Oops", ""), reply("400 No", REFUSED)];
    let server = Server::start(script).await;
    let asking = with(&server, hasty().retry_unknown(true));
    let error = asking.send(&cat()).await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the API refused the request: m (HTTP 400, code InvalidParameter, 2 attempts, an earlier one may have been billed)"
    );
    assert!(error.may_have_been_billed() && !error.is_retryable());

    let script = vec![reply("502 Oops", ""), reply("429 Full", FULL)];
    let server = Server::start(script).await;
    let asking = with(&server, hasty().retry_unknown(true));
    let error = asking.send(&cat()).await.expect_err("full");
    assert_eq!((error.stage(), server.count()), (Stage::Throttled, 4));
    assert!(error.may_have_been_billed() && !error.is_retryable());
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let full = Act::Send(http("429 Full", "retry-after: 1\r\n", FULL));
    let server = Server::start(vec![full, reply("200 OK", CAT)]).await;
    let start = Instant::now();
    let reply = with(&server, hasty()).send(&cat()).await.expect("a reply");
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!((server.count(), reply.attempts()), (2, 2));
}

#[tokio::test]
async fn who_asks_for_three_weeks_gets_an_error_at_once() {
    let full = Act::Send(http("429 Full", "retry-after: 1814400\r\n", FULL));
    let server = Server::start(vec![full]).await;
    let error = with(&server, hasty()).send(&cat()).await.expect_err("full");
    assert_eq!((server.count(), error.attempts()), (1, 1));
    let three_weeks = Duration::from_secs(21 * 24 * 3600);
    assert_eq!(error.retry_after(), Some(three_weeks));
    assert!(error.is_retryable());
}

/// A pooled connection that the server closes when the next request comes: that
/// request was written, so it must not be sent again over a new connection.
#[tokio::test]
async fn a_connection_that_breaks_under_a_second_request_sends_it_once() {
    let length = CAT.len();
    let kept = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{CAT}");
    let script = vec![Act::Last(kept.into_bytes()), reply("200 OK", CAT)];
    let server = Server::start(script).await;
    let builder = Client::builder(&server.url).key(KEY).retries(hasty());
    let client = builder.build().expect("a client");
    client.send(&cat()).await.expect("a reply");
    let error = client.send(&cat()).await.expect_err("broken");
    assert_eq!((error.stage(), server.count()), (Stage::OutcomeUnknown, 2));
    assert!(error.may_have_been_billed());
}

/// One that the server closed while nothing went over it was never written to.
#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_replaced() {
    let length = CAT.len();
    let kept = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{CAT}");
    let server = Server::start(vec![Act::Send(kept.into_bytes())]).await;
    let client = client(&server.url);
    for count in 1..5 {
        let reply = client.send(&cat()).await.expect("a reply");
        assert_eq!((reply.attempts(), server.count()), (1, count));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
