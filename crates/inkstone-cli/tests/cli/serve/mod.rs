//! `inkstone serve`, by hand and with the libraries of OpenAI.

mod checks;
mod keys;
mod libraries;
mod load;
mod once;

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::command::{bare, with_keys};
use crate::support::daemon::Daemon;
use crate::support::served::Served;

const GENERATIONS: &str = "/v1/images/generations";

/// A server with a sandbox of its own.
fn with_sandbox() -> Daemon {
    let mut command = bare();
    Daemon::start(command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0"]))
}

/// The command of a server in front of `sandbox`.
fn command(sandbox: &Served, out: &Path) -> Command {
    let mut command = with_keys();
    command.args(["serve", "--listen", "127.0.0.1:0", "--api", "gateway"]);
    command.args(["--base-url", &sandbox.url, "--out"]).arg(out);
    command
}

/// A server in front of `sandbox`, and its key.
fn in_front_of(sandbox: &Served, out: &Path) -> (Daemon, String) {
    let mut daemon = Daemon::start(&mut command(sandbox, out));
    let key = format!("Bearer {}", daemon.line());
    (daemon, key)
}

fn cat() -> Value {
    json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 1})
}
