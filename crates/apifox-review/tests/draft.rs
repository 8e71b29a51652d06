//! First documents of pages of prose: what is in them, and that every guess is marked.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use apifox_document::schema::draft_marks::unconfirmed;
use apifox_document::{Document, forms};
use apifox_review::draft::{DraftError, draft};
use apifox_review::{BodySelector, check, lint};
use serde_json::Value;

fn own_pages() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draft");
    let entries = fs::read_dir(directory).expect("the pages");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

/// The pages of the repository, and those beside it that show a command.
fn pages() -> Vec<PathBuf> {
    let others = [
        "upstream/dashscope-qwen-image.txt",
        "documents/page/wenwen-mj-blend.txt",
    ];
    let others = others.into_iter().filter_map(test_data::find);
    own_pages().into_iter().chain(others).collect()
}

fn text(page: &Path) -> String {
    fs::read_to_string(page).expect("text")
}

/// Write them anew with the environment variable `UPDATE_GOLDENS`.
#[test]
fn a_page_becomes_a_document_with_its_guesses() {
    for page in own_pages() {
        let found = draft("t", &text(&page)).expect("a draft");
        let golden = page.with_extension("json");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, format!("{found:#}\n")).expect("a golden");
        }
        let expected: Value = serde_json::from_str(&text(&golden)).expect("JSON");
        assert_eq!(found, expected, "{}", page.display());
    }
}

/// The document without its marks, as somebody has confirmed it.
fn confirmed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| *name != "x-draft");
            let kept = kept.map(|(name, value)| (name.clone(), confirmed(value)));
            kept.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(confirmed).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_build_refuses_each_guess_and_takes_what_is_confirmed() {
    for page in pages() {
        let drafted = draft("t", &text(&page)).expect("a draft");
        let marks = unconfirmed("d.json", &drafted);
        assert!(!marks.is_empty(), "{}", page.display());
        let refusal = apifox_build::rust("d.json", drafted.clone(), "Root");
        let problems = refusal.expect_err("a refusal").0;
        assert_eq!(problems.len(), marks.len(), "{}", page.display());
        for problem in &problems {
            assert_eq!(problem.keyword.as_deref(), Some("x-draft"));
            assert!(problem.help.contains("delete x-draft"), "{problem:?}");
        }
        let document = Document::from_json("d.json", drafted.clone());
        let findings = lint(&document).expect("findings");
        let found = findings
            .iter()
            .filter(|finding| finding.rule == "unconfirmed-guess");
        assert_eq!(found.count(), marks.len(), "{}", page.display());

        let code = apifox_build::rust("d.json", confirmed(&drafted), "Root");
        let warnings = code.expect("a module").warnings;
        assert!(warnings.is_empty(), "{}: {warnings:?}", page.display());
    }
}

/// What a page shows is accepted by the document that is made of it.
#[test]
fn the_samples_fit_the_schemas() {
    for (index, page) in pages().iter().enumerate() {
        let document = confirmed(&draft("t", &text(page)).expect("a draft"));
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("draft-{index}.json"));
        fs::write(&file, document.to_string()).expect("a file");
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let name = format!("{} {path}", method.to_uppercase());
                let fits = |content: &Value, reply: Option<u16>| {
                    for sample in examples(content) {
                        let selector = BodySelector {
                            operation: Some(&name),
                            reply,
                        };
                        let violations = check(&file, &selector, sample).expect("a body");
                        assert!(violations.is_empty(), "{name}: {violations:?}");
                    }
                };
                fits(&operation["requestBody"]["content"], None);
                for (status, reply) in operation["responses"].as_object().expect("replies") {
                    fits(&reply["content"], Some(status.parse().unwrap_or(500)));
                }
            }
        }
    }
}

/// The JSON examples of a body.
fn examples(content: &Value) -> Vec<&Value> {
    let media = &content["application/json"];
    let listed = media["examples"].as_object().into_iter().flatten();
    let listed = listed.map(|(_, example)| &example["value"]);
    media.get("example").into_iter().chain(listed).collect()
}

#[test]
fn a_page_without_a_command_is_no_draft() {
    for text in ["", "curl is a program", "{\"a\": 1}", "curl -H 'a: b'"] {
        assert_eq!(draft("t", text), Err(DraftError::NoCommand), "{text}");
    }
}

/// How many cuts of a page there are at most.
const MOST_CUTS: usize = 200;

/// A page cut anywhere panics nowhere, and a command whose body is cut off is marked.
#[test]
fn a_page_that_is_cut_off_is_marked() {
    for page in pages() {
        let text = text(&page);
        let whole = draft("t", &text).expect("a draft");
        let step = (text.len() / MOST_CUTS).max(3);
        for cut in (0..text.len()).step_by(step) {
            let Some(cut) = text.get(..cut) else {
                continue;
            };
            let Ok(found) = draft("t", cut) else {
                continue;
            };
            let document = Document::from_json("d.json", found.clone());
            forms::read(&document, false).expect("a document");
            for (path, item) in found["paths"].as_object().expect("paths") {
                for (method, operation) in item.as_object().expect("operations") {
                    let same = &whole["paths"][path][method];
                    let has_body = operation["requestBody"].is_object();
                    let is_marked = operation["x-draft"]["requestBody"].is_string();
                    let is_as_whole =
                        same.is_object() && same["requestBody"].is_object() == has_body;
                    assert!(
                        is_as_whole || is_marked,
                        "{method} {path}: {} bytes",
                        cut.len()
                    );
                }
            }
        }
    }
}
