//! The mutation test: where any one value of a document is changed, added or removed, either
//! it is an annotation by the tables, or `diff` says something.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

mod fate;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::reachable::{pruned, reachable_schemas};
use apifox_document::{Document, sources};
use apifox_review::{Role, diff};
use serde_json::{Value, json};
use test_data::files::below;

use fate::is_in_annotation;

/// One change of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mutation {
    pointer: String,
    /// The value that takes the place; none where it is removed.
    value: Option<String>,
}

/// The places of a value and of all that is in it.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                places(value, &at.child(name), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &at.child(index), found);
            }
        }
        _ => {}
    }
}

/// The values that a value is changed to.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag), json!("yes")],
        Value::Number(number) => vec![json!(number.as_f64().unwrap_or_default() + 1.0)],
        Value::String(text) => vec![json!(format!("{text}x")), json!(7)],
        Value::Null => vec![json!(true)],
        Value::Array(_) | Value::Object(_) => vec![json!("text")],
    }
}

/// Every change of one value.
fn mutations(json: &Value) -> Vec<Mutation> {
    let mut all = Vec::new();
    places(json, "", &mut all);
    let mut mutations = Vec::new();
    for pointer in all {
        let Some(value) = json.pointer(&pointer) else {
            continue;
        };
        if !pointer.is_empty() {
            let changed = others(value)
                .into_iter()
                .map(|other| Some(other.to_string()));
            mutations.extend(changed.chain([None]).map(|value| Mutation {
                pointer: pointer.clone(),
                value,
            }));
        }
        if value.is_object() {
            mutations.push(Mutation {
                pointer: pointer.child("zzz"),
                value: Some("{\"a\":1}".to_owned()),
            });
        }
    }
    mutations
}

/// The document after a change.
fn mutated(json: &Value, mutation: &Mutation) -> Option<Value> {
    let mut json = json.clone();
    let (around, last) = mutation.pointer.rsplit_once('/')?;
    let last = apifox_document::pointer::steps(&format!("/{last}")).next()?;
    match (json.pointer_mut(around)?, &mutation.value) {
        (Value::Object(members), Some(text)) => {
            members.insert(last, serde_json::from_str(text).ok()?);
        }
        (Value::Object(members), None) => drop(members.shift_remove(&last)),
        (Value::Array(items), Some(text)) => {
            *items.get_mut(last.parse::<usize>().ok()?)? = serde_json::from_str(text).ok()?;
        }
        (Value::Array(items), None) => drop(items.remove(last.parse().ok()?)),
        _ => return None,
    }
    Some(json)
}

/// Whether a change of a document as it is written is met with silence, though it is no
/// annotation: where reading it translates it.
fn is_silent_as_written(json: &Value, old: &Document, mutation: &Mutation) -> bool {
    let Some(changed) = mutated(json, mutation) else {
        return false;
    };
    if is_in_annotation(json, &mutation.pointer) && is_in_annotation(&changed, &mutation.pointer) {
        return false;
    }
    // What is refused is told.
    let new = sources::read_text("d.json", &changed.to_string());
    let diff = new.and_then(|new| diff(old, &new, Role::Both));
    diff.is_ok_and(|diff| diff.changes.is_empty())
}

/// Whether a change is met with silence, though it is no annotation.
fn is_silent(old: &Document, mutation: &Mutation) -> bool {
    let Some(json) = mutated(&old.json, mutation) else {
        return false;
    };
    if is_in_annotation(&old.json, &mutation.pointer) && is_in_annotation(&json, &mutation.pointer)
    {
        return false;
    }
    let new = Document {
        json,
        ..old.clone()
    };
    diff(old, &new, Role::Both).is_ok_and(|diff| diff.changes.is_empty())
}

#[test]
fn every_change_of_a_small_document_is_told() {
    let documents: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("documents.json")).expect("JSON");
    let mut silent = BTreeSet::new();
    for (name, json) in &documents {
        let old = sources::read_text("d.json", &json.to_string()).expect("a document");
        for mutation in mutations(json) {
            let is_silent = match old.is_translated() {
                true => is_silent_as_written(json, &old, &mutation),
                false => is_silent(&old, &mutation),
            };
            if is_silent {
                silent.insert(format!("{name} {} {:?}", mutation.pointer, mutation.value));
            }
        }
    }
    let expected: BTreeSet<String> = SAME
        .iter()
        .map(|[change, _]| (*change).to_owned())
        .collect();
    assert_eq!(silent, expected, "{silent:#?}");
}

/// Changes of a small document that the translation from Swagger 2.0 makes the same of, and why
/// that is right.
const SAME: [[&str; 2]; 7] = [
    ["Swagger 2.0 /consumes None", JSON],
    ["Swagger 2.0 /consumes/0 None", JSON],
    ["Swagger 2.0 /produces None", JSON],
    ["Swagger 2.0 /produces/0 None", JSON],
    [
        "Swagger 2.0 /paths/~1a/post/parameters/0/collectionFormat None",
        "csv is the default",
    ],
    [
        "Swagger 2.0 /paths/~1a/post/parameters/1/name Some(\"\\\"bodyx\\\"\")",
        "the name of a body is not sent",
    ],
    [
        "Swagger 2.0 /paths/~1f/put/consumes/0 None",
        "a file is sent as multipart/form-data, whatever consumes says",
    ],
];

/// JSON is what is sent and read where a document does not say.
const JSON: &str = "JSON is what it is without";

/// What is met with silence in documents by others, and why that is right: file, pointer and
/// reason. The pointer is that of the value, from the operation on where there is one.
const LEDGER: [[&str; 3]; 0] = [];

/// The size in bytes from which on a part of a document is tried less often, as that takes
/// longer.
const USUAL: usize = 9_000;

/// How many mutations of each document are tried.
const TRIED: usize = 90;

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }
}

/// The document with one of its paths alone, and what that refers to: so small that many
/// changes of it can be compared.
fn one_path(json: &Value, random: &mut Random) -> Value {
    let Some(paths) = json["paths"].as_object().filter(|paths| paths.len() > 1) else {
        return json.clone();
    };
    let (path, _) = paths.iter().nth(random.below(paths.len())).expect("a path");
    let start = "/paths".child(path);
    let mut kept = reachable_schemas(json, vec![start]);
    for name in [
        "openapi", "swagger", "info", "servers", "security", "webhooks",
    ] {
        kept.insert("".child(name));
    }
    kept.insert("/components/securitySchemes".to_owned());
    pruned(json, &kept)
}

#[test]
fn changes_of_documents_by_others_are_told() {
    let Some(directory) = test_data::find("documents") else {
        return;
    };
    let mut random = Random(13);
    let mut silent = BTreeSet::new();
    let (mut tried, mut parts) = (0, 0);
    for path in below(&directory) {
        let Ok(whole) = sources::read_file(&path) else {
            continue;
        };
        let file = path.file_name().expect("a name").display().to_string();
        for _ in 0..3 {
            let json = one_path(&whole.json, &mut random);
            let size = json.to_string().len();
            parts += 1;
            let old = Document::from_json(&file, json);
            let all = mutations(&old.json);
            for _ in 0..(TRIED / 3).min(TRIED / 3 * USUAL / size) {
                let mutation = &all[random.below(all.len())];
                tried += 1;
                if is_silent(&old, mutation) {
                    silent.insert(format!("{file} {} {:?}", mutation.pointer, mutation.value));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{tried} in {parts}: {silent:#?}");
    assert!(tried > 2000, "{tried} in {parts}");
    assert_eq!(LEDGER.len(), 0);
}

/// What may be changed in the text of a document without a word, and why that is right: file,
/// pointer and reason.
const SAME_TEXTS: [[&str; 3]; 0] = [];

/// The changes of single values in the text of a document that are met with silence, though they
/// are no annotation; and how many were tried, of at most `most`.
fn silent_texts(path: &Path, most: usize, random: &mut Random) -> (Vec<String>, usize) {
    let text = std::fs::read_to_string(path).expect("a text");
    let file = path.file_name().expect("a name").display().to_string();
    let Ok(old) = sources::read_text(&file, &text) else {
        return (Vec::new(), 0);
    };
    let mut all = Vec::new();
    places(&old.json, "", &mut all);
    all.retain(|place| !is_in_annotation(&old.json, place));
    let mut silent = Vec::new();
    let mut tried = 0;
    for _ in 0..all.len().min(most) {
        let pointer = all.swap_remove(random.below(all.len()));
        let Some(changed) = text::changed(&old, &text, &pointer) else {
            continue;
        };
        tried += 1;
        // What is refused is told.
        let new = sources::read_text(&file, &changed);
        let diff = new.and_then(|new| diff(&old, &new, Role::Both));
        if diff.is_ok_and(|diff| diff.changes.is_empty()) {
            silent.push(format!("{file} {pointer}"));
        }
    }
    (silent, tried)
}

#[test]
fn every_change_in_the_text_of_a_document_is_told() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exactness/documents");
    let all = [Some(own), test_data::find("documents")];
    let mut random = Random(17);
    let (mut silent, mut tried) = (BTreeSet::new(), 0);
    for path in all.into_iter().flatten().flat_map(|all| below(&all)) {
        let is_text = path.extension().is_some_and(|ending| ending != "json");
        let size = path.metadata().expect("a file").len();
        if is_text && size < 60_000 {
            let (found, count) = silent_texts(&path, TRIED, &mut random);
            silent.extend(found);
            tried += count;
        }
    }
    let expected: BTreeSet<String> = SAME_TEXTS
        .iter()
        .map(|[file, pointer, _]| format!("{file} {pointer}"))
        .collect();
    assert_eq!(silent, expected, "of {tried}: {silent:#?}");
    assert!(tried > 200, "{tried}");
}

#[test]
fn every_line_of_a_page_is_read() {
    let Some(directory) = test_data::find("documents") else {
        return;
    };
    let mut pages = 0;
    for path in below(&directory.join("page")) {
        let text = std::fs::read_to_string(&path).expect("a text");
        let file = path.file_name().expect("a name").display().to_string();
        let old = sources::read_text(&file, &text).expect("a page");
        // Of a page that is cut off within its body nothing is left.
        if old.operations().expect("a page") == 0 {
            continue;
        }
        let is_same = |changed: &str| {
            let new = sources::read_text(&file, changed);
            new.is_ok_and(|new| new.json == old.json && new.faults.len() == old.faults.len())
        };
        let unread = text::unread_lines(&text, is_same);
        assert!(unread.is_empty(), "{file}: {unread:?}");
        pages += 1;
    }
    assert!(pages > 5, "{pages}");
}
