//! With `--json` there is always one object on standard output, on failure too.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{Run, bare, run, with_keys};

/// Runs a command in `directory`, where the machine speaks Chinese.
fn in_directory(directory: &Path, args: &[&str]) -> Run {
    let mut command = with_keys();
    let command = command.args(args).current_dir(directory);
    run(command.env("LC_ALL", "zh_CN.UTF-8"))
}

/// What fails, with which exit code, and part of what is said of it.
const FAILURES: [(&str, i32, &str); 23] = [
    (
        "batch bad.jsonl --sandbox --out o",
        3,
        "bad.jsonl has a problem",
    ),
    (
        "batch none.jsonl --sandbox --out o",
        2,
        "none.jsonl can't be read",
    ),
    (
        "batch good.txt --sandbox --out taken",
        2,
        "taken already holds a batch",
    ),
    ("batch good.txt --sandbox --out none --resume", 2, "none"),
    ("batch good.txt --sandbox --out file", 2, "file"),
    (
        "generate a --n x --sandbox",
        2,
        "invalid value 'x' for '--n <N>': invalid digit found in string",
    ),
    (
        "generate a --sise 2K",
        2,
        "unexpected argument '--sise' found",
    ),
    (
        "generate",
        2,
        "the following required arguments were not provided:\n  <PROMPT>",
    ),
    (
        "generate a --model nope",
        2,
        "no document describes the model \"nope\"",
    ),
    (
        "generate a --n 99 --dry-run",
        3,
        "the request breaks a rule",
    ),
    (
        "task show t-1 --base-url http://127.0.0.1:9",
        8,
        "the API can't be reached",
    ),
    (
        "task list --base-url http://127.0.0.1:9",
        8,
        "the API can't be reached",
    ),
    (
        "task cancel t-1 --base-url http://127.0.0.1:9",
        8,
        "the API can't be reached",
    ),
    ("task wait --out o", 2, "no task is noted in o"),
    ("task", 2, "unexpected argument '--json' found"),
    ("models nope", 2, "no document describes the model \"nope\""),
    ("models --document bad.json", 3, "bad.json"),
    ("check none.json", 2, "none.json can't be read"),
    ("check empty.jsonl", 3, "empty.jsonl has no requests"),
    (
        "check --document bad.json good.txt",
        3,
        "bad.json has 1 problem",
    ),
    ("schema lint none.json", 2, "none.json can't be read"),
    (
        "schema diff none.json bad.json",
        2,
        "none.json can't be read",
    ),
    ("schema operations bad.json", 3, "bad.json has 1 problem"),
];

#[test]
fn every_failure_is_one_object_of_json() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("bad.jsonl", "{\"id\":\"a\",\"model\":\"nope\"}\n");
    write("good.txt", "a cat\n");
    write("file", "");
    write("bad.json", "{\"openapi\":");
    write("empty.jsonl", "\n");
    // Taken by a batch.
    let begun = ["batch", "good.txt", "--sandbox", "--out", "taken", "--json"];
    let done = in_directory(directory.path(), &begun);
    assert_eq!((done.code, &done.json()["exit_code"]), (0, &json!(0)));
    for (line, code, error) in FAILURES {
        let args: Vec<&str> = line.split(' ').chain(["--json"]).collect();
        let run = in_directory(directory.path(), &args);
        let said = run.json();
        let found = said["error"].as_str().unwrap_or_default();
        assert!(found.contains(error), "{line}: {run:#?}");
        assert!(found.is_ascii(), "{line}: {run:#?}");
        assert_eq!(
            (run.code, &said["exit_code"]),
            (code, &json!(code)),
            "{line}: {run:#?}"
        );
        assert_eq!(said["images"], json!([]), "{line}");
    }
}

#[test]
fn what_is_wrong_with_arguments_and_documents_is_in_the_object() {
    let directory = tempfile::tempdir().unwrap();
    let similar = in_directory(directory.path(), &["generate", "a", "--sise=2K", "--json"]);
    let said = similar.json();
    assert_eq!(
        said["hint"], "a similar argument exists: '--size'",
        "{said}"
    );
    assert_eq!(
        (&said["stage"], &said["details"]),
        (&json!("configuration"), &json!([]))
    );

    fs::write(directory.path().join("bad.json"), "{\"openapi\":").unwrap();
    let broken = in_directory(
        directory.path(),
        &["schema", "operations", "bad.json", "--json"],
    );
    let details = &broken.json()["details"];
    assert!(
        details[0].as_str().unwrap().contains("bad.json:1:"),
        "{details}"
    );
}

#[test]
fn a_result_that_is_printed_is_not_followed_by_a_second_object() {
    let directory = tempfile::tempdir().unwrap();
    let request = directory.path().join("request.json");
    fs::write(&request, "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"\"}").unwrap();
    let lines = directory.path().join("lines.jsonl");
    fs::write(&lines, "{\"model\":\"nope\"}\n{\"model\":\"nope\"}\n").unwrap();
    for (args, code) in [
        (["check", "request.json", "--json"], 3),
        (["doctor", "--api=gateway", "--json"], 2),
    ] {
        let run = in_directory(directory.path(), &args);
        let said = run.json();
        assert!(run.code == code && said["error"] == Value::Null, "{run:#?}");
    }
    let run = in_directory(directory.path(), &["check", "lines.jsonl", "--json"]);
    assert_eq!((run.code, run.stdout.lines().count()), (3, 2), "{run:#?}");
}

#[test]
fn help_is_no_failure_and_without_the_flag_nothing_is_printed() {
    let help = run(bare().args(["generate", "--json", "--help"]));
    assert_eq!(help.code, 0);
    assert!(!help.stdout.contains("exit_code"), "{help:#?}");
    for args in [&["generate", "--sise"][..], &["check", "a", "--", "--json"]] {
        let run = run(bare().args(args));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
    }
}
