//! The script of the GitHub Action, on two commits of a repository.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SHOP: &str = r#"{
  "openapi": "3.0.1", "info": {"title": "Shop", "version": "1"},
  "paths": {"/pets": {"get": {
    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}],
    "responses": {"200": {"description": "pets"}}
  }}}
}"#;

fn git(repository: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(["-c", "init.defaultBranch=main", "-C"])
        .arg(repository)
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?} {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(repository: &Path, files: &[(&str, &str)]) -> String {
    for (name, text) in files {
        fs::create_dir_all(repository.join(name).parent().unwrap()).unwrap();
        fs::write(repository.join(name), text).unwrap();
    }
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "--message", "documents"]);
    git(repository, &["rev-parse", "HEAD"])
}

fn review(repository: &Path, base: &str, out: &Path, paths: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../action/review.sh");
    Command::new(script)
        .arg(base)
        .arg(out)
        .args(paths)
        .current_dir(repository)
        .env("INKSTONE", env!("CARGO_BIN_EXE_inkstone"))
        .output()
        .unwrap()
}

#[test]
fn what_a_commit_changes_is_reviewed() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &directory.path().join("shop");
    let out = directory.path().join("out");
    fs::create_dir(repository).unwrap();
    git(repository, &["init", "--quiet"]);
    let other = ("other/api.json", SHOP);
    let before = [
        ("schemas/shop.json", SHOP),
        ("schemas/gone.json", SHOP),
        ("schemas/same.json", SHOP),
        ("schemas/README.md", "# Documents\n"),
        other,
    ];
    let base = commit(repository, &before);

    // Nothing is told of what did not change.
    let run = review(repository, &base, &out, &["schemas"]);
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(said, "errors=0\nbreaking=0\ndocuments=0\n");

    let narrower = SHOP.replace("100", "50");
    let wrong = SHOP.replace("\"maximum\": 100", "\"maximum\": 1, \"minimum\": 2");
    fs::remove_file(repository.join("schemas/gone.json")).unwrap();
    let after = [
        ("schemas/shop.json", narrower.as_str()),
        ("schemas/a new one.json", wrong.as_str()),
        ("schemas/README.md", "# The documents\n"),
        ("other/api.json", narrower.as_str()),
    ];
    commit(repository, &after);
    let run = review(repository, &base, &out, &["schemas"]);
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(
        said, "errors=1\nbreaking=1\ndocuments=2\n",
        "{:?}",
        run.stderr
    );

    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    for line in [
        "- `schemas/gone.json` was removed",
        "### `schemas/a new one.json`",
        "This document is new.",
        "### `schemas/shop.json`",
    ] {
        assert!(
            comment.lines().any(|found| found == line),
            "{line}: {comment}"
        );
    }
    assert!(
        comment.contains("100") && comment.contains("50"),
        "{comment}"
    );
    assert!(
        !comment.contains("README") && !comment.contains("other/"),
        "{comment}"
    );

    has_a_run_with_the_findings(&out);
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

/// Code scanning takes one run of a tool.
fn has_a_run_with_the_findings(out: &Path) {
    let sarif = fs::read(out.join("review.sarif")).unwrap();
    let sarif: Value = serde_json::from_slice(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let [run] = sarif["runs"].as_array().unwrap().as_slice() else {
        panic!("{sarif}");
    };
    let findings = run["results"].as_array().unwrap();
    let is_of_new = |finding: &Value| finding.to_string().contains("new");
    assert!(findings.iter().any(is_of_new), "{sarif}");
}
