//! `inkstone schema lint`.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::{Run, bare, run, run_with_input};

const CAT: &str = r#"{"type": "object", "properties": {"n": {"type": "integer", "minimum": 3, "maximum": 1, "default": "2"}}}
"#;

const FOUND: &str = "\
error: minimum 3 is above maximum 1 [minimum-above-maximum]
 --> standard input:1:71
  |
1 | …rties\": {\"n\": {\"type\": \"integer\", \"minimum\": 3, \"maximum\": 1, \"defau…
  |                                               ^
  |
  = at: /properties/n/minimum
  = help: swap the two

warning: default \"2\" is not of type \"integer\" [default-wrong-type]
 --> standard input:1:99
  |
1 | …\": {\"type\": \"integer\", \"minimum\": 3, \"maximum\": 1, \"default\": \"2\"}}}
  |                                                                ^^^
  |
  = at: /properties/n/default
  = help: write 2

standard input: 1 error, 1 warning, 0 infos
";

fn lint(flags: &[&str], text: &str) -> Run {
    let command = &mut bare();
    let command = command.args(["schema", "lint", "-"]).args(flags);
    run_with_input(command, text.as_bytes())
}

#[test]
fn findings_are_printed_with_their_text() {
    lint(&[], CAT).ended(
        3,
        FOUND,
        "error: standard input has 1 error\n\
         hint: `inkstone schema lint --patch` suggests a correction\n",
    );
    lint(&[], "{\"type\": \"object\"}").ended(
        0,
        "standard input: 0 errors, 0 warnings, 0 infos\n",
        "",
    );
}

/// No correction is announced where there is none.
#[test]
fn what_only_the_vendor_can_correct_has_no_hint() {
    let twice = "openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
---
openapi: 3.1.0
";
    let run = lint(&[], twice);
    let error = "error: standard input has 1 error\n";
    assert_eq!((run.code, run.stderr.as_str()), (3, error), "{run:#?}");
    assert!(run.stdout.contains("[block-not-whole]"), "{run:#?}");
    lint(&["--patch"], twice).ended(0, "[]\n", "");
}

#[test]
fn findings_are_printed_as_json() {
    let run = lint(&["--json"], CAT);
    assert_eq!(run.code, 3);
    let pointer = "/properties/n/default";
    let report = run.json();
    assert_eq!(report["file"], "standard input");
    assert_eq!(
        report["summary"],
        json!({"errors": 1, "warnings": 1, "infos": 0})
    );
    assert_eq!(
        report["findings"][1],
        json!({
            "rule": "default-wrong-type",
            "severity": "warning",
            "file": "standard input",
            "pointer": pointer,
            "subject": null,
            "line": 1,
            "column": 99,
            "message": "default \"2\" is not of type \"integer\"",
            "remedy": "write 2",
            "patch": [
                {"op": "test", "path": pointer, "value": "2", "why": "Default \"2\" is not of type \"integer\"."},
                {"op": "replace", "path": pointer, "value": 2, "why": "Write 2."},
            ],
        })
    );
}

#[test]
fn a_suggested_correction_is_saved_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("cat.json");
    fs::write(&file, CAT).unwrap();
    // As `> cat.bugs.patch.json` does before the program starts.
    fs::write(directory.path().join("cat.bugs.patch.json"), "").unwrap();
    let lint = |flag: &str| run(bare().args(["schema", "lint", flag]).arg(&file));
    let patch = lint("--patch");
    assert_eq!((patch.code, patch.stderr.as_str()), (0, ""), "{patch:#?}");
    fs::write(directory.path().join("cat.bugs.patch.json"), &patch.stdout).unwrap();
    let after = lint("--json");
    assert_eq!(after.code, 0, "{after:#?}");
    assert_eq!(after.json()["findings"], json!([]));
    // Then there are no more suggestions.
    assert_eq!(lint("--patch").json(), Value::Array(Vec::new()));
}

#[test]
fn unreadable_documents_are_reported() {
    let run = run(bare().args(["schema", "lint", "none.json"]));
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.starts_with("error: none.json can't be read: "),
        "{run:#?}"
    );
    lint(&[], "{\"a\":").ended(
        3,
        "",
        "\
error: not JSON: EOF while parsing a value
 --> standard input:1:5
  |
1 | {\"a\":
  |     ^
  |
  = help: fix the file, or give it another extension if it isn't a document

error: standard input has 1 problem
",
    );
}
