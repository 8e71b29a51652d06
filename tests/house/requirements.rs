//! What the crates ask of whoever uses them: a version of Rust, and manifests that a
//! registry takes.

use std::process::Command;

use serde_json::Value;

use crate::crates::root;

/// What cargo knows of the workspace and of all that it depends on, for other systems too: what was
/// not needed to build the tests is downloaded.
pub fn metadata(more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .args(more)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A version of Rust, as numbers.
fn version(text: &Value) -> Vec<u32> {
    let numbers = text.as_str().unwrap_or_default().split('.');
    let mut numbers: Vec<u32> = numbers.map(|it| it.parse().expect("a number")).collect();
    numbers.resize(3, 0);
    numbers
}

/// That our own code needs no later Rust, clippy's `incompatible_msrv` sees to.
#[test]
fn no_dependency_needs_a_later_rust_than_we_say() {
    let metadata = metadata(&[]);
    let packages = metadata["packages"].as_array().expect("packages");
    let ours = packages
        .iter()
        .find(|package| package["name"] == "inkstone");
    let ours = version(&ours.expect("this package")["rust_version"]);
    let late: Vec<String> = packages
        .iter()
        .filter(|package| !package["rust_version"].is_null())
        .filter(|package| version(&package["rust_version"]) > ours)
        .map(|package| format!("{} {}", package["name"], package["rust_version"]))
        .collect();
    assert!(late.is_empty(), "later than {ours:?}: {late:#?}");
}

#[test]
fn what_is_published_says_what_it_is() {
    let metadata = metadata(&[]);
    let packages = metadata["packages"].as_array().expect("packages");
    let is_published =
        |package: &&Value| package["source"].is_null() && package["publish"].is_null();
    let mut missing = Vec::new();
    for package in packages.iter().filter(is_published) {
        let needed = [
            "description",
            "documentation",
            "license",
            "readme",
            "rust_version",
        ];
        let absent = needed.into_iter().filter(|name| package[*name].is_null());
        let empty = ["keywords", "categories"].into_iter().filter(|name| {
            let items = package[*name].as_array();
            items.is_none_or(Vec::is_empty)
        });
        missing.extend(
            absent
                .chain(empty)
                .map(|it| format!("{}: {it}", package["name"])),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
