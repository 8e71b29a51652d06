//! The documents are the vendors': what lies in `schemas/` is what was read.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

/// The rows of the table in `schemas/README.md`: file and hash.
fn pinned() -> BTreeMap<String, String> {
    let readme = fs::read_to_string(schemas().join("README.md")).expect("schemas/README.md");
    readme
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, file, _, hash, _] = cells[..] else {
                return None;
            };
            let bare = |cell: &str| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned());
            let (file, hash) = (bare(file)?, bare(hash)?);
            file.ends_with(".json").then_some((file, hash))
        })
        .collect()
}

fn documents() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for api in fs::read_dir(schemas()).expect("schemas") {
        let api = api.expect("an entry").path();
        if !api.is_dir() {
            continue;
        }
        for file in fs::read_dir(api).expect("an API") {
            let path = file.expect("an entry").path();
            let file = path.strip_prefix(schemas()).expect("below schemas");
            let file = file.to_str().expect("UTF-8").replace('\\', "/");
            let is_document = !file.ends_with(".patch.json") && !file.ends_with("/_api.json");
            if is_document {
                let hash = Sha256::digest(fs::read(&path).expect("a file"));
                let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                found.insert(file, hash);
            }
        }
    }
    found
}

#[test]
fn every_document_has_the_hash_that_the_readme_names() {
    assert_eq!(
        documents(),
        pinned(),
        "schemas/README.md names each document with its origin and SHA-256: \
         after replacing a document, update its row"
    );
}
