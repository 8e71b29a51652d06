//! What bodies the versions of OpenAPI accept, and what is told of how they were read.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;

use apifox_document::{Document, Form, forms, sources};
use apifox_review::{BodySelector, check};
use serde_json::{Value, json};

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions.json");
    let text = fs::read_to_string(path).expect("the cases");
    serde_json::from_str(&text).expect("JSON")
}

fn list<'c>(case: &'c Value, name: &str) -> &'c [Value] {
    case[name].as_array().expect("a list")
}

#[test]
fn bodies_are_accepted_as_the_version_says() {
    for (index, case) in cases().iter().enumerate() {
        let name = format!("versions-{index}.json");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, case["document"].to_string()).expect("a file");
        let verdicts = [
            ("valid", None, true),
            ("invalid", None, false),
            ("valid_replies", Some(200), true),
            ("invalid_replies", Some(200), false),
        ];
        for (bodies, reply, expected) in verdicts {
            let selector = BodySelector {
                operation: None,
                reply,
            };
            for body in list(case, bodies) {
                let violations = check(&path, &selector, body).expect("a document");
                let is_valid = violations.is_empty();
                assert_eq!(is_valid, expected, "{}: {bodies}: {body}", case["name"]);
            }
        }
    }
}

#[test]
fn whatever_was_read_otherwise_is_told_with_its_place() {
    for case in cases() {
        let text = case["document"].to_string();
        let document = sources::read_text("d.json", &text).expect("a document");
        let api = forms::read(&document, false).expect("a document");
        let expected = list(&case, "warnings");
        let told = document.faults.iter().chain(&api.skipped);
        let found = told.map(|diagnostic| {
            let keyword = diagnostic.keyword.as_deref().unwrap_or_default();
            let message = &diagnostic.message;
            let is_expected = |warning: &&Value| {
                warning[0] == diagnostic.pointer.as_str()
                    && warning[1] == keyword
                    && warning[2]
                        .as_str()
                        .is_some_and(|text| message.contains(text))
            };
            match expected.iter().find(is_expected) {
                Some(warning) => warning.clone(),
                None => json!([diagnostic.pointer, keyword, message]),
            }
        });
        let mut found: Vec<String> = found.map(|warning| warning.to_string()).collect();
        let mut expected: Vec<String> = expected.iter().map(Value::to_string).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}", case["name"]);
    }
}

#[test]
fn openapi_without_its_version_is_refused() {
    let schema = json!({"application/json": {"schema": {"type": "object"}}});
    let paths = json!({"/a": {"post": {"requestBody": {"content": schema}}}});
    let unversioned = [
        json!({"paths": paths}),
        json!({"paths": paths, "x-a": 1}),
        json!({"info": {"title": "t"}, "components": {"schemas": {}}}),
    ];
    for json in unversioned {
        let document = Document::from_json("d.json", json.clone());
        assert_eq!(document.form(), Form::Unversioned, "{json}");
        let error = forms::read(&document, false).expect_err("a refusal");
        assert!(
            error.to_string().contains("does not say its version"),
            "{json}"
        );
    }
    let schemas = [
        json!({"type": "object", "properties": {"paths": {}}}),
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "paths": {"/a": {}}}),
        json!({"paths": {"a": {}}}),
        json!({"info": {}}),
        json!({}),
    ];
    for json in schemas {
        assert_eq!(Form::of(&json), Form::Schema, "{json}");
    }
}
