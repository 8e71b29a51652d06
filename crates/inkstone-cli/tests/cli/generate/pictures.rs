//! `inkstone generate --sandbox`: real pictures.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{bare, names, run, timeless};
use crate::support::server::pixel;

/// Width and height of a PNG, from its header.
fn dimensions(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

/// Generates in a new directory; the pictures' bytes.
fn pictures(args: &[&str], size: (u32, u32)) -> Vec<Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("made/here");
    let run = run(bare()
        .args(["generate", "--sandbox", "--json", "--out"])
        .arg(&out)
        .args(args));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let said = run.json();
    assert!(said["request_id"].is_string(), "{said}");
    let images = said["images"].as_array().unwrap();
    let paths: Vec<_> = images
        .iter()
        .map(|image| Path::new(image["path"].as_str().unwrap()))
        .collect();
    for path in &paths {
        check_sidecar(path, &said);
    }
    assert_eq!(names(&out).len(), 2 * paths.len());
    let bytes: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(bytes.iter().all(|bytes| dimensions(bytes) == size));
    bytes
}

fn check_sidecar(picture: &Path, said: &Value) {
    let sidecar = format!("{}.json", picture.display());
    let sidecar: Value = serde_json::from_slice(&fs::read(sidecar).unwrap()).unwrap();
    for field in ["model", "api", "request_id", "time"] {
        assert_eq!(sidecar[field], said[field], "{field}");
    }
    assert_eq!(sidecar["request"]["model"], said["model"]);
    assert!(sidecar["source"]["url"].is_string());
}

#[test]
fn the_same_request_makes_the_same_pictures() {
    let args = [
        "--model",
        "wan2.7-image-pro",
        "--size",
        "1920x1080",
        "--n",
        "2",
        "--seed",
        "42",
        "一只可爱的橘猫坐在窗台上",
    ];
    let first = pictures(&args, (1920, 1080));
    assert_eq!(first.len(), 2);
    assert_ne!(first[0], first[1]);
    assert!(first == pictures(&args, (1920, 1080)));
}

#[test]
fn dashscope_makes_pictures_too() {
    let args = ["--model", "qwen-image-2.0", "--size", "1664*928", "a cat"];
    assert_eq!(pictures(&args, (1664, 928)).len(), 1);
}

#[test]
fn paths_are_printed_and_nothing_is_overwritten() {
    let out = tempfile::tempdir().unwrap();
    let generate = || {
        let mut command = bare();
        command.current_dir(out.path());
        run(command.args(["generate", "--sandbox", "--size=1K", "--seed=1", "a cat"]))
    };
    let printed = [generate(), generate()].map(|run| {
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
        run.stdout.trim_end().to_owned()
    });
    assert_ne!(printed[0], printed[1]);
    for path in &printed {
        assert!(
            timeless(path).starts_with("./TIME-wan2.7-image-pro-1"),
            "{path}"
        );
        assert!(out.path().join(path).exists(), "{path}");
        assert!(out.path().join(format!("{path}.json")).exists(), "{path}");
    }
    assert_eq!(names(out.path()).len(), 4);
}

#[test]
fn a_sidecar_holds_no_picture() {
    let out = tempfile::tempdir().unwrap();
    let cat = out.path().join("cat.png");
    // Anything may follow the end of a picture.
    fs::write(&cat, [pixel(), vec![0; 1000]].concat()).unwrap();
    let mut command = bare();
    command.args([
        "generate",
        "--sandbox",
        "--model=qwen-image-edit-2509",
        "a hat",
    ]);
    let run = run(command
        .arg("--out")
        .arg(out.path())
        .arg("--image")
        .arg(&cat));
    assert_eq!(run.code, 0, "{run:#?}");
    let sidecar = fs::read(format!("{}.json", run.stdout.trim_end())).unwrap();
    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
    let sha256 = "391c50de43be74d55bbec42c5a073dab54781418bfda129873c02f36737d83b4";
    let path = cat.display().to_string();
    let place = format!("data:image/png;base64,… (1450 characters, sha256 {sha256}, {path})");
    assert_eq!(sidecar["request"]["image"], json!(place));
    assert_eq!(
        sidecar["inputs"],
        json!([{"pointer": "/image", "path": path, "sha256": sha256}])
    );
}

#[test]
fn a_name_that_does_not_fit_is_refused_before_anything_is_paid_for() {
    let directory = tempfile::tempdir().unwrap();
    let generate = |name: &str, more: &[&str]| {
        let mut command = bare();
        command.args(["generate", "--sandbox", "a cat", "-o", name, "--out"]);
        run(command.arg(directory.path()).args(more))
    };
    let refused = |length: usize| {
        format!(
            "error: -o: the picture's name has {length} bytes, and at most 240 fit; nothing was \
             sent\nhint: shorten it: a Chinese character has 3 bytes\n"
        )
    };
    let two = ["--n=2", "--model=wan2.7-image-pro"];
    let cases = [
        ("猫".repeat(100), &[][..], 300),
        (format!("{}.png", "c".repeat(241)), &[], 241),
        // The second one has a number.
        ("c".repeat(239), &two, 241),
        (format!("{}-{{model}}", "c".repeat(230)), &[], 247),
    ];
    for (name, more, length) in cases {
        let run = generate(&name, more);
        run.ended(2, "", &refused(length));
        assert_eq!(names(directory.path()), [""; 0], "{name}");
    }
    // A name that just fits does so where it is taken, with its sidecar.
    let name = "猫".repeat(80);
    for count in [2, 4] {
        let run = generate(&name, &["--n=1"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
        assert_eq!(names(directory.path()).len(), count);
    }
}
