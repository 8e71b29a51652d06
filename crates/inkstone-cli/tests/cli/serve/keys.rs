//! Callers have keys, budgets and limits of their own.

use std::path::Path;

use serde_json::{Value, json};

use super::{GENERATIONS, cat, command};
use crate::support::command::{bare, run};
use crate::support::daemon::Daemon;
use crate::support::served::Served;

fn add_key(file: &Path, name: &str, flags: &[&str]) -> String {
    let mut command = bare();
    command
        .args(["serve", "--add-key", name, "--keys"])
        .arg(file)
        .args(flags);
    let added = run(&mut command);
    assert_eq!(added.code, 0, "{added:#?}");
    format!("Bearer {}", added.stdout.trim())
}

fn ask(daemon: &Daemon, key: &str, prompt: &str) -> (u16, Value, Option<String>) {
    let mut body = cat();
    body["prompt"] = prompt.into();
    let reply = daemon.post(GENERATIONS, &[("authorization", key)], &body);
    let again = reply.header("x-should-retry").map(str::to_owned);
    (reply.status, reply.json()["error"]["code"].clone(), again)
}

#[test]
fn each_key_has_a_budget_over_all_runs() {
    let sandbox = Served::with(&json!([{"status": 400, "model": "qwen-image-max"}]));
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("keys.json");
    let ann = add_key(&keys, "ann", &["--max-images", "2"]);
    let bob = add_key(&keys, "bob", &["--max-cost", "0.60"]);
    let start = || {
        let mut command = command(&sandbox, &directory.path().join("out"));
        Daemon::start(command.arg("--keys").arg(&keys))
    };
    let daemon = start();
    let over = (429, json!("insufficient_quota"), Some("false".to_owned()));
    // A picture of this model costs 0.50.
    assert_eq!(ask(&daemon, &bob, "a").0, 200);
    assert_eq!(ask(&daemon, &bob, "b"), over);
    assert_eq!(ask(&daemon, &ann, "a").0, 200);
    daemon.kill();
    let daemon = start();
    assert_eq!(ask(&daemon, &bob, "c"), over);
    assert_eq!(ask(&daemon, &ann, "b").0, 200);
    assert_eq!(ask(&daemon, &ann, "c"), over);
    assert_eq!(ask(&daemon, "Bearer ink-0", "a").0, 401);
    assert_eq!(sandbox.stats()["submitted"], 3);
}

#[test]
fn a_budget_can_be_rehearsed() {
    let limited = |limit: &[&str]| {
        let mut command = bare();
        command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
        Daemon::start(command.args(limit))
    };
    let over = (429, json!("insufficient_quota"), Some("false".to_owned()));
    let daemon = limited(&["--max-images", "2"]);
    for (prompt, expected) in [("a", 200), ("b", 200)] {
        assert_eq!(ask(&daemon, "Bearer any", prompt).0, expected);
    }
    assert_eq!(ask(&daemon, "Bearer any", "c"), over);
    // A picture of this model costs 0.50.
    let daemon = limited(&["--max-cost", "0.60"]);
    assert_eq!(ask(&daemon, "Bearer any", "a").0, 200);
    assert_eq!(ask(&daemon, "Bearer any", "b"), over);
}

#[test]
fn what_is_not_made_is_not_counted() {
    let sandbox = Served::with(&json!([{"status": 400, "times": 3}]));
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("keys.json");
    let ann = add_key(&keys, "ann", &["--max-images", "1"]);
    let mut command = command(&sandbox, &directory.path().join("out"));
    let daemon = Daemon::start(command.arg("--keys").arg(&keys));
    for prompt in ["a", "b", "c"] {
        assert_eq!(ask(&daemon, &ann, prompt).0, 400);
    }
    assert_eq!(ask(&daemon, &ann, "d").0, 200);
    assert_eq!(ask(&daemon, &ann, "e").0, 429);
}

#[test]
fn a_rate_is_kept_and_said_when_it_ends() {
    let sandbox = Served::with(&json!([]));
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("keys.json");
    let ann = add_key(&keys, "ann", &[]);
    let mut rows: Value = serde_json::from_slice(&std::fs::read(&keys).unwrap()).unwrap();
    rows["keys"][0]["requests_per_minute"] = 1.into();
    std::fs::write(&keys, rows.to_string()).unwrap();
    let mut command = command(&sandbox, &directory.path().join("out"));
    let daemon = Daemon::start(command.arg("--keys").arg(&keys));
    assert_eq!(ask(&daemon, &ann, "a").0, 200);
    let reply = daemon.post(GENERATIONS, &[("authorization", &ann)], &cat());
    assert_eq!(reply.status, 429);
    let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[test]
fn beyond_this_machine_keys_are_needed() {
    let refused = run(bare().args(["serve", "--sandbox", "--listen", "0.0.0.0:0"]));
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("--keys"), "{refused:#?}");
}

#[test]
fn one_directory_has_one_server() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start(&mut command(&sandbox, out.path()));
    let second = run(&mut command(&sandbox, out.path()));
    assert_eq!(second.code, 2, "{second:#?}");
    assert!(second.stderr.contains("is locked"), "{second:#?}");
}

/// Keeps the mode, and the link; all of those that are added at a time are there.
#[cfg(unix)]
#[test]
fn a_file_of_keys_stays_what_it_is_while_many_add_to_it() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let directory = tempfile::tempdir().unwrap();
    let [real, link] = ["real.json", "keys.json"].map(|name| directory.path().join(name));
    fs::write(&real, "{\"keys\": []}").unwrap();
    fs::set_permissions(&real, Permissions::from_mode(0o600)).unwrap();
    symlink("real.json", &link).unwrap();
    std::thread::scope(|scope| {
        for number in 0..12 {
            let file = if number % 2 == 0 { &real } else { &link };
            scope.spawn(move || add_key(file, &format!("caller{number}"), &[]));
        }
    });
    let keys: Value = serde_json::from_slice(&fs::read(&real).unwrap()).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 12);
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("real.json"));
}

#[test]
fn who_adds_a_key_is_told_that_a_running_server_does_not_know_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = bare();
    command.args(["serve", "--add-key", "ann", "--keys"]);
    let added = run(command.arg(directory.path().join("keys.json")));
    let told = "hint: a server that runs with this file knows the key once it is started again";
    assert_eq!(added.stderr.trim(), told);
}
