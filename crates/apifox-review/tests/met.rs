//! What a document may get wrong, one change at a time: a build or lint tells it with its place,
//! lint knows whatever the build warns of, a build warns of what lint calls an error, and diff sees
//! the change.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::{Diagnostic, Document, Severity, sources};
use apifox_review::lint::lint;
use apifox_review::{Finding, Role, diff};
use serde_json::Value;

/// Sets the value at a pointer; a step that is not there yet is made, and `-` adds an item.
fn set(json: &mut Value, pointer: &str, value: &Value) {
    let (around, last) = pointer
        .rsplit_once('/')
        .expect("a pointer into the document");
    let last = last.replace("~1", "/").replace("~0", "~");
    match json.pointer_mut(around).expect("a place that is there") {
        Value::Array(items) if last == "-" => items.push(value.clone()),
        Value::Array(items) => items[last.parse::<usize>().expect("an index")] = value.clone(),
        Value::Object(members) => drop(members.insert(last, value.clone())),
        other => panic!("{other} has no {last}"),
    }
}

fn read(json: &Value) -> Result<Document, String> {
    sources::read_text("d.json", &json.to_string()).map_err(|problems| problems.to_string())
}

/// What is silent about a change of a document: nothing, where all is well.
fn silent(base: &Value, changed: &Value, place: &str) -> Vec<&'static str> {
    let mut silent = Vec::new();
    let (old, new) = match (read(base), read(changed)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(problem), _) => panic!("{problem}"),
        // It is refused.
        (_, Err(_)) => return silent,
    };
    let found = lint(&new).expect("a document");
    let is_at = |pointer: &str| pointer == place || pointer.starts_with(&format!("{place}/"));
    let is_told = |found: &Finding| {
        let Diagnostic {
            pointer, keyword, ..
        } = &found.diagnostic;
        let keyword = keyword.iter().map(|keyword| pointer.child(keyword));
        is_at(pointer) || keyword.into_iter().any(|pointer| is_at(&pointer))
    };
    if !found.iter().any(is_told) {
        silent.push("lint");
    }
    if let Ok(code) = apifox_build::rust_text("d.json", &changed.to_string(), "Root") {
        let known = |pointer: &str| {
            let mut found = found.iter();
            found.any(|found| found.diagnostic.pointer.starts_with(pointer))
        };
        if !code.warnings.iter().all(|warning| known(&warning.pointer)) {
            silent.push("lint, of what the build warns of");
        }
        let is_error = |found: &&Finding| found.severity == Severity::Error && is_told(found);
        if code.warnings.is_empty() && found.iter().any(|found| is_error(&found)) {
            silent.push("build, of what lint calls an error");
        }
    }
    if diff(&old, &new, Role::Both).is_ok_and(|diff| diff.changes.is_empty()) {
        silent.push("diff");
    }
    silent
}

#[test]
fn nothing_that_is_wrong_is_met_with_silence() {
    let data: Value = serde_json::from_str(include_str!("met.json")).expect("JSON");
    let bases: BTreeMap<String, Value> =
        serde_json::from_value(data["documents"].clone()).expect("documents");
    let mut wrong = Vec::new();
    for case in data["cases"].as_array().expect("cases") {
        let name = case["document"].as_str().expect("a name");
        let mut changed = bases[name].clone();
        for (pointer, value) in case["set"].as_object().expect("changes") {
            set(&mut changed, pointer, value);
        }
        let at = case["at"].as_str().expect("a place");
        let mut silent = silent(&bases[name], &changed, at);
        // Why who says nothing, which fails once it does.
        let reasons = case["silent"].as_object().into_iter().flatten();
        let expected = reasons.filter(|(_, why)| why.is_string());
        let expected: Vec<&str> = expected.map(|(who, _)| who.as_str()).collect();
        let is_told = |who: &&&str| !silent.contains(*who);
        if let Some(who) = expected.iter().find(is_told) {
            wrong.push(format!("{}: {who} tells it after all", case["name"]));
        }
        silent.retain(|who| !expected.contains(who));
        if !silent.is_empty() {
            wrong.push(format!("{}: {}", case["name"], silent.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
