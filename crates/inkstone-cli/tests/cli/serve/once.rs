//! No order is submitted twice, whatever becomes of its replies.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{GENERATIONS, cat, command, in_front_of, start};
use crate::support::command::{bare, run};
use crate::support::daemon::{Daemon, Reply, send_later};
use crate::support::served::Served;

fn submitted(sandbox: &Served) -> Value {
    sandbox.stats()["submitted"].clone()
}

/// Waits until the sandbox has got so many.
fn wait_for_submission(sandbox: &Served, count: u64) {
    test_data::until("it is submitted", || submitted(sandbox) == json!(count));
}

/// Sends a request whose reply nobody waits for yet.
fn leave(daemon: &Daemon, headers: &[(&str, &str)], body: &Value) -> TcpStream {
    let json = [("content-type", "application/json")];
    let headers: Vec<_> = json.iter().chain(headers).copied().collect();
    send_later(daemon, GENERATIONS, &headers, body)
}

fn url(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{:?}", reply.json());
    reply.json()["data"][0]["url"].as_str().unwrap().to_owned()
}

#[test]
fn a_repeated_key_gets_the_first_pictures_after_a_restart_as_well() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let ask = |daemon: &Daemon, key: &str, id: &str, body: &Value| {
        let headers = [("authorization", key), ("idempotency-key", id)];
        daemon.post(GENERATIONS, &headers, body)
    };
    let first = ask(&daemon, &key, "a", &cat());
    let name = |reply: &Reply| url(reply).rsplit('/').next().unwrap().to_owned();
    let again = ask(&daemon, &key, "a", &cat());
    assert_eq!(name(&first), name(&again));
    assert_eq!(again.header("inkstone-replayed"), Some("true"));
    // The order of the fields is not another request; another number of pictures is.
    let turned = json!({"n": 1, "prompt": "a cat", "model": "wan2.7-image-pro"});
    assert_eq!(name(&first), name(&ask(&daemon, &key, "a", &turned)));
    let other = ask(
        &daemon,
        &key,
        "a",
        &json!({"model": "wan2.7-image-pro", "prompt": "a dog"}),
    );
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["error"]["code"], "idempotency_key_reused");
    assert_ne!(name(&first), name(&ask(&daemon, &key, "b", &cat())));
    assert_eq!(submitted(&sandbox), 2);

    daemon.kill();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let again = ask(&daemon, &key, "a", &cat());
    assert_eq!(name(&first), name(&again));
    let picture = daemon.get(&format!("/pictures/{}", name(&again)));
    assert_eq!(picture.body[..4], *b"\x89PNG");
    assert_eq!(submitted(&sandbox), 2);
}

/// The library gives up an attempt and begins the next while the server's machine sleeps.
#[cfg(target_os = "linux")]
#[test]
fn attempts_that_come_while_the_server_stands_still_are_one_order() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    for number in 0..20 {
        let body = json!({"model": "wan2.7-image-pro", "prompt": number.to_string()});
        daemon.stand_still(true);
        let [first, second, mut last] = ["0", "1", "2"].map(|count| {
            let attempt = [("authorization", &*key), ("x-stainless-retry-count", count)];
            leave(&daemon, &attempt, &body)
        });
        drop((first, second));
        daemon.stand_still(false);
        let mut reply = String::new();
        last.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
    }
    assert_eq!(submitted(&sandbox), 20);
}

/// Otherwise the disc of a rehearsal would answer who asks for a picture, and count as paid for.
#[test]
fn a_rehearsal_and_real_orders_have_ledgers_of_their_own() {
    let out = tempfile::tempdir().unwrap();
    let rehearsing = || {
        let mut command = bare();
        command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0", "--out"]);
        command.arg(out.path());
        command
    };
    let sandbox = Served::with(&json!([]));
    // Without orders it is neither.
    in_front_of(&sandbox, out.path()).0.kill();
    let daemon = Daemon::start(&mut rehearsing());
    url(&daemon.post(GENERATIONS, &[], &cat()));
    daemon.kill();
    let refused = run(&mut command(&sandbox, out.path()));
    assert_eq!(refused.code, 2, "{refused:#?}");
    let said = format!(
        "error: {} is a rehearsal with --sandbox: no API made its pictures; nothing was sent\n",
        out.path().display()
    );
    assert!(refused.stderr.starts_with(&said), "{refused:#?}");
    Daemon::start(&mut rehearsing()).kill();

    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    url(&daemon.post(GENERATIONS, &[("authorization", &key)], &cat()));
    daemon.kill();
    let mut rehearsal = bare();
    rehearsal.args(["serve", "--sandbox", "--listen", "127.0.0.1:0", "--out"]);
    let refused = run(rehearsal.arg(out.path()));
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("is no rehearsal"), "{refused:#?}");
}

#[test]
fn attempts_of_a_library_are_one_order_and_first_attempts_are_several() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let ask = |attempt: &str| {
        let headers = [
            ("authorization", key.as_str()),
            ("x-stainless-retry-count", attempt),
        ];
        url(&daemon.post(GENERATIONS, &headers, &cat()))
    };
    let first = ask("0");
    assert_eq!([ask("1"), ask("2"), ask("3")], [&*first; 3]);
    assert_eq!(submitted(&sandbox), 1);
    // The same again, from the beginning: another picture is asked for.
    let second = ask("0");
    assert_ne!(first, second);
    assert_eq!(ask("1"), second);
    assert_eq!(submitted(&sandbox), 2);
    // Which attempt it is can't be read, only that it is none of the first.
    for unreadable in ["99999999999", "-1", "x", "1.5"] {
        assert!(
            [&first, &second].contains(&&ask(unreadable)),
            "{unreadable}"
        );
    }
    assert_eq!(submitted(&sandbox), 2);
}

#[test]
fn a_lost_reply_waits_for_the_next_attempt() {
    let sandbox = Served::with(&json!([{"delay": 400, "times": 2}]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let headers = [("authorization", key.as_str())];
    // One comes again while the order is under way, the other when it is answered.
    for pause in [100, 900] {
        let left = leave(&daemon, &headers, &cat());
        sleep(Duration::from_millis(50));
        left.shutdown(Shutdown::Both).unwrap();
        drop(left);
        sleep(Duration::from_millis(pause));
        let reply = daemon.post(GENERATIONS, &headers, &cat());
        assert_eq!(reply.status, 200, "{:?}", reply.json());
    }
    assert_eq!(submitted(&sandbox), 2);
}

/// The window counts from the answer, which is not there yet.
#[test]
fn an_order_that_takes_longer_than_the_window_is_not_placed_again() {
    let sandbox = Served::with(&json!([{"delay": 3500}]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = start(command(&sandbox, out.path()).arg("--window=1s"));
    let attempt = |number| {
        [
            ("authorization", key.as_str()),
            ("x-stainless-retry-count", number),
        ]
    };
    let left = leave(&daemon, &attempt("0"), &cat());
    sleep(Duration::from_millis(2200));
    drop(left);
    url(&daemon.post(GENERATIONS, &attempt("1"), &cat()));
    assert_eq!(submitted(&sandbox), 1);
}

/// Sends a request over a connection that stays open, unless it says otherwise.
fn write(stream: &mut TcpStream, (key, connection): (&str, &str)) {
    let body = cat().to_string();
    let head = format!(
        "POST {GENERATIONS} HTTP/1.1\r\nhost: localhost\r\nauthorization: {key}\r\n\
         content-type: application/json\r\nconnection: {connection}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
}

/// The caller dies when the reply is in the buffer of its socket.
#[cfg(target_os = "linux")]
#[test]
fn a_reply_that_nobody_has_read_waits_for_the_next_attempt() {
    for connection in ["close", "keep-alive"] {
        let sandbox = Served::with(&json!([]));
        let out = tempfile::tempdir().unwrap();
        let (daemon, key) = in_front_of(&sandbox, out.path());
        let mut unread = TcpStream::connect(daemon.address()).unwrap();
        write(&mut unread, (&key, connection));
        assert_ne!(unread.peek(&mut [0]).unwrap(), 0);
        sleep(Duration::from_millis(200));
        drop(unread);
        sleep(Duration::from_millis(200));
        let reply = daemon.post(GENERATIONS, &[("authorization", &key)], &cat());
        assert_eq!(
            reply.header("inkstone-replayed"),
            Some("true"),
            "{connection}"
        );
        url(&reply);
        assert_eq!(submitted(&sandbox), 1);
    }
}

/// Who sent the next request before there was an answer has had nothing of it.
#[cfg(target_os = "linux")]
#[test]
fn what_was_asked_for_before_the_reply_came_does_not_tell_that_it_was_had() {
    let sandbox = Served::with(&json!([{"delay": 300}]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let mut unread = TcpStream::connect(daemon.address()).unwrap();
    write(&mut unread, (&key, "keep-alive"));
    let next =
        format!("GET /v1/models HTTP/1.1\r\nhost: localhost\r\nauthorization: {key}\r\n\r\n");
    unread.write_all(next.as_bytes()).unwrap();
    assert_ne!(unread.peek(&mut [0]).unwrap(), 0);
    sleep(Duration::from_millis(200));
    drop(unread);
    sleep(Duration::from_millis(200));
    let reply = daemon.post(GENERATIONS, &[("authorization", &key)], &cat());
    assert_eq!(reply.header("inkstone-replayed"), Some("true"));
    url(&reply);
    assert_eq!(submitted(&sandbox), 1);
}

/// The caller has the reply in the buffer of its socket when the server is stopped.
#[cfg(target_os = "linux")]
#[test]
fn a_reply_that_nobody_has_read_when_the_server_stops_is_given_by_the_next() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    for connection in ["close", "keep-alive"] {
        let (daemon, key) = in_front_of(&sandbox, out.path());
        let mut unread = TcpStream::connect(daemon.address()).unwrap();
        write(&mut unread, (&key, connection));
        assert_ne!(unread.peek(&mut [0]).unwrap(), 0);
        sleep(Duration::from_millis(200));
        let start = Instant::now();
        daemon.terminate();
        // It does not wait for a caller that does not close.
        assert!(start.elapsed() < Duration::from_secs(10), "{connection}");
        drop(unread);
        let (daemon, key) = in_front_of(&sandbox, out.path());
        let reply = daemon.post(GENERATIONS, &[("authorization", &key)], &cat());
        assert_eq!(
            reply.header("inkstone-replayed"),
            Some("true"),
            "{connection}"
        );
        url(&reply);
        sleep(Duration::from_millis(200));
        daemon.kill();
    }
    assert_eq!(submitted(&sandbox), 2);
}

/// Sends a request over an open connection, and reads the whole reply.
fn ask(stream: &mut TcpStream, key: &str) {
    write(stream, (key, "keep-alive"));
    let mut reply = String::new();
    while !reply.ends_with("}\n") {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).unwrap();
        assert_ne!(read, 0, "{reply}");
        reply += std::str::from_utf8(&bytes[..read]).unwrap();
    }
    assert!(reply.starts_with("HTTP/1.1 200 OK"), "{reply}");
}

/// Several pictures of one prompt, as a library asks for them that keeps its connections.
#[test]
fn the_same_again_over_an_open_connection_is_another_order() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let mut first = TcpStream::connect(daemon.address()).unwrap();
    ask(&mut first, &key);
    ask(&mut first, &key);
    assert_eq!(submitted(&sandbox), 2);
    // While nobody knows whether the last reply was read, its caller is connected.
    let mut second = TcpStream::connect(daemon.address()).unwrap();
    ask(&mut second, &key);
    assert_eq!(submitted(&sandbox), 3);
    drop((first, second));
    sleep(Duration::from_millis(200));
    ask(&mut TcpStream::connect(daemon.address()).unwrap(), &key);
    assert_eq!(submitted(&sandbox), 4);
}

#[test]
fn two_at_a_time_with_one_key_are_one_order() {
    let sandbox = Served::with(&json!([{"delay": 300, "times": "always"}]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let headers = [("authorization", key.as_str()), ("idempotency-key", "a")];
    let urls: Vec<String> = std::thread::scope(|scope| {
        let ask = || url(&daemon.post(GENERATIONS, &headers, &cat()));
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(urls.iter().all(|url| *url == urls[0]), "{urls:#?}");
    assert_eq!(submitted(&sandbox), 1);
}

#[test]
fn what_was_being_sent_when_the_server_was_killed_is_unknown_and_not_sent_again() {
    let sandbox = Served::with(&json!([{"delay": 60_000}]));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let left = leave(&daemon, &[("authorization", &key)], &cat());
    wait_for_submission(&sandbox, 1);
    daemon.kill();
    drop(left);
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let told = daemon.post(GENERATIONS, &[("authorization", &key)], &cat());
    assert_eq!(told.status, 502, "{:?}", told.json());
    assert_eq!(told.json()["error"]["code"], "outcome_unknown");
    assert_eq!(told.json()["error"]["may_have_been_billed"], true);
    assert_eq!(told.header("x-should-retry"), Some("false"));
    assert_eq!(submitted(&sandbox), 1);
    // Who was told that may want another picture all the same.
    std::thread::sleep(Duration::from_millis(200));
    url(&daemon.post(GENERATIONS, &[("authorization", &key)], &cat()));
    assert_eq!(submitted(&sandbox), 2);
}

#[test]
fn what_was_refused_may_be_sent_again() {
    let refused = json!([{"error": "insufficient_user_quota"}, {"status": 400}]);
    let sandbox = Served::with(&refused);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let headers = [("authorization", key.as_str()), ("idempotency-key", "a")];
    for _ in 0..2 {
        let reply = daemon.post(GENERATIONS, &headers, &cat());
        assert!(reply.status >= 400, "{:?}", reply.json());
        assert_eq!(reply.json()["error"]["may_have_been_billed"], false);
        assert_eq!(reply.header("x-should-retry"), Some("false"));
    }
    url(&daemon.post(GENERATIONS, &headers, &cat()));
    assert_eq!(submitted(&sandbox), 1);
}
