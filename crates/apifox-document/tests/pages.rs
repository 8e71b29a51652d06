//! Pages in all their forms, whole and cut off.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use apifox_document::api::{Api, Endpoint, Reply};
use apifox_document::{Document, forms, sources};
use serde_json::{Value, json};

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

/// The names and texts of the pages, with those that are not part of the repository.
fn texts() -> Vec<(String, String)> {
    let mut directories = vec![pages()];
    for name in ["page", "openapi-page"] {
        directories.extend(test_data::find(&format!("documents/{name}")));
    }
    let mut files = Vec::new();
    for directory in directories {
        files.extend(test_data::files::below(&directory));
    }
    files.sort();
    files.retain(|file| file.extension().is_some_and(|ending| ending != "json"));
    let text = |file: &PathBuf| {
        let name = file.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), fs::read_to_string(file).expect("text"))
    };
    files.iter().map(text).collect()
}

fn read(name: &str, text: &str) -> Option<(Document, Api)> {
    let document = sources::read_text(name, text).ok()?;
    let api = forms::read(&document, false).ok()?;
    Some((document, api))
}

/// The operations, and the schemas of their bodies, as they are understood.
fn described(api: &Api) -> Value {
    let schema = |place: &String| api.json.pointer(place).cloned().unwrap_or_default();
    let parameters = |operation: &Endpoint| -> Vec<Value> {
        let parameters = operation.parameters.iter();
        let parameter = parameters.map(|parameter| {
            json!([
                parameter.location.name(),
                parameter.name,
                parameter.required,
                schema(&parameter.schema)
            ])
        });
        parameter.collect()
    };
    let replies = |operation: &Endpoint| -> Vec<Value> {
        let replies = operation.responses.iter().map(|response| {
            let bodies = response.contents.iter().map(|media| match &media.content {
                Reply::Json(place) => place.as_ref().map(schema),
                other => Some(json!(format!("{other:?}"))),
            });
            let body: Vec<Option<Value>> = bodies.collect();
            json!([response.status, body])
        });
        replies.collect()
    };
    let body = |operation: &Endpoint| -> Option<Value> {
        let mut places = std::collections::BTreeSet::new();
        let request = Endpoint {
            body: operation.body.clone(),
            ..Endpoint::default()
        };
        forms::dialect::schemas_of(&request, &mut places);
        let schemas: Vec<Value> = places.iter().map(schema).collect();
        operation.body.as_ref().map(|_| schemas.into())
    };
    let operations = api.operations.iter().map(|operation| {
        json!({
            "route": format!("{} {}", operation.method, operation.path),
            "parameters": parameters(operation),
            "body": body(operation),
            "replies": replies(operation),
        })
    });
    operations.collect()
}

/// Write them anew with the environment variable `UPDATE_GOLDENS`.
#[test]
fn a_page_is_read_as_it_is_rendered() {
    let mut count = 0;
    for entry in fs::read_dir(pages()).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "json") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("text");
        let (document, api) = read(&name, &text).expect("a document");
        let faults: Vec<String> = document.faults.iter().map(|fault| fault.line()).collect();
        let found = json!({"operations": described(&api), "faults": faults});
        let golden = path.with_extension("json");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, format!("{found:#}\n")).expect("a golden");
        }
        let expected = fs::read_to_string(&golden).expect("a golden");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        assert_eq!(found, expected, "{name}");
        count += 1;
    }
    assert!(count > 0);
}

/// How many bytes further each cut is at least, and how many cuts there are at most.
const STEP: usize = 7;
const MOST_CUTS: usize = 80;

#[test]
fn a_page_that_is_cut_off_has_no_operation_without_its_body() {
    for (name, text) in texts() {
        let Some((_, whole)) = read(&name, &text) else {
            panic!("{name} is not read");
        };
        let whole = described(&whole);
        let step = STEP.max(text.len() / MOST_CUTS);
        for cut in (0..text.len()).step_by(step) {
            let Some(cut) = text.get(..cut) else {
                continue;
            };
            let Some((document, api)) = read(&name, cut) else {
                continue;
            };
            let found = described(&api);
            for operation in found.as_array().expect("operations") {
                let route = &operation["route"];
                let mut all = whole.as_array().expect("operations").iter();
                let Some(same) = all.find(|other| other["route"] == *route) else {
                    // Its path is cut off too; then the rest of it is not there.
                    assert_eq!(
                        operation["body"],
                        Value::Null,
                        "{name}: {} bytes",
                        cut.len()
                    );
                    continue;
                };
                assert_eq!(
                    operation["body"],
                    same["body"],
                    "{name}: {} bytes",
                    cut.len()
                );
            }
            let is_less = found.as_array().map(Vec::len) < whole.as_array().map(Vec::len);
            if is_less && api.operations.is_empty() {
                assert!(!document.faults.is_empty(), "{name}: {} bytes", cut.len());
            }
        }
    }
}

#[test]
fn a_second_fence_is_omitted_whatever_the_file_is_called() {
    let fence = "```yaml\nopenapi: 3.0.1\npaths: {/a: {get: {responses: {}}}}\n```\n";
    for file in ["a.md", "a.txt"] {
        let text = format!("# A\n\n{fence}\n# B\n\n{fence}");
        let document = apifox_document::sources::read_text(file, &text).expect("a document");
        let told: Vec<&str> = document
            .faults
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        let expected = "a page holds one document; what is in this fence is omitted";
        assert_eq!(told, [expected], "{file}");
    }
}
