//! Invalid jobs files: every problem is reported, and nothing is sent.

use std::fs;

use serde_json::json;

use crate::support::scene::{Scene, asked, job, replies};

#[test]
fn every_problem_is_reported_before_anything_is_sent() {
    let scene = Scene::new(&[
        job("a"),
        String::new(),
        "{".to_owned(),
        job("a"),
        json!({"id": "b", "model": "wan2.7-image-pro", "prompt": "", "n": 9}).to_string(),
        json!({"id": "c", "prio": 1, "request": {"model": "qwen-image-max"}}).to_string(),
        json!({"id": 5, "model": "wan2.7-image-prp"}).to_string(),
    ]);
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &[]);
    let stderr = run
        .stderr
        .replace(&scene.jobs().display().to_string(), "JOBS");
    assert_eq!(
        stderr,
        r#"error: JOBS has 7 problems; nothing was sent
  line 3: is not JSON: EOF while parsing an object at line 1 column 1
  line 4, job "a": line 1 has the same id
  line 5, job "b": /prompt: minLength: expected at least 1 character, found "" (gateway/wan2.7-image-pro)
  line 5, job "b": /n: maximum: expected at most 4, found 9 (gateway/wan2.7-image-pro)
  line 6, job "c": unknown field "prio": beside "request" there are "id", "api", "async" and "account"
  line 7: "id" is not a text: write it as "5"
  line 7: /model: no document describes the model "wan2.7-image-prp"; did you mean "wan2.7-image-pro" or "wan2.7-image"?
"#
    );
    assert_eq!((run.code, run.stdout.as_str(), asked(&count)), (3, "", 0));
    // A batch that never began needs no --resume.
    assert_eq!(crate::support::command::names(&scene.out()), [""; 0]);
    scene.write(&[job("a")]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
}

#[test]
fn more_problems_than_anyone_reads_are_counted() {
    let scene = Scene::new(&vec!["[]".to_owned(); 1200]);
    let run = scene.run(&["--sandbox"]);
    assert_eq!(run.code, 3);
    assert_eq!(run.stderr.lines().count(), 1002);
    assert!(run.stderr.ends_with("  … and 200 more\n"), "{}", run.stderr);
}

#[test]
fn a_changed_request_is_another_job() {
    let scene = Scene::with_ids(&["a", "b"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    // White space and the order of fields don't matter.
    scene.write(&[
        r#"{"request":{"size":"512x512", "prompt":"a","model":"qwen-image-2.0-2026-03-03"},"id":"a"}"#
            .to_owned(),
        job("b").replace("512x512", "512x513"),
    ]);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (3, 2), "{run:#?}");
    assert!(
        run.stderr.contains(
            "  line 2, job \"b\": the journal has another request with this id, which is done: \
             restore the old request, or give this one another id, such as \"b-b\"\n"
        ),
        "{run:#?}"
    );
}

#[test]
fn files_without_jobs_are_refused() {
    let scene = Scene::with_ids(&["a"]);
    fs::write(scene.jobs(), "").unwrap();
    let run = scene.run(&["--sandbox"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("has no jobs; nothing was sent"),
        "{run:#?}"
    );
    fs::remove_file(scene.jobs()).unwrap();
    assert_eq!(scene.run(&["--sandbox"]).code, 2);
    fs::create_dir(scene.jobs()).unwrap();
    let run = scene.run(&["--sandbox"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("is not a file, and it has to be read more than once"),
        "{run:#?}"
    );
}

#[test]
fn one_address_does_not_serve_two_apis() {
    let scene = Scene::new(&[
        job("a"),
        json!({"id": "b", "model": "qwen-image-max", "input": {
            "messages": [{"role": "user", "content": [{"text": "b"}]}],
        }})
        .to_string(),
    ]);
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (2, 0));
    assert!(
        run.stderr.starts_with(
            "error: --base-url is the address of one API, and the jobs are for dashscope and gateway\n"
        ),
        "{run:#?}"
    );
}
