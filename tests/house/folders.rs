//! A folder holds few enough source files to be read at a glance.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crates;

/// How many source files may lie in one folder.
const MOST: usize = 14;

#[test]
fn a_folder_holds_few_files() {
    let mut crowded = Vec::new();
    for member in crates::all() {
        for folder in ["src", "tests"] {
            look(&member.path().join(folder), &mut crowded);
        }
    }
    assert!(crowded.is_empty(), "more than {MOST} files: {crowded:#?}");
}

fn look(folder: &Path, crowded: &mut Vec<PathBuf>) {
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
        crowded.push(folder.to_owned());
    }
}
