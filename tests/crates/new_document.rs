//! A new model is a new file: a crate with the documents, one more, and this
//! project's `build.rs`, has types for it without a line of code.

use std::fs;
use std::path::Path;

use crate::{new_generated_crate, run};

const MAIN: &str = r#"
mod api {
    #![allow(dead_code)]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
use apifox_runtime::Endpoint;
use api::gateway::wan9_image::{Request, N};

fn main() {
    let mut request = Request::new("a cat".parse().unwrap());
    request.n = Some(N::try_from(6).unwrap());
    println!("{}", serde_json::to_string(&request).unwrap());
    println!("{}", N::try_from(7).unwrap_err());
    println!("{} {} {}", Request::METHOD, Request::PATH, N::MAXIMUM);
    println!("{}", api::OPERATIONS.iter().filter(|it| it.models == ["wan9-image"]).count());
}
"#;

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

#[test]
fn a_new_model_is_a_new_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = new_generated_crate("scratch", MAIN);
    let scratch = directory.path();
    copy(&root.join("schemas"), &scratch.join("schemas"));

    // The new document: that of another model, with another name and maximum.
    let gateway = scratch.join("schemas/gateway");
    let wan = fs::read_to_string(gateway.join("wan2.7-image-pro.json")).expect("a document");
    let new = wan
        .replace("wan2.7-image-pro", "wan9-image")
        .replace("\"maximum\": 4", "\"maximum\": 6");
    fs::write(gateway.join("wan9-image.json"), &new).expect("a file");
    let (succeeded, out, err) = run(scratch, &[]);
    assert!(succeeded, "{err}");
    assert_eq!(
        out,
        "{\"model\":\"wan9-image\",\"prompt\":\"a cat\",\"n\":6}\n\
         (root): maximum: expected at most 6, found 7\n\
         POST /v1/images/generations 6\n\
         1\n"
    );

    // A document that its vendor repaired: the correction has to go.
    let repaired = gateway.join("qwen-image-2.0-2026-03-03.json");
    let text = fs::read_to_string(&repaired).expect("a document");
    let text = text.replace(
        "\"const\": \"wan2.7-image-pro\"",
        "\"const\": \"qwen-image-2.0-2026-03-03\"",
    );
    fs::write(&repaired, text).expect("a file");
    // And one that says what no type and no guard can hold to.
    fs::write(
        gateway.join("wan9-image.json"),
        new.replace("\"minLength\"", "\"minLenght\""),
    )
    .expect("a file");
    let (succeeded, _, err) = run(scratch, &[]);
    assert!(!succeeded);
    // Cargo indents what a build script says.
    let err: Vec<&str> = err.lines().map(|it| it.trim_start()).collect();
    let err = err.join("\n");
    let expected = [
        "2 problems in the documents:",
        "error: test: gateway/qwen-image-2.0-2026-03-03.json#/requestBody/jsonSchema/properties/model/const was \"wan2.7-image-pro\" when this was written; there now stands \"qwen-image-2.0-2026-03-03\"",
        "--> gateway/qwen-image-2.0-2026-03-03.bugs.patch.json:2:3",
        "= help: if the vendor repaired the document, delete this `test` and the change after it; otherwise adapt both to the document",
        "error: minLenght: is not a keyword of JSON Schema",
        "--> gateway/wan9-image.json:",
        "|           \"minLenght\": 1,",
        "|           ^^^^^^^^^^^^^^",
        "= at: /requestBody/jsonSchema/properties/prompt",
        "= help: if it is an extension, its name has to start with x-; if it is a slip, correct it",
    ];
    for line in expected {
        assert!(err.contains(line), "{line}: {err}");
    }
}
