//! Crates outside the workspace that are made from documents: each is built and run.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod example;
mod new_document;

use std::path::Path;
use std::process::Command;

/// What a run ends with: whether it succeeded, what it printed, what it complained of.
type Run = (bool, String, String);

/// Runs the crate in that directory, without the network. All share a directory for what
/// is built, which holds nothing that only a debugger or the next build has a use for.
fn run(crate_directory: &Path, options: &[&str]) -> Run {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .args(options)
        .current_dir(crate_directory)
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/crates"),
        )
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .expect("cargo runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
