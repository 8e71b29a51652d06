//! The manuals name files that exist.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crates::root;

#[test]
fn what_the_manuals_name_exists() {
    let mut missing = Vec::new();
    for manual in manuals() {
        let text = fs::read_to_string(&manual).expect("a manual");
        let folder = manual.parent().expect("a folder");
        let links = links(&text).filter(|link| !folder.join(link).exists());
        let is_missing = |path: &&str| !root().join(path).exists() && !folder.join(path).exists();
        let quoted = quoted_paths(&text).filter(is_missing);
        missing.extend(
            links
                .chain(quoted)
                .map(|path| format!("{}: {path}", manual.display())),
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The Markdown files at the root, and of `docs/`, `schemas/` and the examples.
fn manuals() -> Vec<PathBuf> {
    let mut folders = vec![
        root().to_owned(),
        root().join("docs"),
        root().join("schemas"),
    ];
    let examples = fs::read_dir(root().join("examples")).expect("examples/");
    folders.extend(examples.map(|entry| entry.expect("an entry").path()));
    let files = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path())
    });
    let is_manual = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    files.filter(is_manual).collect()
}

/// The files that Markdown links to, without the places in them.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.contains("://"));
    files
        .filter_map(|target| target.split('#').next())
        .filter(|file| !file.is_empty())
}

/// What is quoted as a path from the root of the repository.
fn quoted_paths(text: &str) -> impl Iterator<Item = &str> {
    const FOLDERS: &[&str] = &[
        ".ci",
        "benches",
        "crates",
        "docs",
        "exactness",
        "examples",
        "fuzz",
        "schemas",
        "src",
        "tests",
    ];
    let is_path = |quoted: &&str| {
        let first = Path::new(quoted).components().next();
        let is_known =
            first.is_some_and(|first| FOLDERS.iter().any(|name| first.as_os_str() == *name));
        is_known && quoted.contains('/') && !quoted.contains(|sign| " <>*{}".contains(sign))
    };
    text.split('`').skip(1).step_by(2).filter(is_path)
}
