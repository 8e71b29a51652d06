//! A document that is dropped into a crate with `apifox-conformance` adds its tests, without a
//! line of code, and its ledger fails both ways.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::cargo;
use crate::new_document::copy;

const DOCUMENT: &str = r#"{
 "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/toys": {"post": {
  "operationId": "addToy", "tags": ["宠物"],
  "requestBody": {"required": true, "content": {"application/json": {
   "schema": {"type": "object", "required": ["name"], "properties": {
    "name": {"type": "string", "minLength": 2, "maxLength": 9},
    "price": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01}
   }},
   "examples": {"ball": {"value": {"name": "ball", "price": 1.5}}, "nameless": {"value": {}}}
  }}},
  "responses": {"200": {"description": "ok"}}
 }}}
}"#;

#[test]
fn a_new_document_adds_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().expect("a directory");
    let scratch = directory.path();
    copy(&root.join("examples/pet-shop"), scratch);
    let manifest = fs::read_to_string(scratch.join("Cargo.toml")).expect("a manifest");
    let crates = root.join("crates").display().to_string().replace('\\', "/");
    // Another version, so that cargo does not take it for the example itself, which other tests
    // build in the same folder.
    let manifest = manifest.replace("../../crates", &crates).replacen(
        "version = \"0.0.0\"",
        "version = \"0.0.1\"",
        1,
    );
    assert!(manifest.contains("version = \"0.0.1\""), "{manifest}");
    fs::write(scratch.join("Cargo.toml"), manifest).expect("a file");
    fs::write(scratch.join("schemas/toys.json"), DOCUMENT).expect("a file");
    let test = || cargo(scratch, "test", &["--test", "conformance"], Stdio::null());

    let (succeeded, out, err) = test();
    assert!(!succeeded, "{err}");
    let expected = [
        "toys/add_toy request nameless",
        "it breaks its schema: (root): required",
        "`toys/add_toy request nameless: the reason` to the ledger",
        "1 failed",
    ];
    for line in expected {
        assert!(out.contains(line), "{line}: {out} {err}");
    }

    let ledger = scratch.join("tests/deviations.txt");
    fs::write(
        &ledger,
        "toys/add_toy request nameless: shows what is refused\n",
    )
    .expect("a file");
    let (succeeded, out, err) = test();
    assert!(succeeded, "{out} {err}");

    let stale = "toys/add_toy request ball: fine\ntoys/add_toy request gone: no such example\n";
    fs::write(&ledger, stale).expect("a file");
    let (succeeded, out, _) = test();
    assert!(
        !succeeded && out.contains("it is fine: delete it from the ledger"),
        "{out}"
    );
    assert!(
        out.contains("toys/add_toy request gone: there is no such example"),
        "{out}"
    );
}
