//! Whether each crate is compiled once, though the library and its build script use it.

use std::collections::BTreeMap;
use std::process::Command;

use crate::crates::root;

/// A crate with two sets of features is compiled twice, and so is what uses it: the generator
/// is part of the build script and of the program.
#[test]
fn no_crate_is_compiled_twice_for_its_features() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}\t{f}"])
        .current_dir(root())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut features: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_end_matches(" (*)");
        let Some((package, given)) = line.split_once('\t') else {
            continue;
        };
        let known = features.entry(package).or_default();
        if !known.contains(&given) {
            known.push(given);
        }
    }
    assert!(features.len() > 100, "{text}");
    features.retain(|_, given| given.len() > 1);
    assert!(
        features.is_empty(),
        "these have features in programs that they don't have in build scripts; give them to \
         the build-dependencies of exactness/Cargo.toml: {features:#?}"
    );
}
