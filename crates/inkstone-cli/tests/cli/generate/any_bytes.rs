//! A server that answers with random bytes: `inkstone generate` ends with an exit code
//! and a message, and never panics.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::support::command::{KEY, Run, done, generating, names, spawn, timeless};
use crate::support::server::{PIXEL, read_request};

/// How many threads have the program read how many replies each.
const REPLIES: [u64; 2] = [4, 60];
/// The same for pictures: they are retried often, after pauses.
const PICTURES: [u64; 2] = [16, 2];

/// How long the program may take, with all attempts and pauses.
const PATIENCE: Duration = Duration::from_secs(120);

/// `bytes`, damaged in some way.
fn mutated(draw: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=draw.usize(..4) {
        let at = draw.usize(..=bytes.len());
        match draw.u8(..6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, draw.u8(..)),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 if at < bytes.len() => bytes[at] = draw.u8(..),
            4 => bytes.extend_from_within(at..),
            _ => {
                let junk: Vec<u8> = (0..draw.usize(..40)).map(|_| draw.u8(..)).collect();
                bytes.splice(at..at, junk);
            }
        }
    }
    bytes
}

/// Complete replies of each kind, to start from.
fn replies(own: &str) -> Vec<Vec<u8>> {
    let bodies = [
        format!(
            r#"{{"created":1,"data":[{{"url":"{own}/1.png","b64_json":"","revised_prompt":""}}]}}"#
        ),
        format!(r#"{{"created":1,"data":[{{"url":"","b64_json":"{PIXEL}"}}]}}"#),
        format!(r#"{{"error":{{"message":"no {KEY}","type":"new_api_error","code":null}}}}"#),
        "<html>524</html>".to_owned(),
    ];
    let statuses = ["200 OK", "200 OK", "500 Oops", "524 "];
    let mut replies = Vec::new();
    for (body, status) in bodies.iter().zip(statuses) {
        let length = body.len();
        replies.push(format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nx-oneapi-request-id: r\r\n\r\n{body}").into_bytes());
        replies.push(format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n").into_bytes());
    }
    replies
}

/// A server that answers requests for pictures with `api` and downloads with `picture`,
/// and hangs up.
fn server(api: Vec<u8>, picture: Vec<u8>, listener: TcpListener) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let reply = match read_request(&mut stream) {
                Some(request) if request.head.starts_with("POST") => &api,
                _ => &picture,
            };
            // The program may have seen enough.
            let _ = stream.write_all(reply);
        }
    });
}

/// Runs the program against the server, and kills it if it does not end.
fn generate_in_time(url: &str, out: &Path) -> Run {
    let start = Instant::now();
    let mut child = spawn(&mut generating(url, out, &[]));
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        thread::sleep(Duration::from_millis(10));
    }
    done(child.wait_with_output().unwrap())
}

fn ends_well(api: Vec<u8>, picture: Vec<u8>, listener: TcpListener) {
    let url = format!("http://{}", listener.local_addr().unwrap());
    let about = format!(
        "{:?}, {:?}",
        String::from_utf8_lossy(&api),
        String::from_utf8_lossy(&picture)
    );
    server(api, picture, listener);
    let out = tempfile::tempdir().unwrap();
    let run = generate_in_time(&url, out.path());
    assert!([0, 4, 5, 6, 7, 9].contains(&run.code), "{about}: {run:#?}");
    let says_why = run.stderr.lines().any(|line| line.starts_with("error: "));
    assert_eq!(run.code != 0, says_why, "{about}: {run:#?}");
    for name in names(out.path()) {
        assert!(
            timeless(&name).starts_with("TIME-wan2.7-image-pro"),
            "{about}: {name}"
        );
    }
}

/// Has each of so many threads draw for itself, so many times.
fn in_threads([threads, times]: [u64; 2], work: impl Fn(&mut Rng) + Sync) {
    thread::scope(|scope| {
        for seed in 0..threads {
            let work = &work;
            scope.spawn(move || {
                let mut draw = Rng::with_seed(seed);
                (0..times).for_each(|_| work(&mut draw));
            });
        }
    });
}

#[test]
fn of_a_reply() {
    in_threads(REPLIES, |draw| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let replies = replies(&own);
        let base = &replies[draw.usize(..replies.len())];
        let reply = match draw.u8(..10) {
            0 => (0..draw.usize(..300)).map(|_| draw.u8(..)).collect(),
            _ => mutated(draw, base),
        };
        let gone = b"HTTP/1.1 404 Gone\r\ncontent-length: 0\r\n\r\n";
        ends_well(reply, gone.to_vec(), listener);
    });
}

#[test]
fn of_a_picture() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01 and so on";
    let length = PNG.len();
    let head = format!("HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: {length}\r\n\r\n");
    let whole = [head.as_bytes(), PNG].concat();
    in_threads(PICTURES, |draw| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let reply = replies(&own).remove(0);
        ends_well(reply, mutated(draw, &whole), listener);
    });
}
