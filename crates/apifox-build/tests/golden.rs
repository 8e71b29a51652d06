//! The generated code, as it stands in `golden/`.
//!
//! `UPDATE_GOLDENS=1 cargo test -p apifox-build --test golden` writes it anew.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use serde_json::Value;

#[test]
fn the_generated_code_is_as_it_was() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut count = 0;
    for entry in std::fs::read_dir(&directory).expect("the goldens") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let json = std::fs::read_to_string(&path).expect("a schema");
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let code = apifox_build::rust(&file, json, "Root")
            .expect("a module")
            .text;
        let golden = path.with_extension("rs");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(&golden, &code).expect("a file");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(
            code == expected,
            "{} differs: run with UPDATE_GOLDENS=1 and look at the change",
            golden.display()
        );
        count += 1;
    }
    assert_eq!(count, 11);
}
