//! What is told of formats: those without a type, and those that say nothing of their schema.

use std::fs;

use apifox_build::{Builder, FORMATS};
use serde_json::json;

fn builder(schema: &serde_json::Value) -> (tempfile::TempDir, Builder) {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": {},
        "components": {"schemas": {"Pet": schema}},
    });
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), document.to_string()).expect("a file");
    let builder = Builder::new(directory.path());
    (directory, builder)
}

#[test]
fn a_format_without_a_type_is_told() {
    let (_directory, builder) = builder(&json!({"type": "string"}));
    let told = |names: &[&str]| {
        let problems = builder
            .clone()
            .formats(names)
            .generate()
            .expect_err("unknown");
        problems.to_string()
    };
    assert_eq!(
        told(&["uuid", "datetime"]),
        "1 problem in the documents:\n  datetime: is not a format that there is a type for\n      \
         a format is called date-time"
    );
    assert_eq!(
        told(&["regex"]),
        format!(
            "1 problem in the documents:\n  regex: is not a format that there is a type for\n      \
             there are types for {}",
            FORMATS.join(", ")
        )
    );
}

#[test]
fn nothing_is_asserted_unless_it_is_named() {
    let schema = json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "born": {"type": "string", "format": "date"},
    }});
    let (_directory, builder) = builder(&schema);
    let code = builder.generate().expect("code");
    assert!(
        !code.contains("rt::Date") && !code.contains("rt::Uuid"),
        "{code}"
    );
    let code = builder.formats(["date"]).generate().expect("code");
    assert!(code.contains("born: Option<rt::Date>"), "{code}");
    assert!(code.contains("id: Option<String>"), "{code}");
}

#[test]
fn a_format_that_says_nothing_of_its_schema_is_told() {
    let schema = json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "int64"},
        "born": {"type": ["string", "integer"], "format": "date"},
    }});
    let (directory, _) = builder(&schema);
    // What a build script prints is known in a process that cargo gave a directory.
    let child = std::env::current_exe().expect("this program");
    let printed = std::process::Command::new(child)
        .args(["told::in_a_build_script", "--exact", "--nocapture"])
        .env("OUT_DIR", directory.path().join("out"))
        .env(DOCUMENTS, directory.path())
        .output()
        .expect("a process");
    let printed = String::from_utf8(printed.stdout).expect("a text");
    let warnings: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("cargo::warning="))
        .collect();
    assert_eq!(
        warnings,
        [
            "shop.json:1:153: #/components/schemas/Pet/properties/id: format: int64 says something \
             of numbers only (correct the type or the format, if this is not meant)"
        ]
    );
}

/// The variable that tells a process that it is a build script, and for which documents.
const DOCUMENTS: &str = "FORMATS_DOCUMENTS";

#[test]
fn in_a_build_script() {
    if let Some(documents) = std::env::var_os(DOCUMENTS) {
        let builder = Builder::new(documents).formats(FORMATS);
        println!("{}", builder.write("generated.rs").expect("a report"));
    }
}
