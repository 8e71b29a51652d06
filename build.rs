//! Turns the documents in `schemas/` into Rust: see `apifox-build`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match apifox_build::Builder::new("schemas")
        .strict(true)
        .write("generated.rs")
    {
        Ok(report) => {
            println!("cargo::rerun-if-changed=build.rs\n{report}");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::FAILURE
        }
    }
}
