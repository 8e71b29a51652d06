//! What a text says and could not be read: nothing is said of it but that it is not compared.

use std::fs;
use std::path::Path;

use apifox_document::sources;
use apifox_review::{Diff, Role, diff, diff_files};
use serde_json::{Value, json};

/// The messages of all changes, each with its effect.
fn told(found: &Diff) -> Value {
    let changes = found.changes.iter();
    let told = changes.map(|it| json!([it.effect().name(), it.message]));
    told.collect()
}

#[test]
fn what_could_not_be_read_is_not_compared() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("tables/unread.json")).expect("JSON");
    assert!(cases.len() > 20);
    for case in &cases {
        let text = |name: &str| match &case[name] {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        let ending = case["ending"].as_str().expect("an ending");
        let read = |name: &str| {
            let file = format!("{name}.{ending}");
            sources::read_text(&file, &text(name)).expect("a document")
        };
        let (old, new) = (read("old"), read("new"));
        let found = diff(&old, &new, Role::Both).expect("two documents");
        assert_eq!(told(&found), case["told"], "{case:#}");
        for same in [&old, &new] {
            let found = diff(same, same, Role::Both).expect("two documents");
            assert_eq!(found.changes, [], "{case:#}");
        }
    }
}

fn write(directory: &Path, name: &str, text: &str) {
    let file = directory.join(name);
    fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
    fs::write(file, text).expect("a file");
}

#[test]
fn files_that_are_not_read_are_not_compared() {
    let document = r##"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a":
        {"get": {"responses": {"200": {"description": "", "content": {"application/json": {
            "schema": {"$ref": "pets.yaml#/Pet"}}}}}}}}}"##;
    let broken = |kind: &str| format!("Pet: {{type: {kind}\n");
    let two = |kind: &str| format!("Pet: {{type: string}}\n---\nDog: {{type: {kind}}}\n");
    let cut = "# P\n\n```yaml\nopenapi: 3.0.1\npaths:\n  /a:\n    post:\n      requestBody: {}\n";
    let because = |line: u32, why: &str, when: &str| {
        let told = format!("pets.yaml:{line}: {why}, and is not compared (in the {when} document)");
        json!(["breaking", told])
    };
    let omitted = "a file holds one document; what starts here is omitted";
    let cases = [
        (broken("a"), broken("a"), json!([])),
        (
            broken("a"),
            broken("b"),
            json!([
                because(1, "the file is not read", "old"),
                because(1, "the file is not read", "new"),
            ]),
        ),
        (
            two("a"),
            two("b"),
            json!([because(3, omitted, "old"), because(3, omitted, "new")]),
        ),
    ];
    let directory = std::env::temp_dir().join(format!("apifox-unread-{}", std::process::id()));
    let (old, new) = (directory.join("old"), directory.join("new"));
    let compared = || told(&diff_files(&old, &new, Role::Both).expect("documents"));
    for (before, after, expected) in cases {
        for (side, pets) in [(&old, before), (&new, after)] {
            write(side, "a.json", document);
            write(side, "pets.yaml", &pets);
        }
        assert_eq!(compared(), expected);
    }
    // Of a document that is gone, what could not be read is gone as well.
    write(&old, "pets.yaml", "Pet: {type: string}\n");
    write(&new, "pets.yaml", "Pet: {type: string}\n");
    write(&old, "cut.md", cut);
    let lost = "/paths/~1a/post: is omitted: the text ends before its body and its responses are \
                whole, and is not compared (in the old document)";
    assert_eq!(compared(), json!([["breaking", lost]]));
    fs::remove_file(old.join("cut.md")).expect("a file");
    write(&new, "cut.md", cut);
    assert_eq!(compared(), json!([]));
    fs::remove_dir_all(&directory).expect("a directory");
}
