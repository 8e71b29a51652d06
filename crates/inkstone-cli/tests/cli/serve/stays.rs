//! What stays in a directory that several servers use, one after the other: an agent's orders and
//! what was to be kept outlive a server that keeps pictures for a day.

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{GENERATIONS, command, start};
use crate::mcp::agent::Agent;
use crate::support::command::names;
use crate::support::daemon::Reply;
use crate::support::served::Served;

fn call() -> Value {
    json!({"call_id": "keep-1", "request": {
        "model": "wan2.7-image-pro", "prompt": "a cat", "n": 2, "size": "2048x2048",
    }})
}

/// Lets more than a day go by.
fn pass_a_day(out: &Path) {
    let path = out.join("orders.sqlite3");
    let text = "UPDATE orders SET time = time - 90000, answered = answered - 90000";
    // The program may still be ending.
    test_data::until("the orders can be changed", || {
        Connection::open(&path).is_ok_and(|sql| sql.execute_batch(text).is_ok())
    });
}

/// Orders a picture with this key of a server with these flags, which is then killed.
fn order(sandbox: &Served, out: &Path, flags: &[&str], id: &str) -> Reply {
    let (daemon, key) = start(command(sandbox, out).args(flags));
    let headers = [("authorization", key.as_str()), ("idempotency-key", id)];
    let body = json!({"model": "wan2.7-image-pro", "prompt": id, "n": 1});
    let reply = daemon.post(GENERATIONS, &headers, &body);
    daemon.kill();
    reply
}

fn name(reply: &Reply) -> String {
    let url = reply.json()["data"][0]["url"].as_str().unwrap().to_owned();
    url.rsplit_once('/').unwrap().1.to_owned()
}

#[tokio::test]
async fn a_server_without_keep_removes_only_what_it_was_to_remove() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let flags = ["--max-cost", "50"];
    let agent = Agent::in_front_of(&sandbox, out.path(), &flags).await;
    let first = agent.json("generate", call()).await;
    agent.kill().await;
    let kept = name(&order(&sandbox, out.path(), &["--keep"], "kept"));
    let removed = name(&order(&sandbox, out.path(), &[], "removed"));
    let pictures = out.path().join("pictures");
    let before = names(&pictures);
    assert_eq!(before.len(), 7, "{before:?}");

    pass_a_day(out.path());
    let (daemon, _) = start(&mut command(&sandbox, out.path()));
    test_data::until("it is removed", || !pictures.join(&removed).exists());
    daemon.kill();
    let mut left = before;
    left.retain(|name| *name != removed);
    assert!(left.contains(&kept) && left.contains(&format!("{kept}.json")));
    assert_eq!(names(&pictures), left);

    let agent = Agent::in_front_of(&sandbox, out.path(), &flags).await;
    let again = agent.json("generate", call()).await;
    assert_eq!(again["repeated"], true, "{again:#}");
    assert_eq!(again["pictures"], first["pictures"]);
    assert_eq!(sandbox.stats()["submitted"], 3);
}
