//! Turns `schemas/flux.md`, a page of Apifox, into Rust.

use apifox_build::{Builder, Diagnostics};

fn main() -> Result<(), Diagnostics> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("{}", Builder::new("schemas").write("generated.rs")?);
    Ok(())
}
