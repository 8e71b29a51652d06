//! A folder holds few enough source files to be read at a glance.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::crates;

/// How many source files may lie in one folder.
const MOST: usize = 14;

#[test]
fn a_folder_holds_few_files() {
    let mut files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for member in crates::all() {
        for folder in ["src", "tests"] {
            for source in crates::sources(&member.path().join(folder)) {
                let folder = source.parent().expect("a folder").to_owned();
                *files.entry(folder).or_default() += 1;
            }
        }
    }
    files.retain(|_, files| *files > MOST);
    assert!(files.is_empty(), "more than {MOST} files: {files:#?}");
}
