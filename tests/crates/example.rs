//! The example crates outside the workspace, end to end.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{command_of_cargo, ended};

fn example(name: &str) -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    examples.join(name)
}

/// What `cargo run` or `cargo test` of an example prints, without a warning of the compiler or of
/// clippy on the way.
fn printed(name: &str, command: &str) -> String {
    let mut cargo = command_of_cargo(&example(name), command, &["--locked"]);
    // The compiler with the lints of clippy, which lies beside the one that it is of.
    let clippy = format!("clippy-driver{}", std::env::consts::EXE_SUFFIX);
    let clippy = Path::new(env!("CARGO")).with_file_name(clippy);
    if clippy.is_file() {
        // As `cargo clippy` does: what is linted is compiled as well, and not checked before.
        cargo.env("RUSTC_WORKSPACE_WRAPPER", clippy);
    } else {
        test_data::skip("clippy is not installed: the examples are not linted");
    }
    let (succeeded, out, err) = ended(&mut cargo);
    assert!(succeeded, "{out} {err}");
    assert_eq!(err, "", "no warnings");
    out
}

#[test]
fn a_project_export_is_a_client() {
    assert_eq!(
        printed("pet-shop", "run"),
        "new: 咪咪 is number 1\n\
         found: {\"id\":1,\"name\":\"咪咪\",\"status\":\"available\",\"kind\":\"cat\"}\n\
         on sale: 咪咪\n\
         on sale: 花花\n\
         on sale: 小黑\n\
         photo: HTTP 204\n\
         refused: /name: minLength: expected at least 1 character, found \"\"; \
         /status: enum: expected one of \"available\", \"sold\", found \"lost\"\n"
    );
}

/// Types, client, a server and tests, with no line of code for the vendor.
#[test]
fn a_page_of_another_vendor_is_all_that_there_is() {
    let tested = printed("flux", "test");
    assert!(tested.contains("0 failed"), "{tested}");
    // That is there now; `cargo run` would compile much of it with fewer features.
    let program = concat!(env!("CARGO_TARGET_TMPDIR"), "/../debug/flux");
    let (succeeded, out, err) = ended(&mut Command::new(program));
    assert!(succeeded, "{err}");
    assert_eq!(
        out,
        "2 pictures\n\
         refused: /n: maximum: expected at most 10, found 11; \
         /aspect_ratio: enum: expected one of \"21:9\", \"16:9\", \"4:3\", \"3:2\", \"1:1\", \
         \"2:3\", \"3:4\", \"9:16\", \"9:21\", found \"1:9\"\n"
    );
}

#[test]
fn an_api_has_ways_of_its_own() {
    assert_eq!(
        printed("lending-library", "run"),
        "lent until 2026-07-28 after 2 attempts\n\
         renewed until 2026-07-28 after 2 attempts\n\
         the API refused the request: Ulysses is lent \
         (HTTP 409, code 4408, request id r-3); shelf J 7\n"
    );
}

/// A client of anyone's API takes nothing of this project's vendors along.
#[test]
fn an_example_does_not_depend_on_inkstone() {
    for name in ["flux", "pet-shop", "lending-library"] {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--locked", "--edges", "all"])
            .current_dir(example(name))
            .output()
            .expect("cargo runs");
        assert!(tree.status.success(), "{tree:?}");
        let tree = String::from_utf8_lossy(&tree.stdout);
        assert!(tree.contains("apifox-client"), "{tree}");
        assert!(!tree.contains("inkstone v"), "{tree}");
    }
}
