//! `inkstone serve`, by hand and with the libraries of OpenAI.

mod bodies;
mod checks;
mod faults;
mod kept;
mod keys;
mod libraries;
mod load;
mod once;
mod stays;
mod unavailable;

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
    command_at(&sandbox.url, "gateway", out)
}

/// The command of a server in front of an API at this address.
fn command_at(url: &str, api: &str, out: &Path) -> Command {
    let mut command = with_keys();
    command.args(["serve", "--listen", "127.0.0.1:0", "--api", api]);
    command.args(["--base-url", url, "--out"]).arg(out);
    command
}

/// A server in front of `sandbox`, and its key.
fn in_front_of(sandbox: &Served, out: &Path) -> (Daemon, String) {
    start(&mut command(sandbox, out))
}

/// A server, and its key.
fn start(command: &mut Command) -> (Daemon, String) {
    let mut daemon = Daemon::start(command);
    let key = format!("Bearer {}", daemon.line());
    (daemon, key)
}

fn cat() -> Value {
    json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 1})
}
