//! Under load: `cargo test --release --test cli load -- --ignored --nocapture`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{GENERATIONS, command};
use crate::support::daemon::{Daemon, head};
use crate::support::served::Served;

const CALLERS: usize = 256;

/// How long callers call, in seconds, unless `LOAD_SECONDS` says otherwise.
const SECONDS: u64 = 60;

/// The most memory that the server may take, in bytes.
const MOST_MEMORY: u64 = 256 << 20;

/// How many requests a second many callers get answered, each with a request of its own.
fn throughput(address: &str, key: &str, time: Duration) -> f64 {
    let answered = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let answered = answered.clone();
            scope.spawn(move || {
                for number in 0.. {
                    if start.elapsed() > time {
                        break;
                    }
                    let prompt = format!("cat {number} of {caller}");
                    let body = json!({"model": "wan2.7-image-pro", "prompt": prompt, "n": 1,
                        "size": "1024x1024"});
                    call(address, key, &body.to_string());
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    answered.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64()
}

/// Asks for a picture, and fetches it.
fn call(address: &str, key: &str, body: &str) {
    let headers = [
        ("host", address),
        ("authorization", key),
        ("content-type", "application/json"),
    ];
    let post = head("POST", GENERATIONS, &headers, body.len());
    let reply = exchange(address, &(post + body));
    let reply = String::from_utf8(reply).unwrap();
    let (_, rest) = reply
        .split_once("\"url\":\"")
        .unwrap_or_else(|| panic!("{reply}"));
    let url = rest.split('"').next().unwrap();
    let path = url.split_once(address).unwrap().1;
    let picture = exchange(address, &head("GET", path, &[("host", address)], 0));
    assert!(picture.len() > 100);
}

fn exchange(address: &str, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    reply
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes two minutes, and all of the machine"]
fn many_callers_get_as_much_as_from_the_sandbox_alone() {
    let seconds = std::env::var("LOAD_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let sandbox = Served::drawing();
    let alone = throughput(
        sandbox.url.strip_prefix("http://").unwrap(),
        "Bearer any",
        time,
    );
    let out = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(&mut command(&sandbox, out.path()));
    let key = format!("Bearer {}", daemon.line());
    let served = throughput(daemon.address(), &key, time);
    let (share, memory) = (served / alone, daemon.memory());
    eprintln!(
        "sandbox alone: {alone:.1}/s, with serve: {served:.1}/s, {share:.2} of it; {} MiB",
        memory >> 20
    );
    assert!(memory < MOST_MEMORY, "{memory}");
    assert!(share >= 0.9, "{share}");
}
