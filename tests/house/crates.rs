//! Which crates there are, and which may use which.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the workspace, each with those of the workspace that it may use in its
/// programs and build scripts. Tests may use any.
const MAY_USE: &[(&str, &[&str])] = &[
    ("apifox-runtime", &[]),
    ("apifox-document", &["apifox-runtime"]),
    ("apifox-build", &["apifox-document", "apifox-runtime"]),
    ("apifox-review", &["apifox-document", "apifox-runtime"]),
    ("apifox-client", &["apifox-runtime"]),
    ("apifox-conformance", &["apifox-document", "apifox-runtime"]),
    (
        "inkstone",
        &["apifox-build", "apifox-client", "apifox-runtime"],
    ),
    ("inkstone-painting", &[]),
    (
        "inkstone-sandbox",
        &["apifox-document", "apifox-runtime", "inkstone-painting"],
    ),
    ("inkstone-fleet", &["apifox-client"]),
    (
        "inkstone-cli",
        &[
            "apifox-build",
            "apifox-client",
            "apifox-document",
            "apifox-review",
            "apifox-runtime",
            "inkstone",
            "inkstone-fleet",
            "inkstone-sandbox",
        ],
    ),
    ("test-data", &[]),
    (
        "apifox-exactness",
        &["apifox-build", "apifox-document", "apifox-runtime"],
    ),
    (
        "inkstone-bench",
        &[
            "apifox-build",
            "apifox-client",
            "apifox-document",
            "apifox-runtime",
            "inkstone",
        ],
    ),
    ("inkstone-bench-base64", &["inkstone"]),
];

/// A crate of the workspace.
pub struct Crate {
    pub name: String,
    /// Its directory, from the root of the repository; empty for the root itself.
    pub directory: PathBuf,
    /// What its programs and build scripts depend on.
    dependencies: BTreeSet<String>,
}

impl Crate {
    /// Its directory, wherever the tests run.
    pub fn path(&self) -> PathBuf {
        root().join(&self.directory)
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All crates of the workspace.
pub fn all() -> Vec<Crate> {
    let mut directories: Vec<PathBuf> = ["", "benches", "benches/base64", "exactness"]
        .map(PathBuf::from)
        .to_vec();
    for entry in fs::read_dir(root().join("crates")).expect("crates/") {
        let name = entry.expect("an entry").file_name();
        directories.push(Path::new("crates").join(name));
    }
    directories.sort();
    directories.into_iter().map(read).collect()
}

/// The sources in a folder, and in those within it.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The lines of the sources in a folder that are wrong, but for those of unit tests: where each
/// stands, and what.
pub fn wrong_lines(folder: &Path, is_wrong: &dyn Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(folder) {
        let text = fs::read_to_string(&path).expect("a source");
        let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
        let lines = text[..tests].lines().zip(1..);
        let wrong = lines.filter(|(line, _)| is_wrong(&path, line));
        found.extend(wrong.map(|(line, number)| format!("{}:{number}: {line}", path.display())));
    }
    found
}

fn read(directory: PathBuf) -> Crate {
    let path = root().join(&directory).join("Cargo.toml");
    let manifest = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let mut section = "";
    let mut name = String::new();
    let mut dependencies = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        match section {
            "[package]" if key.trim() == "name" => name = value.trim().replace('"', ""),
            "[dependencies]" | "[build-dependencies]" => {
                let key = key.trim().trim_end_matches(".workspace");
                dependencies.insert(key.to_owned());
            }
            _ => {}
        }
    }
    Crate {
        name,
        directory,
        dependencies,
    }
}

#[test]
fn crates_stand_above_what_they_use() {
    let crates = all();
    let names: BTreeSet<String> = crates.iter().map(|member| member.name.clone()).collect();
    for Crate {
        name, dependencies, ..
    } in &crates
    {
        let (_, may_use) = MAY_USE
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("{name} is not in the table MAY_USE of tests/house"));
        for used in dependencies.intersection(&names) {
            assert!(may_use.contains(&used.as_str()), "{name} uses {used}");
        }
    }
}

#[test]
fn the_table_has_no_circle() {
    let mut below = BTreeSet::new();
    for (name, may_use) in MAY_USE {
        for used in *may_use {
            assert!(
                below.contains(used),
                "{used} is not above {name} in the table"
            );
        }
        below.insert(name);
    }
}
