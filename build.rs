//! Turns the documents in `schemas/` into Rust: see `apifox-build`.

use apifox_build::{Builder, Diagnostics};

fn main() -> Result<(), Diagnostics> {
    println!("cargo::rerun-if-changed=build.rs");
    println!(
        "{}",
        Builder::new("schemas").strict(true).write("generated.rs")?
    );
    Ok(())
}
