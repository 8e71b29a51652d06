//! Documents can be read, generated from and reviewed in a browser: nothing in the crates
//! that do so needs an operating system, but in the one module of each that reads files.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::crates;
use crate::requirements::metadata;

/// The crates, each with the module that may read files, clocks and the environment.
const ANYWHERE: &[(&str, &str)] = &[
    ("apifox-runtime", ""),
    ("apifox-document", "src/sources/"),
    ("apifox-build", "src/builder/"),
    ("apifox-review", ""),
];

/// Crates that need an operating system, or code in C.
const NEEDS_A_SYSTEM: &[&str] = &[
    "cc",
    "getrandom",
    "hyper",
    "libc",
    "libsqlite3-sys",
    "mio",
    "reqwest",
    "ring",
    "rustix",
    "rustls",
    "socket2",
    "tempfile",
    "tokio",
    "wasm-bindgen",
];

#[test]
fn no_dependency_needs_an_operating_system() {
    let metadata = metadata(&["--filter-platform=wasm32-unknown-unknown"]);
    for (name, _) in ANYWHERE {
        let used = dependencies(&metadata, name);
        assert!(used.contains("serde_json"), "{name}: {used:?}");
        let needs: Vec<_> = used
            .iter()
            .filter(|used| NEEDS_A_SYSTEM.contains(&used.as_str()))
            .collect();
        assert!(needs.is_empty(), "{name} depends on {needs:?}");
    }
}

/// The names of all that a crate is compiled with where it is used, macros left out: they
/// run where it is compiled.
fn dependencies(metadata: &Value, name: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let named = |id: &Value| {
        let package = packages.iter().find(|package| package["id"] == *id);
        package.expect("a package of this id")
    };
    let first = packages.iter().find(|package| package["name"] == name);
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let mut pending = vec![&first.expect("a crate")["id"]];
    let mut found = BTreeSet::new();
    while let Some(id) = pending.pop() {
        let node = nodes.iter().find(|node| node["id"] == *id);
        let used = node.expect("a node")["deps"].as_array().expect("deps");
        for dependency in used {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            let is_normal = kinds.iter().any(|kind| kind["kind"].is_null());
            let package = named(&dependency["pkg"]);
            let mut is_new = || found.insert(package["name"].as_str().expect("a name").to_owned());
            if is_normal && !is_macro(package) && !is_choice(named(id), package) && is_new() {
                pending.push(&dependency["pkg"]);
            }
        }
    }
    found
}

/// Whether one of our crates uses another only where its user says so, by a feature: what
/// that needs is the user's choice.
fn is_choice(crate_: &Value, used: &Value) -> bool {
    let mut declared = crate_["dependencies"].as_array().expect("deps").iter();
    let is_optional = |one: &Value| one["name"] == used["name"] && one["optional"] == true;
    crate_["source"].is_null() && declared.any(is_optional)
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().expect("targets");
    targets
        .iter()
        .any(|target| target["kind"][0] == "proc-macro")
}

#[test]
fn files_clocks_and_the_environment_are_read_in_one_module() {
    let mut found = Vec::new();
    for member in crates::all() {
        if let Some((_, module)) = ANYWHERE.iter().find(|(name, _)| *name == member.name) {
            let allowed = (!module.is_empty()).then(|| member.path().join(module));
            let folder = member.path().join("src");
            found.extend(crates::wrong_lines(&folder, &|path, line| {
                let is_allowed = allowed.as_ref().is_some_and(|one| path.starts_with(one));
                let is_comment = line.trim_start().starts_with("//");
                let needs_one = OF_A_SYSTEM.iter().any(|name| line.contains(name));
                needs_one && !is_comment && !is_allowed
            }));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What of the standard library there is not in a browser.
const OF_A_SYSTEM: &[&str] = &[
    "std::env::",
    "std::fs",
    "std::net",
    "std::process::Command",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::{fs",
];
