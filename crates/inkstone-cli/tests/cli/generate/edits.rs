//! The gateway's edits, whose request is a form with a file.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::{inkstone, names, run_with_input, with_keys};
use crate::support::scene::Scene;
use crate::support::served::Served;
use crate::support::server::PIXEL;

fn pixel() -> String {
    format!("data:image/png;base64,{PIXEL}")
}

#[test]
fn a_picture_is_edited_by_a_form() {
    let served = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let place = out.path().join("out");
    let run = inkstone(&[
        "generate",
        "--model=qwen-image-edit-plus",
        "--n=2",
        "--size=1024*768",
        "--image",
        &pixel(),
        "--base-url",
        &served.url,
        "--out",
        place.to_str().unwrap(),
        "add a hat",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let files = names(&place);
    assert_eq!(files.len(), 4, "{files:?}");
    let sidecar = fs::read(place.join(&files[1])).unwrap();
    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
    assert_eq!(sidecar["document"], "images-edits");
    let request = json!({
        "model": "qwen-image-edit-plus",
        "prompt": "add a hat",
        "size": "1024x768",
        "n": 2,
        "image": pixel(),
    });
    assert_eq!(sidecar["request"], request);
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn problems_of_a_form_name_the_flag() {
    let cases: [(&[&str], &str); 3] = [
        (&[], "qwen-image-edit-plus needs --image"),
        (
            &["--image=https://example.com/cat.png"],
            "--image https://example.com/cat.png: expected a file as a data: URI \
             with base64, found \"https://example.com/cat.png\"",
        ),
        (
            &["--size=100x100", &format!("--image={}", pixel())],
            "--size: expected from 512 to 2048 pixels a side, found \"100x100\"",
        ),
    ];
    for (args, problem) in cases {
        let model = ["generate", "add a hat", "--model=qwen-image-edit-plus"];
        let rest = ["--api=gateway", "--base-url=http://127.0.0.1:1"];
        let run = inkstone(&[&model[..], &rest[..], args].concat());
        let said = format!(
            "error: the request breaks a rule of gateway/images-edits\n  {problem}\n\
             hint: `inkstone models gateway/images-edits` lists what it accepts\n"
        );
        run.ended(3, "", &said);
    }
}

/// Both APIs have the models; the shape of the request decides.
#[test]
fn a_job_is_for_the_api_whose_form_it_has() {
    let form = json!({"model": "qwen-image-edit-max", "prompt": "x", "image": pixel()});
    let mut job = form.clone();
    job["id"] = "form".into();
    let content = json!([{"image": "https://example.com/cat.png"}, {"text": "x"}]);
    let messages = json!({"id": "messages", "model": "qwen-image-edit-max", "input": {
        "messages": [{"role": "user", "content": content}],
    }});
    let scene = Scene::new(&[job.to_string(), messages.to_string()]);
    let run = scene.run(&["--sandbox"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(scene.pictures(), ["form.png", "messages.png"]);
    for (id, document) in [
        ("form", "images-edits"),
        ("messages", "qwen-image-edit-max"),
    ] {
        let sidecar = fs::read(scene.out().join(format!("{id}.png.json"))).unwrap();
        let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
        assert_eq!(sidecar["document"], document);
    }

    let mut check = with_keys();
    let checked = run_with_input(check.args(["check", "-"]), form.to_string().as_bytes());
    checked.ended(
        0,
        "valid: gateway/images-edits\n\
         cost: 0.50 to 3.00 CNY\n\
         1 to 6 pictures are made, and each is billed\n",
        "",
    );
}
