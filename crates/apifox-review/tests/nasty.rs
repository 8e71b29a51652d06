//! Documents that make trouble: of each every operation is made or its reason told, nothing is
//! skipped in silence, it is no other than itself, and bodies are judged as `jsonschema` does.
//!
//! `UPDATE_GOLDENS=1` writes what is told into the cases.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use apifox_document::api::Api;
use apifox_document::{Diagnostic, Diagnostics, Document, forms, sources};
use apifox_review::lint::lint;
use apifox_review::{BodySelector, Role, check, diff};
use serde_json::{Value, json};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nasty.json")
}

fn file(case: &Value) -> &str {
    case["file"].as_str().unwrap_or("d.json")
}

/// The text of a case's document.
fn text(case: &Value) -> String {
    match case["text"].as_str() {
        Some(text) => text.to_owned(),
        None => case["document"].to_string(),
    }
}

/// What is told of a document: why it is refused, or what lint finds.
fn told(case: &Value, document: &Result<Document, Diagnostics>) -> Vec<String> {
    let line = |it: &Diagnostic| match &it.keyword {
        Some(keyword) => format!("{}/{keyword}: {}", it.pointer, it.message),
        None => format!("{}: {}", it.pointer, it.message),
    };
    let lines = |found: &Diagnostics| found.0.iter().map(line).collect();
    let document = match document {
        Ok(document) => document,
        Err(refused) => return lines(refused),
    };
    let found = match lint(document) {
        Ok(found) => found,
        Err(refused) => return lines(&refused),
    };
    let code = apifox_build::rust_text(file(case), &text(case), "Root");
    let mut told: Vec<String> = match &code {
        Ok(_) => Vec::new(),
        Err(refused) => refused
            .0
            .iter()
            .map(|it| format!("refused: {}", line(it)))
            .collect(),
    };
    for warning in code.iter().flat_map(|code| &code.warnings) {
        let is_known = |pointer: &str| pointer.starts_with(warning.pointer.as_str());
        if !found
            .iter()
            .any(|found| is_known(&found.diagnostic.pointer))
        {
            told.push(format!("a build alone knows {}", line(warning)));
        }
    }
    told.extend(
        found
            .iter()
            .map(|it| format!("{} {}", it.rule, line(&it.diagnostic))),
    );
    told.sort();
    told
}

/// Whether `jsonschema` accepts a body of the only operation.
fn accepts(api: &Api, body: &Value) -> Result<bool, String> {
    let endpoint = api.operations.first().expect("an operation");
    let content = endpoint.body.as_ref().and_then(|body| body.content());
    let Some(apifox_document::api::Content::Json(place)) = content else {
        panic!("a body of JSON");
    };
    let mut schema = api.json.clone();
    let reference = format!("#{}", apifox_document::pointer::encoded(place));
    schema["$ref"] = reference.into();
    // The address of the document itself, from which references in it start.
    schema["$id"] = api
        .json
        .get("$self")
        .cloned()
        .unwrap_or("https://self.example/".into());
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .build(&schema);
    let validator = validator.map_err(|error| error.to_string())?;
    Ok(validator.is_valid(body))
}

/// The bodies on which the verdict is another than that of the case, or of `jsonschema`. There is
/// none where a build refuses a number that is not kept.
fn misjudged(case: &Value, api: &Api, told: &[String]) -> Vec<String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nasty-{}", file(case)));
    std::fs::write(&path, text(case)).expect("a file");
    let selector = BodySelector {
        operation: None,
        reply: None,
    };
    let mut wrong = Vec::new();
    let is_lost = |line: &String| line.starts_with("refused") && line.contains("more digits");
    if told.iter().any(is_lost) && check(&path, &selector, &Value::Null).is_ok() {
        wrong.push("a check does not refuse the number".to_owned());
    }
    for (list, expected) in [("accepts", true), ("refuses", false)] {
        for body in case[list].as_array().into_iter().flatten() {
            let own = check(&path, &selector, body).map(|violations| violations.is_empty());
            let own = own.map_err(|refused| refused.to_string());
            let other = accepts(api, body);
            if own != Ok(expected) || other != Ok(expected) {
                wrong.push(format!("{list} {body}: {own:?}, by jsonschema {other:?}"));
            }
        }
    }
    wrong
}

#[test]
fn documents_that_make_trouble_are_read_or_refused_with_a_reason() {
    let golden = std::fs::read_to_string(path()).expect("the cases");
    let mut cases: Vec<Value> = serde_json::from_str(&golden).expect("JSON");
    let mut wrong = Vec::new();
    for case in &mut cases {
        let document = sources::read_text(file(case), &text(case));
        let told = told(case, &document);
        let mut made = Vec::new();
        if let Ok(document) = &document
            && let Ok(api) = forms::read(document, false)
        {
            let route = |it: &apifox_document::api::Endpoint| format!("{} {}", it.method, it.path);
            made = api.operations.iter().map(route).collect();
            let same = diff(document, document, Role::Both).expect("a comparison");
            if !same.changes.is_empty() {
                wrong.push(format!("{}: differs from itself: {same:?}", case["name"]));
            }
            wrong.extend(
                misjudged(case, &api, &told)
                    .iter()
                    .map(|it| format!("{}: {it}", case["name"])),
            );
        }
        if json!(made) != case["operations"] {
            wrong.push(format!("{}: made {made:?}", case["name"]));
        }
        if json!(told) != case["told"] {
            wrong.push(format!("{}: {told:#?}", case["name"]));
            case["told"] = json!(told);
        }
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let text = cases.iter().map(Value::to_string).collect::<Vec<_>>();
        std::fs::write(path(), format!("[\n{}\n]\n", text.join(",\n"))).expect("it is written");
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 30);
}
