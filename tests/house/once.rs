//! Whether each crate is compiled once, though the library and its build script use it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::crates::root;

/// A crate with two sets of features is compiled twice, and so is what uses it: the generator
/// is part of the build script and of the program.
#[test]
fn no_crate_is_compiled_twice_for_a_first_picture() {
    assert_compiled_once(&["build", "--bin", "inkstone"]);
}

/// The same of what is there for tests alone.
#[test]
fn no_crate_is_compiled_twice_for_the_tests() {
    assert_compiled_once(&["test", "--no-run"]);
}

fn assert_compiled_once(command: &[&str]) {
    // Only this graph has each compilation that will be. Cargo shows it behind a flag: its
    // format may change.
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args([
            "--locked",
            "--offline",
            "--unit-graph",
            "-Zunstable-options",
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{output:?}");
    let graph: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut compiled: BTreeMap<(&str, &str), Vec<BTreeSet<&str>>> = BTreeMap::new();
    for unit in graph["units"].as_array().expect("units") {
        // A library is compiled again for the tests inside it.
        if unit["mode"] != "build" {
            continue;
        }
        let text = |value: &'static str| unit.pointer(value).and_then(Value::as_str);
        let package = text("/pkg_id").expect("a package");
        let target = text("/target/src_path").expect("a target");
        let features = unit["features"].as_array().expect("features");
        let features = features.iter().filter_map(Value::as_str).collect();
        compiled
            .entry((package, target))
            .or_default()
            .push(features);
    }
    assert!(compiled.len() > 200, "{compiled:#?}");
    compiled.retain(|_, times| times.len() > 1);
    assert!(
        compiled.is_empty(),
        "these are compiled more than once, with these features; where they differ, give all \
         of them to the build-dependencies of exactness/Cargo.toml: {compiled:#?}"
    );
}
