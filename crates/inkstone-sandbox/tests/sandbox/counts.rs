//! Counts of requests, in bounded memory.

use std::time::Instant;

use inkstone_sandbox::Sandbox;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::builder;
use crate::script::{WAN, scripted};
use crate::support::http::{DASHSCOPE, GATEWAY, KEY, get, post};

#[tokio::test]
async fn what_was_submitted_is_counted() {
    let sandbox = scripted(json!([{"error": "Throttling"}, {"cut": "request"}])).await;
    let client = ("X-Sandbox-Client", "batch-1");
    post(&sandbox, GATEWAY, &[KEY, client], WAN).await;
    crate::support::http::exchange(&sandbox, "POST", GATEWAY, &[KEY, client], WAN).await;
    post(&sandbox, GATEWAY, &[KEY], WAN).await;
    let other = r#"{"model": "qwen-image-edit-2509", "prompt": "p", "image": "http://a/b"}"#;
    post(&sandbox, GATEWAY, &[KEY, client], other).await;
    post(&sandbox, DASHSCOPE, &[KEY], "{").await;
    let expected = json!({
        "requests": 5,
        "submitted": 3,
        "models": {"wan2.7-image-pro": 2, "qwen-image-edit-2509": 1},
        "clients": {"batch-1": 2},
        "distinct": 2,
        "most_of_one": 2,
    });
    assert_eq!(get(&sandbox, "/_stats").await.json(), expected);
    let seqs = async |path| {
        let entries = get(&sandbox, path).await.json();
        let entries = entries.as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["seq"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(seqs("/_journal?submitted=true").await, [1, 2, 3]);
    assert_eq!(seqs("/_journal?submitted=false").await, [0, 4]);
    assert_eq!(seqs("/_journal").await, [0, 1, 2, 3, 4]);
    let reply = get(&sandbox, "/_journal?submitted=yes").await;
    let message = "submitted: write true or false, not \"yes\"";
    assert_eq!((reply.status, &*reply.message()), (400, message));
}

/// Makes so many generations over one connection, each with its own prompt, and downloads
/// a picture of each.
async fn worker(address: String, numbers: std::ops::Range<usize>) {
    let mut stream = TcpStream::connect(&address).await.unwrap();
    for number in numbers {
        let body =
            format!(r#"{{"model": "wan2.7-image-pro", "prompt": "{number}", "size": "4K"}}"#);
        let head = format!(
            "POST {GATEWAY} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let reply = one(&mut stream, &head).await;
        let start = reply.find("/_images/").unwrap();
        let path = reply[start..].split('"').next().unwrap();
        one(
            &mut stream,
            &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        )
        .await;
    }
}

/// One reply, whose body is read by its announced length.
async fn one(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 8192];
        let length = stream.read(&mut buffer).await.unwrap();
        assert_ne!(length, 0, "the connection ended");
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let lower = head.to_lowercase();
        let announced = lower.split("content-length: ").nth(1).unwrap();
        let announced: usize = announced.lines().next().unwrap().parse().unwrap();
        if bytes.len() == head.len() + 4 + announced {
            return text.into_owned();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_generations_take_seconds() {
    let sandbox: Sandbox = builder().tiny(true).start().await.unwrap();
    let address = sandbox.url()[7..].to_owned();
    let start = Instant::now();
    let mut workers = JoinSet::new();
    for worker_number in 0..250 {
        let first = worker_number * 40;
        workers.spawn(worker(address.clone(), first..first + 40));
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap();
    }
    let stats = sandbox.stats();
    assert_eq!(
        (stats.submitted, stats.distinct(), stats.most_of_one()),
        (10_000, 10_000, 1)
    );
    assert_eq!(stats.requests, 20_000);
    // On an idle machine it takes two seconds; 4K pictures would take an hour.
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}
