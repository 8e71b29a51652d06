//! What lies in a directory.

#![expect(clippy::panic, reason = "a failed test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The names of what lies directly in a directory, hidden files among them, sorted.
///
/// # Panics
///
/// If it can't be read, or a name is not UTF-8.
#[must_use]
pub fn names(directory: &Path) -> Vec<String> {
    let name = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.unwrap_or_else(|| panic!("{path:?}")).to_owned()
    };
    entries(directory).iter().map(name).collect()
}

/// The files below a directory, sorted.
///
/// # Panics
///
/// If it, or a directory below it, can't be read.
#[must_use]
pub fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(directory) {
        match path.is_dir() {
            true => found.extend(below(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = read.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    paths
}
