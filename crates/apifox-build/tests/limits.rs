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

/// 12 KB that stood for a gigabyte.
#[test]
fn what_aliases_repeat_is_bounded_by_the_size_of_the_text() {
    let list = |of: &str, count: usize| format!("[{}]", vec![of; count].join(", "));
    let few = format!("a: &a {}\nb: {}\n", list("x", 1000), list("*a", 1000));
    let map = |at: usize| format!("m{at}: &m{at} {{a: *m{0}, b: *m{0}, c: *m{0}}}\n", at - 1);
    let tripling: String = (1..30).map(map).collect();
    let nested = format!("{}x{}", "[&a ".repeat(120), "]".repeat(120));
    let anchors = format!("a: {}\n", nested.replace('x', &list("x", 100_000)));
    for text in [few, format!("m0: &m0 x\n{tripling}"), anchors] {
        let told = told("x.yaml", &text);
        assert!(
            told.contains("the aliases stand for too much"),
            "{}",
            &told[..told.len().min(300)]
        );
    }
    // What documents do with aliases is no more than that.
    let shared: String = (0..200)
        .map(|at| format!("p{at}: {{<<: *a, x: {at}}}\n"))
        .collect();
    let modest = format!("a: &a {{b: [{}]}}\n{shared}", "word, ".repeat(50));
    assert!(!told("x.yaml", &modest).contains("aliases"));
}

#[test]
fn what_is_written_twice_is_told() {
    let yaml = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
  /pets/{id}:
    delete:
      operationId: deletePet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
";
    let problem = told("twice.yaml", yaml);
    for expected in [
        "is written twice; the first is in line 4",
        "/paths/~1pets~1{id}",
        "twice.yaml:9:3",
    ] {
        assert!(problem.contains(expected), "{expected}: {problem}");
    }
    let json =
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "a": {"type": "integer"}}}"#;
    let warning = told("twice.json", json);
    for expected in [
        "is written twice; the first, in line 1, is ignored",
        "/properties/a",
        "twice.json:1:60",
    ] {
        assert!(warning.contains(expected), "{expected}: {warning}");
    }
}

fn pattern(part: &str) -> String {
    json!({"type": "string", "pattern": part.repeat(50_000)}).to_string()
}
