//! Turns `schemas/宠物店.apifox.json`, a project export, into Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    let builder = apifox_build::Builder::new("schemas")
        // The folders of the project are tags: the internal ones are not for callers.
        .only_tag("宠物")
        .derive("Hash")
        .module("宠物店.apifox.json", "pet_shop");
    match builder.write("generated.rs") {
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
