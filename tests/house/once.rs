//! Whether each crate is compiled once, though what is built and its build script use it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::crates::root;

/// Compiled twice in a crate that imports the library: without its feature `std` for
/// pulldown-cmark, with it for rustix. It takes a tenth of a second, and no crate of ours could
/// ask for the feature but by depending on it.
const TWICE: &str = "bitflags@";

/// What compiles the program for a first picture.
const PICTURE: [&str; 5] = ["build", "--bin", "inkstone", "--locked", "--offline"];

/// What compiles the tests.
const TESTS: [&str; 4] = ["test", "--no-run", "--locked", "--offline"];

/// The package and source of a library or program, and the features of each time that it is
/// compiled.
type Compiled = BTreeMap<(String, String), Vec<BTreeSet<String>>>;

/// A crate with two sets of features is compiled twice, and so is what uses it: the generator
/// is part of the build script and of the program.
#[test]
fn no_crate_is_compiled_twice_for_a_first_picture() {
    assert_compiled_once(root(), &PICTURE, "");
}

/// The same of what is there for tests alone.
#[test]
fn no_crate_is_compiled_twice_for_the_tests() {
    assert_compiled_once(root(), &TESTS, "");
}

/// What a first picture needed is there for the tests, but for what they want more of: of the
/// program all that it can do.
#[test]
fn no_crate_of_a_first_picture_is_compiled_again_for_the_tests() {
    let program = ["src", "build.rs", "crates/inkstone-cli"].map(|place| root().join(place));
    let picture = compiled(root(), &PICTURE);
    let tests = compiled(root(), &TESTS);
    let is_of_program = |(_, source): &(String, String)| {
        let mut places = program.iter();
        places.any(|place| Path::new(source).starts_with(place))
    };
    let again = picture.iter().filter(|(place, features)| {
        let is_another = tests.get(*place).is_some_and(|more| more != *features);
        is_another && !is_of_program(place)
    });
    let again: Vec<_> = again
        .map(|(place, features)| (place, features, &tests[place]))
        .collect();
    assert!(
        again.is_empty(),
        "where features differ, give all of them to the dependencies of exactness/Cargo.toml: \
         {again:#?}"
    );
}

/// The same of a crate of a user's: what the workspace asks for does not hold there.
#[test]
fn no_crate_is_compiled_twice_for_who_imports_the_library() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = directory.path();
    let manifest = format!(
        "[package]\nname = \"user\"\nedition = \"2024\"\n\
         [workspace]\n\
         [dependencies]\ninkstone = {{ path = {:?} }}\n",
        root()
    );
    fs::write(at.join("Cargo.toml"), manifest).expect("a manifest");
    fs::create_dir(at.join("src")).expect("a directory");
    fs::write(at.join("src/lib.rs"), "").expect("a source");
    fs::copy(root().join("Cargo.lock"), at.join("Cargo.lock")).expect("the versions");
    assert_compiled_once(at, &["build"], TWICE);
}

/// The same of one that generates a client of its own.
#[test]
fn no_crate_is_compiled_twice_for_who_generates_a_client() {
    let example = root().join("examples/lending-library");
    assert_compiled_once(&example, &["build", "--locked"], "");
}

/// What is built in the same folder is compiled once where it has the same version.
#[test]
fn crates_outside_the_workspace_have_its_versions() {
    let ours = versions(root());
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let excluded = manifest
        .split_once("exclude = [")
        .expect("crates outside")
        .1;
    let excluded = excluded.split_once(']').expect("an end").0;
    let places = excluded.split('"').skip(1).step_by(2);
    let outside: Vec<PathBuf> = places
        .flat_map(|place| locked(&root().join(place)))
        .collect();
    assert!(outside.len() >= 6, "{outside:?}");
    for outside in outside {
        let theirs = versions(&outside);
        let differ: Vec<_> = theirs.difference(&ours).collect();
        let other = differ.iter().filter(|(name, series, _)| {
            let mut same = ours.iter().filter(|it| (&it.0, &it.1) == (name, series));
            same.next().is_some()
        });
        let other: Vec<_> = other
            .map(|(name, _, version)| format!("{name}@{version}"))
            .collect();
        assert!(
            other.is_empty(),
            "{} has other versions, bring them to those of Cargo.lock by \
             `cargo update PACKAGE --precise VERSION`: {other:?}",
            outside.display()
        );
    }
}

/// A folder with a lock file, or those in it that have one.
fn locked(folder: &Path) -> Vec<PathBuf> {
    let has_lock = |folder: &PathBuf| folder.join("Cargo.lock").is_file();
    let within = fs::read_dir(folder).expect("a folder");
    let within = within.map(|entry| entry.expect("an entry").path());
    let all = std::iter::once(folder.to_owned()).chain(within);
    all.filter(has_lock).collect()
}

/// What a lock file names: package, the series in which a version takes the place of another,
/// and version.
fn versions(at: &Path) -> BTreeSet<(String, String, String)> {
    let lock = fs::read_to_string(at.join("Cargo.lock")).expect("the versions");
    let text = |line: Option<&str>, start: &str| {
        let quoted = line?.strip_prefix(start)?.strip_suffix('"')?;
        Some(quoted.to_owned())
    };
    let packages = lock.split("[[package]]\n").skip(1);
    let package = |package: &str| {
        let mut lines = package.lines();
        let name = text(lines.next(), "name = \"").expect("a name");
        let version = text(lines.next(), "version = \"").expect("a version");
        let until = version.find(|c: char| c.is_ascii_digit() && c != '0');
        let series = version[until.unwrap_or(0)..]
            .split('.')
            .next()
            .unwrap_or_default();
        let series = &version[..until.unwrap_or(0) + series.len()];
        (name, series.to_owned(), version)
    };
    packages.map(package).collect()
}

fn compiled(at: &Path, command: &[&str]) -> Compiled {
    // Only this graph has each compilation that will be. Cargo shows it behind a flag: its
    // format may change.
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args(["--unit-graph", "-Zunstable-options"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(at)
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{output:?}");
    let graph: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut compiled = Compiled::new();
    for unit in graph["units"].as_array().expect("units") {
        // A library is compiled again for the tests inside it.
        if unit["mode"] != "build" {
            continue;
        }
        let text = |value: &'static str| unit.pointer(value).and_then(Value::as_str);
        let package = text("/pkg_id").expect("a package").to_owned();
        let target = text("/target/src_path").expect("a target").to_owned();
        let features = unit["features"].as_array().expect("features").iter();
        let features = features.filter_map(Value::as_str).map(str::to_owned);
        let times = compiled.entry((package, target)).or_default();
        times.push(features.collect());
    }
    assert!(compiled.len() > 100, "{compiled:#?}");
    compiled
}

fn assert_compiled_once(at: &Path, command: &[&str], but: &str) {
    let (exempt, mut compiled): (Compiled, Compiled) = compiled(at, command)
        .into_iter()
        .partition(|((package, _), _)| !but.is_empty() && package.contains(but));
    // rustix is there on Unix alone.
    let is_needed = exempt.values().any(|times| times.len() > 1);
    assert!(
        but.is_empty() || is_needed || cfg!(not(unix)),
        "{but} is not compiled twice: no exception is needed"
    );
    compiled.retain(|_, times| times.len() > 1);
    assert!(
        compiled.is_empty(),
        "these are compiled more than once, with these features; where they differ, give all \
         of them to the build-dependencies of exactness/Cargo.toml: {compiled:#?}"
    );
}
