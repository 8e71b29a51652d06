//! Turns `schemas/宠物店.apifox.json`, a project export, into Rust.

use apifox_build::{Builder, Diagnostics, Pages};

fn main() -> Result<(), Diagnostics> {
    let builder = Builder::new("schemas")
        // The folders of the project are tags: the internal ones are not for callers.
        .only_tag("宠物")
        .derive("Hash")
        // What is on sale comes page by page.
        .pages("GET /pets", Pages::number("page"))
        .module("宠物店.apifox.json", "pet_shop");
    println!("cargo::rerun-if-changed=build.rs");
    println!("{}", builder.write("generated.rs")?);
    Ok(())
}
