//! The example crate outside the workspace: a project export, end to end.

#![allow(clippy::expect_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn a_project_export_is_a_client() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pet-shop");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--offline"])
        .current_dir(example)
        // With what the scratch crate of another test has built, where it has.
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/scratch"),
        )
        .output()
        .expect("cargo runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "no warnings");
    assert_eq!(
        text(&output.stdout),
        "new: 咪咪 is number 1\n\
         found: {\"id\":1,\"name\":\"咪咪\",\"status\":\"available\",\"kind\":\"cat\"}\n\
         on sale: 1\n\
         photo: HTTP 204\n\
         refused: /name: minLength: expected at least 1 character, found \"\"; \
         /status: enum: expected one of \"available\", \"sold\", found \"lost\"\n"
    );
}
