//! What a script does to connections.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::script::{WAN, scripted};
use crate::support::http::{GATEWAY, KEY, exchange, get, parse, post};

const RESET: Option<ErrorKind> = Some(ErrorKind::ConnectionReset);

/// The reply to a good request, how it ends, and how often it counted.
async fn broken(step: Value) -> (Vec<u8>, Option<ErrorKind>, u64) {
    let sandbox = scripted(json!([step])).await;
    let (bytes, end) = exchange(&sandbox, "POST", GATEWAY, &[KEY], WAN).await;
    let submitted = sandbox.stats().submitted;
    // The fault is over: the next request is answered.
    assert_eq!(
        post(&sandbox, GATEWAY, &[KEY], WAN).await.status,
        200,
        "{step}"
    );
    (bytes, end, submitted)
}

/// The length of a body, and the one that was announced.
fn lengths(bytes: &[u8]) -> (usize, usize) {
    let reply = parse(bytes);
    let announced = reply.header("Content-Length").unwrap().parse().unwrap();
    (reply.body.len(), announced)
}

#[tokio::test]
async fn connections_end_where_the_script_says() {
    for how in ["close", "reset"] {
        let end = if how == "reset" { RESET } else { None };
        let cut = |at: &str| json!({"cut": {"at": at, "how": how}});
        let after = |at: &str, after: u64| json!({"cut": {"at": at, "how": how, "after": after}});

        // Closing a connection with unread bytes resets it.
        let (bytes, _, submitted) = broken(cut("accept")).await;
        assert_eq!((bytes.len(), submitted), (0, 0), "{how}");

        let (bytes, found, submitted) = broken(cut("request")).await;
        assert_eq!((bytes.len(), found, submitted), (0, end, 1));

        let (bytes, found, submitted) = broken(cut("head")).await;
        assert_eq!((&*bytes, found, submitted), (&b"HTTP/1.1 2"[..], end, 1));

        let (bytes, found, submitted) = broken(after("head", 30)).await;
        assert_eq!((bytes.len(), found, submitted), (30, end, 1));

        let (bytes, found, submitted) = broken(cut("body")).await;
        let (arrived, announced) = lengths(&bytes);
        assert_eq!((arrived, found, submitted), (announced / 2, end, 1));

        for after_bytes in [0, 1, 7] {
            let (bytes, found, submitted) = broken(after("body", after_bytes)).await;
            let (arrived, announced) = lengths(&bytes);
            assert!(arrived < announced);
            assert_eq!((arrived as u64, found, submitted), (after_bytes, end, 1));
        }
        let (bytes, found, submitted) = broken(cut("end")).await;
        let (arrived, announced) = lengths(&bytes);
        assert_eq!((arrived, found, submitted), (announced, end, 1));
    }
}

#[tokio::test]
async fn chunked_bodies_end_within_and_after_a_chunk() {
    let whole = broken(json!({"chunked": true})).await;
    let reply = parse(&whole.0);
    assert_eq!(reply.header("Transfer-Encoding"), Some("chunked"));
    assert!(reply.header("Content-Length").is_none() && reply.body.ends_with(b"0\r\n\r\n"));
    for (cut, end) in [
        (json!({"at": "body", "after": 20}), None),
        (json!({"at": "body", "after": 20, "how": "reset"}), RESET),
    ] {
        let (bytes, found, submitted) = broken(json!({"chunked": true, "cut": cut})).await;
        let body = parse(&bytes).body;
        assert!(body.starts_with(b"14\r\n") && body.ends_with(b"\r\n"));
        assert_eq!((body.len(), found, submitted), (26, end, 1));
    }
    let (bytes, _, _) = broken(json!({"chunked": true, "cut": "end"})).await;
    assert_eq!(parse(&bytes).body.len(), reply.body.len());
}

#[tokio::test]
async fn a_connection_that_is_open_already_breaks_as_well() {
    let sandbox = scripted(json!([])).await;
    let mut stream = TcpStream::connect(&sandbox.url()[7..]).await.unwrap();
    let head = "GET /_images/1x1-00000000000000ff.png HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 15];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    sandbox
        .script(&json!({"cut": {"at": "accept", "how": "reset"}}))
        .unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut rest = Vec::new();
    let end = stream.read_to_end(&mut rest).await;
    assert_eq!(end.err().map(|error| error.kind()), RESET);
    let entry = sandbox.journal().remove(1);
    assert_eq!(
        (&*entry.method, entry.status, entry.step),
        ("GET", 0, Some(0))
    );
}

#[tokio::test]
async fn a_connection_that_ends_unread_is_in_the_journal() {
    let sandbox = scripted(json!({"cut": {"at": "accept", "how": "reset"}, "times": 2})).await;
    for _ in 0..2 {
        let (bytes, end) = exchange(&sandbox, "POST", GATEWAY, &[KEY], WAN).await;
        assert_eq!((bytes.len(), end.is_some()), (0, true));
    }
    let entries = sandbox.journal();
    assert_eq!(entries.len(), 2);
    assert!(
        entries
            .iter()
            .all(|entry| entry.method.is_empty() && !entry.submitted)
    );
}

#[tokio::test]
async fn a_stalled_body_never_ends() {
    let sandbox = scripted(json!({"stall": 5})).await;
    let talk = exchange(&sandbox, "POST", GATEWAY, &[KEY], WAN);
    assert!(timeout(Duration::from_millis(300), talk).await.is_err());
    assert_eq!(sandbox.stats().submitted, 1);

    sandbox.script(&json!({"stall": 5})).unwrap();
    let mut stream = TcpStream::connect(&sandbox.url()[7..]).await.unwrap();
    let head = format!(
        "POST {GATEWAY} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{WAN}",
        WAN.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = vec![0; 4096];
    let mut arrived = 0;
    while let Ok(Ok(length)) = timeout(
        Duration::from_millis(300),
        stream.read(&mut bytes[arrived..]),
    )
    .await
    {
        assert_ne!(length, 0, "it ended");
        arrived += length;
    }
    assert_eq!(parse(&bytes[..arrived]).body.len(), 5);
}

#[tokio::test]
async fn a_body_can_drip_and_a_reply_can_be_late() {
    let start = Instant::now();
    let (bytes, end, _) = broken(json!({"drip": {"bytes": 100, "every": 40}})).await;
    let (arrived, announced) = lengths(&bytes);
    assert_eq!((arrived, end), (announced, None));
    let pauses = u32::try_from(announced / 100).unwrap() - 1;
    assert!(start.elapsed() >= pauses * Duration::from_millis(40));

    let start = Instant::now();
    broken(json!({"delay": 200})).await;
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn bodies_of_any_size_are_streamed() {
    const LENGTH: usize = 8 << 20;
    let steps = json!([{"padding": LENGTH}, {"padding": LENGTH, "on": "image"}]);
    let sandbox = scripted(steps).await;
    let reply = post(&sandbox, GATEWAY, &[KEY], WAN).await;
    assert!(reply.body.len() > LENGTH && reply.body.ends_with(b" }"));
    assert_eq!(reply.json()["data"].as_array().unwrap().len(), 3);
    let path = "/_images/1x1-00000000000000ff.png";
    let reply = get(&sandbox, path).await;
    assert!(reply.body.len() > LENGTH && reply.body.starts_with(b"\x89PNG"));
}
