//! The rules alone, against the official JSON-Schema-Test-Suite.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use apifox_runtime::{Checker, Draft};
use serde_json::Value;

fn suite() -> Option<PathBuf> {
    let path = std::env::var_os("JSON_SCHEMA_TEST_SUITE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/json-schema-test-suite"),
        PathBuf::from,
    );
    if path.join("tests").is_dir() {
        return Some(path.join("tests"));
    }
    eprintln!(
        "SKIPPED: the JSON-Schema-Test-Suite is not at {}; set JSON_SCHEMA_TEST_SUITE to it",
        path.display()
    );
    None
}

#[test]
fn every_schema_within_one_document_is_judged_right() {
    let Some(suite) = suite() else { return };
    let mut judged = 0;
    let mut wrong = Vec::new();
    for (folder, draft) in [("draft7", Draft::Seven), ("draft2020-12", Draft::Latest)] {
        let mut files: Vec<_> = std::fs::read_dir(suite.join(folder))
            .expect("a folder of tests")
            .map(|entry| entry.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect();
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a file of tests");
            let groups: Vec<Value> = serde_json::from_str(&text).expect("JSON");
            for group in groups {
                let name = format!(
                    "{folder}/{}: {}",
                    file.file_stem().unwrap().display(),
                    group["description"]
                );
                let draft = match group["schema"].get("$schema") {
                    Some(_) => Draft::of_schema(&group["schema"]),
                    None => Some(draft),
                };
                // A dialect of somebody's own is refused before anything is compiled.
                let Some(draft) = draft else { continue };
                match Checker::new(&group["schema"], "", draft) {
                    Err(unsupported) => {
                        let text = group["schema"].to_string();
                        let remote = text.contains("localhost:1234")
                            || text.contains("json-schema.org/draft");
                        if !remote {
                            wrong.push(format!("{name}: refused: {unsupported}"));
                        }
                    }
                    Ok(checker) => {
                        judged += 1;
                        for test in group["tests"].as_array().expect("tests") {
                            // The quick way, and the one that tells why not.
                            let ways = [
                                checker.accepts(&test["data"]),
                                checker.violations(&test["data"]).is_empty(),
                            ];
                            if ways != [test["valid"] == true; 2] {
                                wrong.push(format!("{name}: {}", test["description"]));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "of {judged}:\n{}", wrong.join("\n"));
    assert!(judged > 590, "only {judged} schemas were judged");
}
