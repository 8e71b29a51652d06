//! No modules of a crate import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::crates;
use crate::imports::{self, Imports};
use crate::modules;

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let mut found = String::new();
    for member in crates::all() {
        for tree in modules::trees(&member) {
            let imports = imports::between_files(&tree);
            for circle in circles(&imports) {
                found.push_str(&describe(&circle, &imports));
            }
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// Sets of files of which each imports, by way of others, each.
fn circles(imports: &Imports) -> Vec<BTreeSet<&str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|file| (file.as_str(), reached_from(file, imports)))
        .collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (file, files) in &reached {
        let is_known = circles.iter().any(|circle| circle.contains(file));
        if files.contains(file) && !is_known {
            let is_mutual =
                |other: &&&str| reached.get(**other).is_some_and(|back| back.contains(file));
            circles.push(files.iter().filter(is_mutual).copied().collect());
        }
    }
    circles
}

/// The files that a file imports, and those that they import, and so on.
fn reached_from<'a>(file: &str, imports: &'a Imports) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut pending = vec![file];
    while let Some(file) = pending.pop() {
        for target in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(target.as_str()) {
                pending.push(target);
            }
        }
    }
    reached
}

/// Who takes what from whom in a circle.
fn describe(circle: &BTreeSet<&str>, imports: &Imports) -> String {
    let mut text = format!("{} files:\n", circle.len());
    for file in circle {
        for (target, names) in &imports[*file] {
            if circle.contains(target.as_str()) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                text.push_str(&format!("  {file} -> {target}: {}\n", names.join(", ")));
            }
        }
    }
    text
}

#[test]
fn circles_are_found() {
    let imports = |edges: &[(&str, &str)]| {
        let mut imports = Imports::new();
        for (from, to) in edges {
            imports
                .entry((*from).into())
                .or_default()
                .entry((*to).into())
                .or_default();
        }
        imports
    };
    let line = imports(&[("a", "b"), ("b", "c"), ("a", "c")]);
    assert!(circles(&line).is_empty());
    let circle = imports(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]);
    assert_eq!(circles(&circle), [BTreeSet::from(["b", "c"])]);
}
