//! `inkstone generate` with every fault of the sandbox: exit code, first line of stderr,
//! files, and how often a request was submitted.
//!
//! Faults that never end are left out: the program would wait for minutes. The library's
//! tests cover them with shorter limits, and `interrupt.rs` with ctrl-c.

use std::fs;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use crate::support::command::{Run, inkstone, names, timeless};
use crate::support::served::Served;

/// A fault, and its outcome.
struct Case {
    script: Value,
    args: &'static [&'static str],
    code: i32,
    /// What the first line on stderr starts with.
    says: &'static str,
    /// Its files, without the common start of their names.
    files: &'static [&'static str],
    submitted: u64,
}

const WHOLE: &[&str] = &["-1.png", "-1.png.json"];
const CUT_SHORT: &[&str] = &["-1-cut-short.png", ".json"];

fn case(script: Value, code: i32, says: &'static str, files: &'static [&'static str]) -> Case {
    Case {
        script,
        args: &[],
        code,
        says,
        files,
        submitted: u64::from(matches!(code, 0 | 7 | 9)),
    }
}

/// The message for replies without picture or error.
const NO_JSON: &str = "error: the reply reports success but is not JSON";
const NO_PICTURE: &str = "error: the reply reports success but holds no picture";
const FAILED: &str = "error: the API failed; the request may have been carried out and billed";
const BROKE_OFF: &str = "error: the reply broke off after 20 bytes";
const NO_REPLY: &str = "error: the connection broke before a reply came";
const NOT_TAKEN: &str = "error: the API has too much to do and did not take the request";
const REFUSED: &str = "error: the API refused the request";
const NOT_SAVED: &str = "error: the picture could not be saved";

fn errors_of_the_api() -> Vec<Case> {
    let weeks = json!({"error": "Throttling", "retry_after": 1_814_400});
    vec![
        case(json!([]), 0, "", WHOLE),
        case(json!({"error": "Throttling"}), 0, "", WHOLE),
        case(weeks, 6, NOT_TAKEN, &[]),
        case(
            json!({"error": "InvalidApiKey"}),
            5,
            "error: the API refused the key or the account",
            &[],
        ),
        case(json!({"error": "InvalidParameter"}), 4, REFUSED, &[]),
        case(
            json!({"error": "invalid_request", "status": 500}),
            4,
            REFUSED,
            &[],
        ),
        case(
            json!({"error": "prompt_blocked", "status": 200}),
            4,
            REFUSED,
            &[],
        ),
        case(
            json!({"error": "InternalError", "submitted": true}),
            7,
            FAILED,
            &["-reply.json"],
        ),
        case(
            json!({"error": "x", "status": 500, "code": 7, "submitted": true}),
            7,
            FAILED,
            &["-reply.json"],
        ),
        case(
            json!({"error": "x", "status": 500, "code": null, "submitted": true}),
            7,
            FAILED,
            &["-reply.json"],
        ),
    ]
}

fn broken_replies() -> Vec<Case> {
    let empty = json!({"set": {"/data/*/url": "", "/data/*/b64_json": ""}});
    vec![
        case(
            json!({"html": true}),
            7,
            "error: a proxy before the API gave up waiting",
            &["-reply.bin"],
        ),
        case(
            json!({"html": true, "status": 200}),
            7,
            NO_JSON,
            &["-reply.bin"],
        ),
        case(
            json!({"redirect": "http://127.0.0.1:1/"}),
            4,
            "error: the API redirects to http://127.0.0.1:1/, where nothing was sent: ",
            &[],
        ),
        case(json!({"body": ""}), 7, NO_JSON, &[]),
        case(
            json!({"body": "null"}),
            7,
            "warning: the reply deviates",
            &[".json"],
        ),
        case(json!({"truncate": 60}), 7, NO_JSON, &["-reply.bin"]),
        case(empty, 7, NO_PICTURE, &[".json"]),
        case(json!({"cut": "request"}), 7, NO_REPLY, &[]),
        case(
            json!({"cut": {"at": "request", "how": "reset"}}),
            7,
            NO_REPLY,
            &[],
        ),
        case(
            json!({"cut": {"at": "head", "after": 10}}),
            7,
            NO_REPLY,
            &[],
        ),
        case(
            json!({"cut": {"at": "body", "after": 20}}),
            7,
            BROKE_OFF,
            &["-reply.bin"],
        ),
        case(json!({"cut": "end"}), 0, "", WHOLE),
        case(json!({"remove": ["/usage"], "padding": 1000}), 0, "", WHOLE),
        case(json!({"pictures": "b64_json"}), 0, "", WHOLE),
        case(json!({"drip": {"bytes": 50, "every": 20}}), 0, "", WHOLE),
    ]
}

fn faults_of_pictures() -> Vec<Case> {
    let verified = |script, code, says, files| Case {
        args: &["--verify"],
        ..case(script, code, says, files)
    };
    let part = json!({"on": "image", "truncate": 60, "times": "always"});
    let once = json!({"on": "image", "truncate": 60});
    let both = json!([{"metadata": "text"}]);
    vec![
        case(
            json!({"expired": true, "times": "always"}),
            9,
            NOT_SAVED,
            &[".json"],
        ),
        case(json!({"on": "image", "cut": "body"}), 0, "", WHOLE),
        case(json!({"on": "image", "cut": "request"}), 0, "", WHOLE),
        case(json!({"on": "image", "status": 503}), 0, "", WHOLE),
        case(
            json!({"on": "image", "html": true, "status": 200}),
            9,
            NOT_SAVED,
            &[".json"],
        ),
        case(
            json!({"on": "image", "redirect": "ftp://127.0.0.1/"}),
            9,
            NOT_SAVED,
            &[".json"],
        ),
        case(json!({"on": "image", "body": ""}), 0, "", WHOLE),
        case(
            json!({"on": "image", "body": "no picture"}),
            9,
            NOT_SAVED,
            &[".json"],
        ),
        case(once, 0, "", WHOLE),
        case(part.clone(), 9, NOT_SAVED, CUT_SHORT),
        verified(part, 9, NOT_SAVED, CUT_SHORT),
        Case {
            args: &["--n=2"],
            ..case(
                json!({"expired": true}),
                9,
                "error: 1 of 2 pictures could not be saved",
                &["-2.png", "-2.png.json", ".json"],
            )
        },
        Case {
            args: &["--n=2"],
            ..case(
                both,
                0,
                "warning: the reply deviates",
                &["-1.png", "-1.png.json", "-2.png", "-2.png.json"],
            )
        },
    ]
}

fn faults_of_dashscope() -> Vec<Case> {
    let scripts = [
        (json!({"error": "Throttling.RateQuota"}), 0, "", WHOLE),
        (
            json!({"error": "Arrearage"}),
            5,
            "error: the API refused the key",
            &[][..],
        ),
        (
            json!({"error": "ModelServiceFailed", "submitted": true}),
            7,
            FAILED,
            &["-reply.json"],
        ),
        (
            json!({"cut": {"at": "body", "after": 20}}),
            7,
            BROKE_OFF,
            &["-reply.bin"],
        ),
        (json!({"remove": ["/usage"]}), 0, "", WHOLE),
    ];
    let cases = scripts.into_iter().map(|(script, code, says, files)| Case {
        args: &["--api=dashscope"],
        ..case(script, code, says, files)
    });
    cases.collect()
}

#[test]
fn every_error_of_the_api_has_its_outcome() {
    check_all(errors_of_the_api());
}

#[test]
fn every_broken_reply_has_its_outcome() {
    check_all(broken_replies());
}

#[test]
fn every_fault_of_a_picture_has_its_outcome() {
    check_all(faults_of_pictures());
}

#[test]
fn every_fault_of_dashscope_has_its_outcome() {
    check_all(faults_of_dashscope());
}

/// A few at a time: each starts two programs.
fn check_all(cases: Vec<Case>) {
    for some in cases.chunks(4) {
        thread::scope(|scope| {
            for case in some {
                scope.spawn(|| ends(case));
            }
        });
    }
}

fn ends(case: &Case) {
    let served = Served::with(&case.script);
    let out = tempfile::tempdir().unwrap();
    let mut args = vec!["generate", "a cat", "--base-url", &served.url, "--out"];
    args.push(out.path().to_str().unwrap());
    args.extend(case.args);
    let run = inkstone(&args);
    let about = format!("{}: {run:#?}", case.script);
    assert_eq!(run.code, case.code, "{about}");
    assert!(run.said().starts_with(case.says), "{about}");
    assert_eq!(case.says.is_empty(), run.said().is_empty(), "{about}");
    assert_eq!(left(out.path()), case.files, "{about}");
    assert_eq!(served.stats()["submitted"], case.submitted, "{about}");
    are_whole(out.path(), &run);
}

/// The names of the files, without the moment and the model.
fn left(out: &Path) -> Vec<String> {
    let names = names(out).into_iter().map(|name| {
        let name = timeless(&name);
        let name = name.strip_prefix("TIME-").expect("a moment");
        let models = ["wan2.7-image-pro", "qwen-image-2.0-pro"];
        let rest = models.iter().find_map(|model| name.strip_prefix(model));
        rest.expect("a model").to_owned()
    });
    names.collect()
}

/// Pictures are complete, JSON is valid, and saved files exist.
fn are_whole(out: &Path, run: &Run) {
    for name in names(out) {
        let bytes = fs::read(out.join(&name)).unwrap();
        match name.rsplit_once('.') {
            Some((stem, "png")) if stem.ends_with("-cut-short") => assert_eq!(bytes.len(), 60),
            Some((_, "png")) => assert!(bytes.ends_with(b"IEND\xaeB`\x82"), "{name}"),
            Some((_, "json")) => drop(serde_json::from_slice::<Value>(&bytes).expect(&name)),
            _ => assert!(!bytes.is_empty(), "{name}"),
        }
    }
    for path in run.stdout.lines() {
        assert!(Path::new(path).exists(), "{run:#?}");
    }
}

#[test]
fn the_json_names_the_kept_file_with_the_reply() {
    let served = Served::with(&json!({"expired": true, "times": "always"}));
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let run = inkstone(&[
        "generate",
        "a cat",
        "--json",
        "--base-url",
        &served.url,
        "--out",
        place,
    ]);
    let said = run.json();
    assert_eq!((run.code, &said["images"]), (9, &json!([])), "{run:#?}");
    let kept = fs::read(said["kept"].as_str().unwrap()).unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    let url = &kept["reply"]["data"][0]["url"];
    assert!(url.as_str().unwrap().starts_with(&served.url), "{kept}");
    assert_eq!(url, &said["unsaved"][0]["url"]);
}
