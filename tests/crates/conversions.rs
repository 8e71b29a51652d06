//! What types of formats convert to, in a crate that asks for it.

use std::path::Path;
use std::process::Stdio;

use crate::cargo;

#[test]
fn formats_convert_to_the_types_of_other_crates() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = root.join("crates/apifox-runtime/tests/conversions");
    let (succeeded, out, err) = cargo(&tests, "test", &["--locked"], Stdio::null());
    assert!(succeeded, "{out} {err}");
    assert!(out.contains("5 passed"), "{out}");
    assert_eq!(err, "", "no warnings");
}
