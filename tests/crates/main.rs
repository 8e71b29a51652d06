//! Crates outside the workspace that are made from documents: each is built and run.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod compiler;
mod conformance;
mod conversions;
mod example;
mod new_document;
mod numbers;

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run ends with: whether it succeeded, what it printed, what it complained of.
type Run = (bool, String, String);

/// Runs the crate in that directory, without the network. All share this workspace's directory
/// for what is built, and with it the crates that are built there already; what is added holds
/// nothing that only a debugger or the next build has a use for.
fn run(crate_directory: &Path, options: &[&str]) -> Run {
    cargo(crate_directory, "run", options, Stdio::null())
}

/// The same with this text as its standard input.
fn run_with_input(crate_directory: &Path, input: &str) -> Run {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(input.as_bytes()).expect("it is written");
    file.rewind().expect("a file");
    cargo(crate_directory, "run", &[], file.into())
}

fn cargo(crate_directory: &Path, command: &str, options: &[&str], input: Stdio) -> Run {
    let mut cargo = command_of_cargo(crate_directory, command, options);
    ended(cargo.stdin(input))
}

fn command_of_cargo(crate_directory: &Path, command: &str, options: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([command, "--quiet", "--offline"])
        .args(options)
        .current_dir(crate_directory)
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/.."),
        )
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    cargo
}

fn ended(cargo: &mut Command) -> Run {
    let output = cargo.output().expect("cargo runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
