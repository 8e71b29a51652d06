//! Bodies of every kind: none takes more of the server than its share.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::{GENERATIONS, cat, in_front_of};
use crate::support::daemon::Daemon;
use crate::support::served::Served;

/// Sends a body by chunks of this length, and reads nothing of the reply.
fn send_by_chunks(daemon: &Daemon, key: &str, body: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(daemon.address()).unwrap();
    let head = format!(
        "POST {GENERATIONS} HTTP/1.1\r\nhost: localhost\r\nauthorization: {key}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\
         connection: close\r\n\r\n"
    );
    let chunks = body.as_bytes().chunks(length);
    let chunks = chunks.map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk].concat());
    let chunked = chunks.collect::<Vec<_>>().join(&b"\r\n"[..]);
    for part in [head.as_bytes(), &chunked, b"\r\n0\r\n\r\n"] {
        stream.write_all(part).unwrap();
    }
    stream
}

fn reply(mut stream: TcpStream) -> String {
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

/// .NET and Go send bodies so whose length they do not know.
#[test]
fn orders_whose_length_is_not_announced_do_not_wait_for_each_other() {
    let script = json!([{"on": "generation", "times": "always", "delay": 600_000}]);
    let sandbox = Served::with(&script);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let body = cat().to_string();
    let orders: Vec<_> = (0..8)
        .map(|_| send_by_chunks(&daemon, &key, &body, 16))
        .collect();
    test_data::until("all are submitted", || sandbox.stats()["submitted"] == 8);
    drop(orders);
    daemon.kill();
}

#[cfg(target_os = "linux")]
#[test]
fn a_body_in_chunks_of_a_byte_takes_no_more_memory_than_another() {
    const LENGTH: usize = 2 << 20;
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let before = daemon.memory();
    let sent = send_by_chunks(&daemon, &key, &"x".repeat(LENGTH), 1);
    let refused = reply(sent);
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
    let more = daemon.memory().saturating_sub(before);
    assert!(more < 20 * LENGTH as u64, "{more}");
}

#[test]
fn a_model_of_any_length_is_refused_at_once_and_in_short() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let body = json!({"model": "m".repeat(4 << 20), "prompt": "a cat"}).to_string();
    let stream = send_by_chunks(&daemon, &key, &body, 1 << 16);
    // Comparing it with the models that there are would take hours.
    let patience = Duration::from_secs(120);
    stream.set_read_timeout(Some(patience)).unwrap();
    let refused = reply(stream);
    assert!(refused.starts_with("HTTP/1.1 404 "), "{refused:.200}");
    assert!(refused.len() < 2000, "{}", refused.len());
}
