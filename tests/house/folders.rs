//! A folder holds few enough source files to be read at a glance.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::crates::{self, root};

/// How many source files may lie in one folder.
const MOST: usize = 14;

/// The folders that still hold more.
const CROWDED: &[&str] = &[
    "crates/apifox-runtime/src/request",
    "crates/inkstone-cli/src",
    "crates/inkstone-cli/src/batch",
    "crates/inkstone-cli/tests/cli",
    "crates/inkstone-sandbox/tests/sandbox",
];

#[test]
fn a_folder_holds_few_files() {
    let mut crowded = BTreeSet::new();
    for member in crates::all() {
        for folder in ["src", "tests"] {
            look(&member.path().join(folder), &mut crowded);
        }
    }
    crate::assert_ledger("folders with too many files", &crowded, CROWDED);
}

fn look(folder: &Path, crowded: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut files = 0;
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look(&path, crowded);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files += 1;
        }
    }
    if files > MOST {
        let folder = folder.strip_prefix(root()).expect("within the repository");
        crowded.insert(folder.display().to_string());
    }
}
