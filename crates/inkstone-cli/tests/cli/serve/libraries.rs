//! The packages `openai` of PyPI and npm, as they are. `.ci/run` installs them.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{command, with_sandbox};
use crate::support::command::{bare, run};
use crate::support::cutting_proxy::CuttingProxy;
use crate::support::daemon::Daemon;
use crate::support::packages;
use crate::support::served::Served;

/// Runs a program with a library, against `url`.
type Program = fn(&Path, &str, &[&str]) -> Value;

fn python(python: &Path, url: &str, more: &[&str]) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/serve/sdk.py");
    said(Command::new(python).arg(script).arg(url).args(more))
}

fn node(directory: &Path, url: &str, more: &[&str]) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/serve/sdk.mjs");
    said(
        Command::new("node")
            .arg(script)
            .arg(directory)
            .arg(url)
            .args(more),
    )
}

fn said(command: &mut Command) -> Value {
    for proxy in [
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env_remove(proxy);
    }
    let ended = run(command);
    assert_eq!(ended.code, 0, "{ended:#?}");
    ended.json()
}

/// The libraries that there are.
fn programs() -> Vec<(&'static str, std::path::PathBuf, Program)> {
    let python = packages::python().map(|found| ("python", found, python as Program));
    let node = packages::node("openai").map(|found| ("node", found, node as Program));
    python.into_iter().chain(node).collect()
}

#[test]
fn the_libraries_make_pictures() {
    let expected = json!({
        "url": true,
        "b64_json": true,
        "edit": 2,
        "events": [["image_generation.completed", true]],
        "refused": ["n", "invalid_value", "invalid_request_error"],
        "unknown": "model_not_found",
        "models": true,
    });
    for (name, place, program) in programs() {
        let daemon = with_sandbox();
        assert_eq!(program(&place, &daemon.url, &[]), expected, "{name}");
    }
}

/// Of each attempt the reply is cut off, at another place of its head: where the head is
/// whole, Node's library does not try again by itself.
#[test]
fn a_storm_of_attempts_submits_once() {
    for (name, place, program) in programs() {
        let sandbox = Served::with(&json!([]));
        let out = tempfile::tempdir().unwrap();
        let keys = out.path().join("keys.json");
        let daemon = any_key(&sandbox, out.path(), &keys);
        let lost = CuttingProxy::start(daemon.address(), &[0, 20, 100, 0]);
        let answer = program(&place, &lost.url, &["a cat"]);
        assert!(answer["lost"].is_string(), "{name}: {answer}");
        assert_eq!(lost.requests(), 4, "{name}");
        assert_eq!(sandbox.stats()["submitted"], 1, "{name}");

        let found = CuttingProxy::start(daemon.address(), &[10, 0, 0]);
        let answer = program(&place, &found.url, &["a dog"]);
        assert!(answer["url"].is_string(), "{name}: {answer}");
        assert_eq!(found.requests(), 4, "{name}");
        assert_eq!(sandbox.stats()["submitted"], 2, "{name}");
    }
}

/// A server whose key is `any`.
fn any_key(sandbox: &Served, out: &Path, keys: &Path) -> Daemon {
    let mut add = bare();
    run(add.args(["serve", "--add-key", "sdk", "--keys"]).arg(keys));
    let mut rows: Value = serde_json::from_slice(&std::fs::read(keys).unwrap()).unwrap();
    // The SHA-256 of "any".
    rows["keys"][0]["sha256"] =
        "d6a7cd2a7371b1a15d543196979ff74fdb027023ebf187d5d329be11055c77fd".into();
    std::fs::write(keys, rows.to_string()).unwrap();
    let mut command = command(sandbox, &out.join("out"));
    Daemon::start(command.arg("--keys").arg(keys))
}
