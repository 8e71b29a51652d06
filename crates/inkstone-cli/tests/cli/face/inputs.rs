//! Prompts, pictures and names as people have them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::command::{Run, bare, names, run, run_with_input, timeless};
use crate::support::server::pixel;

fn generate(out: &Path, args: &[&str]) -> Command {
    let mut command = bare();
    command
        .args(["generate", "--sandbox", "--out"])
        .arg(out)
        .args(args);
    command
}

fn sidecar(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{run:#?}");
    let path = run.stdout.lines().next().unwrap();
    serde_json::from_slice(&fs::read(format!("{path}.json")).unwrap()).unwrap()
}

#[test]
fn a_prompt_comes_from_standard_input_or_a_file() {
    let out = tempfile::tempdir().unwrap();
    let piped = run_with_input(&mut generate(out.path(), &["-"]), "一只猫\n".as_bytes());
    assert_eq!(sidecar(&piped)["request"]["prompt"], "一只猫");
    let file = out.path().join("prompt.txt");
    fs::write(&file, "\u{feff}two\nlines\n\n").unwrap();
    let file = file.to_str().unwrap();
    let read = run(&mut generate(out.path(), &["--prompt-file", file]));
    assert_eq!(sidecar(&read)["request"]["prompt"], "two\nlines");

    let both = run(&mut generate(out.path(), &["a", "--prompt-file", file]));
    assert_eq!(both.code, 2);
    let missing = run(&mut generate(out.path(), &["--prompt-file", "nowhere.txt"]));
    assert_eq!(missing.code, 2);
    assert!(
        missing
            .stderr
            .starts_with("error: nowhere.txt can't be read: "),
        "{missing:#?}"
    );
    let empty = run_with_input(&mut generate(out.path(), &["-"]), b" \n");
    empty.ended(3, "", "error: standard input has no prompt\n");
}

#[test]
fn a_picture_gets_the_name_that_is_asked_for() {
    let out = tempfile::tempdir().unwrap();
    let named = |args: &[&str]| {
        let run = run(&mut generate(out.path(), &[&["a"], args].concat()));
        let start = format!("{}/", out.path().display());
        run.stdout
            .lines()
            .map(|line| timeless(&line.replace(&start, "")))
            .collect::<Vec<_>>()
    };
    let small = ["--model=qwen-image-2.0", "--size=512x512"];
    let cat = [&small[..], &["-o", "cat.png"]].concat();
    assert_eq!(named(&cat), ["cat.png"]);
    // Nothing is overwritten.
    assert_eq!(named(&cat), ["cat-2.png"]);
    let many = ["--n=2", "--seed=7", "-o", "sub/{model}-{seed}-{number}.jpg"];
    let expected = ["sub/qwen-image-2.0-7-1.png", "sub/qwen-image-2.0-7-2.png"];
    assert_eq!(named(&[&small[..], &many].concat()), expected);
    let timed = [&small[..], &["--name={time}"]].concat();
    assert_eq!(named(&timed), ["TIME.png"]);
    for wrong in ["cats/", "a{b}.png", "-"] {
        let run = run(&mut generate(out.path(), &["a", "-o", wrong]));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
    }
}

#[test]
fn a_picture_is_made_again_from_the_file_beside_it() {
    let out = tempfile::tempdir().unwrap();
    let cat = out.path().join("cat.png");
    fs::write(&cat, pixel()).unwrap();
    let cat = cat.display().to_string();
    let edit = [
        "a hat",
        "--model=qwen-image-edit-2509",
        "--image",
        &cat,
        "-o",
        "hat.png",
    ];
    let first = sidecar(&run(&mut generate(out.path(), &edit)));
    assert_eq!(first["inputs"][0]["path"], json!(cat));

    let beside = out.path().join("hat.png.json").display().to_string();
    let again = run(&mut generate(
        out.path(),
        &["--from", &beside, "-o", "again.png"],
    ));
    let again = sidecar(&again);
    assert_eq!(again["request"], first["request"]);
    // What is given counts before the file.
    let other = run(&mut generate(out.path(), &["a bow tie", "--from", &beside]));
    let other = sidecar(&other);
    assert_eq!(other["request"]["prompt"], "a bow tie");
    assert_eq!(other["request"]["image"], first["request"]["image"]);

    fs::write(&cat, [pixel(), vec![0]].concat()).unwrap();
    let changed = run(&mut generate(out.path(), &["--from", &beside]));
    assert_eq!(changed.code, 3);
    assert!(
        changed
            .stderr
            .contains("is no longer the picture that the request had"),
        "{changed:#?}"
    );
    let none = run(&mut generate(out.path(), &["--from", &cat]));
    assert_eq!(none.code, 3, "{none:#?}");
}

#[test]
fn a_picture_is_found_beside_the_file_whatever_has_its_name_here() {
    let moved = tempfile::tempdir().unwrap();
    let cat = moved.path().join("cat.png");
    fs::write(&cat, pixel()).unwrap();
    let edit = [
        "a hat",
        "--model=qwen-image-edit-2509",
        "--image=cat.png",
        "-o",
        "hat.png",
    ];
    let edit = run(generate(moved.path(), &edit).current_dir(moved.path()));
    assert_eq!(edit.code, 0, "{edit:#?}");
    let here = tempfile::tempdir().unwrap();
    let from = moved.path().join("hat.png.json").display().to_string();
    let again = || {
        let args = ["--from", &from, "--dry-run"];
        run(generate(moved.path(), &args).current_dir(here.path()))
    };
    let other = here.path().join("cat.png");
    fs::write(&other, [pixel(), vec![0]].concat()).unwrap();
    assert_eq!(again().code, 0, "{:#?}", again());
    fs::remove_file(cat).unwrap();
    let changed = again();
    assert_eq!(changed.code, 3, "{changed:#?}");
    let expected = "error: cat.png is no longer the picture that the request had";
    assert!(changed.stderr.starts_with(expected), "{changed:#?}");
    fs::remove_file(other).unwrap();
    let missing = again();
    assert_eq!(missing.code, 2, "{missing:#?}");
    assert!(
        missing.stderr.starts_with("error: --image "),
        "{missing:#?}"
    );
}

#[test]
fn every_field_of_a_request_is_made_again() {
    let out = tempfile::tempdir().unwrap();
    let shapes: [&[&str]; 3] = [
        &[
            "--model=wan2.7-image-pro",
            "--size=2K",
            "--n=2",
            "--seed=7",
            "--watermark=true",
        ],
        &[
            "--model=qwen-image-2.0",
            "--size=512*512",
            "--negative-prompt=x",
            "--prompt-extend=false",
        ],
        &[
            "--api=dashscope",
            "--model=wan2.7-image",
            "--set=parameters.thinking_mode=true",
            "--n=1",
        ],
    ];
    for (at, flags) in shapes.into_iter().enumerate() {
        let name = format!("{at}.png");
        let first = run(&mut generate(
            out.path(),
            &[&["a cat", "-o", &name], flags].concat(),
        ));
        let first = sidecar(&first);
        let beside = out.path().join(format!("{at}.png.json"));
        let beside = beside.exists().then_some(beside);
        let beside = beside.unwrap_or_else(|| out.path().join(format!("{at}-1.png.json")));
        let again = run(&mut generate(
            out.path(),
            &["--from", beside.to_str().unwrap()],
        ));
        let again = sidecar(&again);
        for member in ["request", "model", "api", "document"] {
            assert_eq!(again[member], first[member], "{flags:?}");
        }
    }
    assert!(names(out.path()).len() >= 12);
}
