//! The protocol over HTTP, spoken by hand.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::command::{bare, run, with_keys};
use crate::support::daemon::{Daemon, Reply};

fn initialize(daemon: &Daemon, headers: &[(&str, &str)]) -> Reply {
    let accept = [("accept", "application/json, text/event-stream")];
    let headers: Vec<_> = accept.iter().chain(headers).copied().collect();
    let params = json!({
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    });
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params});
    daemon.post("/mcp", &headers, &body)
}

#[test]
fn the_protocol_is_spoken_at_its_path_and_to_this_machine_alone() {
    let daemon = Daemon::start(bare().args(["mcp", "--sandbox", "--http", "127.0.0.1:0"]));
    assert!(daemon.url.ends_with("/mcp"), "{}", daemon.url);
    let reply = initialize(&daemon, &[]);
    assert_eq!(reply.status, 200, "{reply:?}");
    let text = String::from_utf8(reply.body).unwrap();
    let mut data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let answer: Value = data
        .find_map(|data| serde_json::from_str(data).ok())
        .unwrap_or_else(|| panic!("{text}"));
    assert_eq!(answer["result"]["serverInfo"]["name"], "inkstone");
    for (headers, status) in [
        ([("host", "evil.example")], 421),
        ([("origin", "https://evil.example")], 421),
        // Nothing is billed: no key was printed, and none is needed.
        ([("authorization", "")], 200),
    ] {
        assert_eq!(initialize(&daemon, &headers).status, status, "{headers:?}");
    }
    assert_eq!(daemon.get("/").status, 404);
    let refused = run(bare().args(["mcp", "--sandbox", "--http", "0.0.0.0:0"]));
    assert_eq!(refused.code, 2, "{refused:#?}");
}

/// A server whose orders go to an API.
fn for_real(out: &Path) -> Daemon {
    let mut command = with_keys();
    command.args(["mcp", "--api", "dashscope", "--http", "127.0.0.1:0"]);
    Daemon::start(command.arg("--out").arg(out))
}

#[test]
fn without_the_sandbox_a_key_is_needed() {
    let out = tempfile::tempdir().unwrap();
    let mut daemon = for_real(out.path());
    let key = format!("Bearer {}", daemon.line());
    let refused = initialize(&daemon, &[]);
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), Some("bearer"));
    assert_eq!(refused.json()["error"]["code"], "invalid_api_key");
    assert_eq!(initialize(&daemon, &[("authorization", &key)]).status, 200);
}

#[test]
fn who_sends_all_of_a_request_first_gets_the_answer_that_came_before_its_end() {
    let out = tempfile::tempdir().unwrap();
    let daemon = for_real(out.path());
    let mib = 1 << 20;
    assert_eq!(daemon.send_all("/mcp", "Bearer wrong", 40 * mib), 401);
}

#[test]
fn who_asks_for_nothing_keeps_nobody_out() {
    let daemon = Daemon::start(bare().args(["mcp", "--sandbox", "--http", "127.0.0.1:0"]));
    // There are 64 places.
    let _connections = daemon.silent(100);
    let start = Instant::now();
    assert_eq!(initialize(&daemon, &[]).status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}
