//! A deadline holds for all that a call can wait for, and loses nothing that came.

use std::time::{Duration, Instant};

use inkstone::gateway::wan2_7_image_pro::Request;
use inkstone::{Client, Error, Limit, Limiter, Retries, Stage};
use tokio::net::TcpListener;

use crate::server::{Act, Server, http, reply};
use crate::{CAT, KEY, cat, client, hasty};

const LIMIT: Duration = Duration::from_millis(300);

/// How the call ends, which must be soon after its deadline.
async fn late(client: &Client) -> Error {
    let start = Instant::now();
    let error = client.with_deadline(LIMIT).send(&cat()).await;
    let took = start.elapsed();
    assert!(took < 50 * LIMIT, "{took:?}");
    error.expect_err("late")
}

#[tokio::test]
async fn a_call_is_over_by_its_deadline_and_keeps_what_came() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";
    let half = format!("{head}{{\"created\":");
    let doubt = "; the request may have been carried out and billed";
    let mut dripping = head.as_bytes().to_vec();
    dripping.resize(1000, b' ');
    let cases = [
        (
            Act::Hold(vec![]),
            format!("the deadline of 300ms passed before a reply came{doubt}"),
            None,
        ),
        (
            Act::Hold(half.into_bytes()),
            format!("the deadline of 300ms passed after 11 bytes of the reply{doubt} (HTTP 200)"),
            Some("{\"created\":"),
        ),
        (
            Act::Drip(dripping, Duration::from_millis(20)),
            format!("the deadline of 300ms passed before a reply came{doubt}"),
            None,
        ),
    ];
    for (act, message, body) in cases {
        let server = Server::start(vec![act]).await;
        let error = late(&client(&server.url).with_retries(hasty())).await;
        assert_eq!(error.to_string(), message);
        assert_eq!(error.stage(), Stage::OutcomeUnknown);
        assert!(error.may_have_been_billed() && !error.is_retryable());
        assert_eq!(server.count(), 1);
        let kept = error
            .body()
            .map(|it| String::from_utf8_lossy(it).into_owned());
        assert_eq!(kept.as_deref(), body);
    }
}

#[tokio::test]
async fn a_drip_of_a_body_does_not_outlast_the_deadline() {
    let padded = format!("{CAT}{}", " ".repeat(1000));
    let reply = http("200 OK", "", &padded);
    let (head, body) = reply.split_at(reply.len() - padded.len());
    // The head comes at once, and the body never ends.
    let drip = Act::Drip(body.to_vec(), Duration::from_millis(1));
    let server = Server::start(vec![vec![Act::Send(head.to_vec()), drip]]).await;
    let error = late(&client(&server.url)).await;
    assert_eq!(error.stage(), Stage::OutcomeUnknown);
    assert_eq!(error.status(), Some(200));
    assert!(
        error
            .body()
            .is_some_and(|it| it.starts_with(b"{\"created\""))
    );
}

#[tokio::test]
async fn what_was_not_sent_by_the_deadline_never_is() {
    // Connections wait to be accepted, and TLS never begins.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let client = client(&format!("https://{address}"));
    let error = late(&client).await;
    assert_eq!(
        error.to_string(),
        "the deadline of 300ms passed before anything was sent"
    );
    assert_eq!((error.stage(), error.attempts()), (Stage::NotSent, 1));
    assert!(error.is_retryable() && !error.may_have_been_billed());
}

/// Whatever moment the deadline picks: a call that says that nothing was sent is one
/// that the server has not heard of, nor will.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_not_to_be_sent_is_not() {
    let server = Server::start(vec![reply("200 OK", CAT)]).await;
    let client = client(&server.url);
    let calls = (0..400_i64).map(|seed| {
        let client = client.with_deadline(Duration::from_micros(seed.unsigned_abs() * 200));
        let request = Request {
            seed: Some(seed.try_into().expect("a seed")),
            ..cat()
        };
        tokio::spawn(async move { (seed, client.send(&request).await.err()) })
    });
    let calls: Vec<_> = calls.collect();
    let mut unsent = Vec::new();
    for call in calls {
        let (seed, error) = call.await.expect("it ends");
        match error.map(|it| it.stage()) {
            Some(Stage::NotSent) => unsent.push(seed),
            None | Some(Stage::OutcomeUnknown) => {}
            stage => panic!("{stage:?}"),
        }
    }
    tokio::time::sleep(LIMIT).await;
    assert!(!unsent.is_empty(), "no time at all is too little");
    let came = server.requests();
    for seed in unsent {
        let seed = format!("\"seed\":{seed}}}");
        let seed_and_more = seed.replace('}', ",");
        let is_here = |it: &String| it.contains(&seed) || it.contains(&seed_and_more);
        assert!(!came.iter().any(is_here), "{seed}");
    }
}

#[tokio::test]
async fn connecting_and_reading_have_limits_of_their_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let short = Duration::from_millis(100);
    let builder = Client::builder(format!("https://{address}")).key(KEY);
    let builder = builder.connect_timeout(short).retries(Retries::none());
    let client = builder.build().expect("a client");
    let error = client.send(&cat()).await.expect_err("no connection");
    assert_eq!(error.stage(), Stage::NotSent);

    let silent = Act::Hold(vec![]);
    let half = Act::Hold(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec());
    for (act, body) in [(silent, None), (half, Some(1))] {
        let server = Server::start(vec![act]).await;
        let builder = Client::builder(&server.url).key(KEY).retries(hasty());
        let client = builder.read_timeout(short).build().expect("a client");
        let error = client.send(&cat()).await.expect_err("no reply");
        assert_eq!(error.stage(), Stage::OutcomeUnknown, "{error}");
        assert_eq!(error.body().map(|it| it.len()), body, "{error}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn no_pause_outlasts_the_deadline() {
    let full = Act::Send(http("429 Full", "retry-after: 2\r\n", ""));
    let server = Server::start(vec![full]).await;
    let error = late(&client(&server.url).with_retries(Retries::default())).await;
    // Known to be too long at once, so not begun.
    assert_eq!((error.stage(), server.count()), (Stage::Throttled, 1));
}

#[tokio::test]
async fn waiting_for_ones_turn_counts() {
    let server = Server::start(vec![reply("200 OK", CAT)]).await;
    let limit = Limit::new(1, Duration::from_secs(60));
    let limiter = Limiter::published().with("gateway", "*", limit);
    let builder = Client::builder(&server.url).key(KEY).limiter(limiter);
    let client = builder.build().expect("a client");
    client.send(&cat()).await.expect("a reply");
    let error = late(&client).await;
    assert_eq!(
        error.to_string(),
        "the deadline of 300ms passed while the request waited for its turn"
    );
    assert_eq!((error.stage(), error.attempts()), (Stage::NotSent, 0));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_reply_that_is_too_long_is_kept_up_to_the_limit() {
    let body = " ".repeat(100_000) + CAT;
    let reply = http("200 OK", "", &body);
    let server = Server::start(vec![Act::Send(reply)]).await;
    let builder = Client::builder(&server.url).key(KEY).retries(hasty());
    let client = builder.largest_reply(1000).build().expect("a client");
    let error = client.send(&cat()).await.expect_err("too long");
    assert_eq!(
        error.to_string(),
        "the reply reports success but is longer than the 1000 bytes that are allowed (HTTP 200)"
    );
    assert_eq!(error.stage(), Stage::Unreadable);
    assert_eq!(error.body().map(|it| it.len()), Some(1000));
    assert!(error.may_have_been_billed());
    assert_eq!(server.count(), 1);
    let builder = Client::builder(&server.url).key(KEY);
    let client = builder.largest_reply(body.len()).build().expect("a client");
    client.send(&cat()).await.expect("just short enough");
}
