//! The official JSON-Schema-Test-Suite, of draft 7 and draft 2020-12.
//!
//! It lies where `JSON_SCHEMA_TEST_SUITE` says, or else in the directory
//! `json-schema-test-suite` of the data.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

/// A schema, and the suite's tests of it.
#[derive(Clone, Debug)]
pub struct Group {
    /// Folder, file and description, as in `draft7/ref: root pointer ref`.
    pub name: String,
    /// The dialect that the schema is written in unless its `$schema` names one.
    pub dialect: &'static str,
    /// The schema as the suite has it.
    pub schema: Value,
    /// The tests: an array of objects with `description`, `data` and `valid`.
    pub tests: Value,
}

/// The folders of the suite, and the dialects of their schemas.
const DRAFTS: [(&str, &str); 2] = [
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    (
        "draft2020-12",
        "https://json-schema.org/draft/2020-12/schema",
    ),
];

/// The directory of the suite, unless it is missing and the test is to be skipped.
///
/// # Panics
///
/// In CI, if it is missing.
#[must_use]
pub fn directory() -> Option<PathBuf> {
    const VARIABLE: &str = "JSON_SCHEMA_TEST_SUITE";
    match std::env::var_os(VARIABLE) {
        Some(path) => super::existing(path.into(), VARIABLE),
        None => super::find("json-schema-test-suite"),
    }
}

/// The directory of a suite with its optional tests, which some editions leave out, unless
/// it is missing and the test is to be skipped: what `JSON_SCHEMA_OPTIONAL_TESTS` names.
///
/// # Panics
///
/// In CI, if it is missing.
#[must_use]
pub fn optional_directory() -> Option<PathBuf> {
    const VARIABLE: &str = "JSON_SCHEMA_OPTIONAL_TESTS";
    match std::env::var_os(VARIABLE) {
        Some(path) => super::existing(path.into(), VARIABLE),
        None => {
            super::skip(format!("{VARIABLE} names no suite with optional tests"));
            None
        }
    }
}

/// All groups of the suite in `directory`, sorted by file. Folders in the drafts' own, as
/// `optional/`, are left out.
///
/// # Errors
///
/// If a file can't be read or is not JSON.
pub fn groups(directory: &Path) -> io::Result<Vec<Group>> {
    in_folders(directory, "")
}

/// The groups in the folders `optional/`, but for those of formats, which are a folder there.
///
/// # Errors
///
/// If a file can't be read or is not JSON.
pub fn optional_groups(directory: &Path) -> io::Result<Vec<Group>> {
    in_folders(directory, "/optional")
}

/// The groups in the folders `below` those of the drafts.
fn in_folders(directory: &Path, below: &str) -> io::Result<Vec<Group>> {
    let mut groups = Vec::new();
    for (draft, dialect) in DRAFTS {
        let folder = format!("{draft}{below}");
        for file in files(&directory.join("tests").join(&folder))? {
            let stem = file.file_stem().unwrap_or_default().display().to_string();
            let read: Vec<Value> = serde_json::from_slice(&fs::read(&file)?)?;
            groups.extend(read.into_iter().map(|mut group| Group {
                name: format!(
                    "{folder}/{stem}: {}",
                    group["description"].as_str().unwrap_or_default().trim()
                ),
                dialect,
                schema: group["schema"].take(),
                tests: group["tests"].take(),
            }));
        }
    }
    Ok(groups)
}

/// The JSON files directly in a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
