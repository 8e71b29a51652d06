//! Documents made to take more time, memory or stack than there is: each is
//! generated from or refused like any other.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};

/// What is told of a document: its problems, or else its warnings.
fn told(file: &str, text: &str) -> String {
    match apifox_build::rust_text(file, text, "Root") {
        Ok(code) => code.warnings.iter().map(ToString::to_string).collect(),
        Err(problems) => problems.to_string(),
    }
}

/// Objects of which each holds the next one twice.
fn doubling(keyword: &str) -> Value {
    let name = |it: usize| format!("a{it}");
    let next = |it| json!({"$ref": format!("#/$defs/{}", name(it + 1))});
    let mut models: serde_json::Map<_, _> = (0..30)
        .map(|it| (name(it), json!({keyword: [next(it), next(it)]})))
        .collect();
    models.insert(name(30), json!({"type": "object"}));
    json!({"$ref": "#/$defs/a0", "$defs": models})
}

/// A project of models that mix the next one in twice.
fn mixing() -> Value {
    let id = |it: usize| format!("#/definitions/{it}");
    let model = |it| {
        let next = json!({"$ref": id(it + 1)});
        let schema = json!({"type": "object", "x-apifox-refs": {"r": next, "s": next}});
        json!({"name": format!("M{it}"), "id": id(it), "schema": {"jsonSchema": schema}})
    };
    let reply = json!({"code": 200, "contentType": "json", "jsonSchema": {"$ref": id(0)}});
    let api = json!({"method": "get", "path": "/a", "responses": [reply]});
    let mut models: Vec<Value> = (0..30).map(model).collect();
    models.push(json!({"name": "M30", "id": id(30), "schema": {"jsonSchema": {"type": "object"}}}));
    json!({
        "apifoxProject": "1.0.0",
        "apiCollection": [{"name": "r", "items": [{"name": "m", "api": api}]}],
        "schemaCollection": [{"name": "m", "items": models}],
    })
}

#[test]
fn what_doubles_at_each_step_is_over_in_time() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        told("x.json", &doubling(keyword).to_string());
    }
    let told = told("x.json", &mixing().to_string());
    let expected = "more than 500 models are mixed in";
    assert!(told.contains(expected), "{}", told.len());
    assert!(!told.contains("does not resolve"), "{}", told.len());
}

#[test]
fn what_would_overrun_the_stack_is_refused() {
    let refused = [
        ("x.yaml", "- ".repeat(100_000), "the text lies too deep"),
        ("x.json", "[".repeat(100_000), "recursion limit"),
        ("x.json", pattern("|"), "at most 1000 alternatives"),
        ("x.json", pattern("("), "not a regular expression"),
        ("x.json", pattern("(?="), "not a regular expression"),
    ];
    for (file, text, expected) in refused {
        let told = told(file, &text);
        assert!(
            told.contains(expected),
            "{expected}: {}",
            &told[..told.len().min(300)]
        );
    }
    // As many alternatives as there may be.
    let most = json!({"type": "string", "pattern": "a|".repeat(1000)});
    assert_eq!(told("x.json", &most.to_string()), "");
}

fn pattern(part: &str) -> String {
    json!({"type": "string", "pattern": part.repeat(50_000)}).to_string()
}
