//! Turns `schemas/flux.md`, a page of Apifox, into Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    match apifox_build::Builder::new("schemas").write("generated.rs") {
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
