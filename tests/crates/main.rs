//! Crates outside the workspace that are made from documents: each is built and run.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod compiler;
mod conformance;
mod conversions;
mod example;
mod new_document;
mod numbers;

use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

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

/// A scratch crate below a temporary directory, of that name: all share a directory for what is
/// built. Its dependencies are lines of its manifest, `{crates}` being where ours are; its versions
/// are those of this workspace.
fn new_crate(name: &str, dependencies: &str, main: &str) -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().expect("a directory");
    let crates = root.join("crates").display().to_string().replace('\\', "/");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n{}",
        dependencies.replace("{crates}", &crates)
    );
    let write = |file: &str, text: &str| {
        fs::write(directory.path().join(file), text).expect("a file");
    };
    write("Cargo.toml", &manifest);
    fs::create_dir(directory.path().join("src")).expect("a directory");
    write("src/main.rs", main);
    fs::copy(root.join("Cargo.lock"), directory.path().join("Cargo.lock")).expect("a file");
    directory
}

/// What one needs that this project's `build.rs` makes types for, from its folder `schemas`.
const GENERATED: &str = r#"
[dependencies]
apifox-runtime = { path = "{crates}/apifox-runtime" }
serde = "1"
serde_json = "1"

[build-dependencies]
apifox-build = { path = "{crates}/apifox-build" }
"#;

/// A scratch crate with this project's `build.rs`.
fn new_generated_crate(name: &str, main: &str) -> TempDir {
    let directory = new_crate(name, GENERATED, main);
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    fs::copy(build, directory.path().join("build.rs")).expect("a file");
    directory
}
