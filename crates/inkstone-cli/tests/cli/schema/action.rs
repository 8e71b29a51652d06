//! The script of the GitHub Action, on two commits of a repository.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use serde_json::{Value, json};

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

fn script(name: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../action");
    Command::new(folder.join(name))
}

fn review(repository: &Path, base: &str, out: &Path, paths: &[&str]) -> Output {
    script("review.sh")
        .arg(base)
        .arg(out)
        .args(paths)
        .current_dir(repository)
        .env("INKSTONE", env!("CARGO_BIN_EXE_inkstone"))
        .output()
        .unwrap()
}

/// A new repository in a directory.
fn new_repository(directory: &Path) -> PathBuf {
    let repository = directory.join("shop");
    fs::create_dir(&repository).unwrap();
    git(&repository, &["init", "--quiet"]);
    repository
}

/// What the base is, or the exit status.
fn base(repository: &Path, base: &str) -> Result<String, Option<i32>> {
    let args = [base, "main"];
    let run = script("base.sh")
        .args(args)
        .current_dir(repository)
        .output();
    let run = run.unwrap();
    match run.status.success() {
        true => Ok(String::from_utf8(run.stdout).unwrap().trim().to_owned()),
        false => Err(run.status.code()),
    }
}

/// The tree of no file.
const EMPTY: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

#[test]
fn where_an_event_has_no_commit_it_is_compared_with_where_the_branch_began_or_with_nothing() {
    let zeros = "0".repeat(40);
    let lost = "1".repeat(40);
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let first = commit(repository, &[("schemas/shop.json", SHOP)]);
    for none in ["", &zeros, &lost] {
        assert_eq!(base(repository, none), Ok(EMPTY.to_owned()), "{none}");
    }
    git(repository, &["checkout", "--quiet", "-b", "work"]);
    let second = commit(repository, &[("schemas/other.json", SHOP)]);
    for none in ["", &zeros, &lost] {
        assert_eq!(base(repository, none), Ok(first.clone()), "{none}");
    }
    for (given, expected) in [(&*first, &first), (&*second, &second), ("main", &first)] {
        assert_eq!(base(repository, given), Ok(expected.clone()), "{given}");
    }
    for wrong in ["mian", "--help"] {
        assert_eq!(base(repository, wrong), Err(Some(2)), "{wrong}");
    }

    // As a pull request is checked out: what is not here comes from the server.
    let clone = directory.path().join("clone");
    let from = format!("file://{}", repository.display());
    let to = clone.to_str().unwrap();
    let args = ["clone", "--quiet", "--depth=1", "--branch=work", &from, to];
    git(repository, &args);
    assert_eq!(base(&clone, &zeros), Ok(EMPTY.to_owned()));
    for given in [&*first, "main"] {
        assert_eq!(base(&clone, given), Ok(first.clone()), "{given}");
    }
}

#[test]
fn against_nothing_every_document_is_new() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
    commit(repository, &[("schemas/shop.json", SHOP)]);
    let run = review(repository, EMPTY, &out, &["schemas"]);
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(said, "errors=0\nbreaking=0\ndocuments=1\n");
    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    assert_eq!(
        comment,
        "## Review of API documents\n\n### `schemas/shop.json`\n\nThis document is new.\n\n"
    );
}

#[test]
fn what_a_commit_changes_is_reviewed() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
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
        said, "errors=1\nbreaking=2\ndocuments=2\n",
        "{:?}",
        run.stderr
    );

    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    for line in [
        "### `schemas/gone.json`",
        "This document was removed.",
        "- `GET /pets`: is gone",
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

#[test]
fn what_is_removed_breaks_callers_and_what_is_only_moved_to_another_format_does_not() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
    let schema = r#"{"type": "object", "properties": {"pet": {"$ref": "_pet.json"}}}"#;
    let before = [
        ("README.md", "# Documents\n"),
        ("_pet.json", r#"{"type": "string"}"#),
        ("broken.yaml", "openapi: ["),
        ("schema.json", schema),
        ("shop.json", SHOP),
        ("written.json", SHOP),
    ];
    let base = commit(repository, &before);
    for (name, _) in before {
        fs::remove_file(repository.join(name)).unwrap();
    }
    commit(repository, &[("written.yaml", SHOP)]);
    let run = review(repository, &base, &out, &["."]);
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    assert_eq!(said, "errors=0\nbreaking=2\ndocuments=1\n", "{run:?}");
    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    let expected = "## Review of API documents\n\n\
                    - `README.md` was removed\n\
                    - `broken.yaml` was removed\n\n\
                    ### `schema.json`\n\n\
                    This document was removed.\n\n\
                    **major**: 1 breaking, 0 additive, 0 neutral\n\n\
                    ### Breaking\n\n\
                    - `schema`: it is no longer accepted\n\n\
                    ### `shop.json`\n\n\
                    This document was removed.\n\n\
                    **major**: 1 breaking, 0 additive, 0 neutral\n\n\
                    ### Breaking\n\n\
                    - `GET /pets`: is gone\n\n\
                    ### `written.yaml`\n\n\
                    This document was `written.json`.\n\n\
                    **patch**: 0 breaking, 0 additive, 0 neutral\n\n";
    assert_eq!(comment, expected);
}

#[test]
fn a_document_that_cannot_be_read_is_an_error_and_the_others_are_reviewed() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
    let page = format!("# Shop\n\n```json\n{SHOP}\n```\n");
    let base = commit(repository, &[("page.md", &page), ("shop.json", SHOP)]);
    let wrong = SHOP.replace("\"maximum\": 100", "\"maximum\": 1, \"minimum\": 2");
    let after = [
        ("a b/broken.json", "{"),
        ("notes.md", "# Notes\n"),
        ("page.md", "# Shop\n"),
        ("shop.json", &wrong),
    ];
    commit(repository, &after);
    let run = review(repository, &base, &out, &["."]);
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    assert_eq!(said, "errors=3\nbreaking=1\ndocuments=3\n", "{run:?}");
    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    let headings: Vec<&str> = comment
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    let expected = [
        "## Review of API documents",
        "### `a b/broken.json`",
        "### `page.md`",
        "### `shop.json`",
        "### Breaking",
    ];
    assert_eq!(headings, expected, "{comment}");
    assert_eq!(
        comment
            .matches("This can't be read:\n\n    error: ")
            .count(),
        2,
        "{comment}"
    );
    let sarif = fs::read(out.join("review.sarif")).unwrap();
    let sarif: Value = serde_json::from_slice(&sarif).unwrap();
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "inkstone");
    let expected = [
        ["unreadable", "error", "a%20b/broken.json"],
        ["unreadable", "error", "page.md"],
        ["minimum-above-maximum", "error", "shop.json"],
    ];
    assert_eq!(findings(&sarif), expected);
    let rules = driver["rules"].as_array().unwrap();
    for [id, ..] in expected {
        assert_eq!(
            rules.iter().filter(|rule| rule["id"] == id).count(),
            1,
            "{id}"
        );
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

/// The rule, the level and the file of each finding.
fn findings(sarif: &Value) -> Vec<[&str; 3]> {
    let found = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let told = found.map(|found| {
        let place = &found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        [&found["ruleId"], &found["level"], place].map(|text| text.as_str().unwrap())
    });
    told.collect()
}

#[test]
fn the_name_of_a_file_is_neither_a_flag_nor_markup() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
    let heading = "a`\n\n## Approved ``by` `.json";
    let before = [("--help.json", SHOP), ("gone`\r\n\n# b.json", SHOP)];
    let base = commit(repository, &before);
    fs::remove_file(repository.join(before[1].0)).unwrap();
    let narrower = SHOP.replace("100", "50");
    commit(repository, &[("--help.json", &narrower), (heading, SHOP)]);
    let run = review(repository, &base, &out, &["."]);
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    assert_eq!(said, "errors=0\nbreaking=2\ndocuments=2\n", "{run:?}");
    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    let expected = "## Review of API documents\n\n\
                    ### `` gone`   # b.json ``\n\n\
                    This document was removed.\n\n\
                    **major**: 1 breaking, 0 additive, 0 neutral\n\n\
                    ### Breaking\n\n\
                    - `GET /pets`: is gone\n\n\
                    ### `--help.json`\n\n\
                    **major**: 1 breaking, 0 additive, 0 neutral\n\n\
                    ### Breaking\n\n\
                    - `GET /pets` query parameter limit: maximum 100 → 50: accepts less\n\n\
                    ### ``` a`  ## Approved ``by` `.json ```\n\n\
                    This document is new.\n\n";
    assert_eq!(comment, expected);
}

#[test]
fn what_a_link_leads_to_is_not_read() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let secret = directory.path().join("secret.json");
    fs::write(&secret, SHOP.replace("limit", "secret")).unwrap();
    let repository = &new_repository(directory.path());
    let out = directory.path().join("out");
    let at = |name: &str| repository.join(name);
    commit(repository, &[("README.md", "# Shop\n")]);
    // One was a link before, and one is now.
    symlink(&secret, at("was.json")).unwrap();
    let base = commit(repository, &[("corrected.json", SHOP)]);
    fs::remove_file(at("was.json")).unwrap();
    for link in ["is.json", "corrected.bugs.patch.json"] {
        symlink(&secret, at(link)).unwrap();
    }
    commit(repository, &[("was.json", SHOP)]);
    let run = review(repository, &base, &out, &["."]);
    let said = String::from_utf8(run.stdout.clone()).unwrap();
    assert_eq!(said, "errors=0\nbreaking=0\ndocuments=1\n", "{run:?}");
    let comment = fs::read_to_string(out.join("review.md")).unwrap();
    let expected = "## Review of API documents\n\n\
                    ### `corrected.json`\n\n\
                    Not reviewed: `corrected.bugs.patch.json` is a symbolic link.\n\n\
                    ### `is.json`\n\n\
                    Not reviewed: `is.json` is a symbolic link.\n\n\
                    ### `was.json`\n\n\
                    This document is new.\n\n";
    assert_eq!(comment, expected);
    let sarif = fs::read_to_string(out.join("review.sarif")).unwrap();
    assert!(!sarif.contains("secret"), "{sarif}");
}

/// A program `gh` that has these comments, and notes what it is asked to write: `new` or the id of
/// the comment, and its text.
fn fake_gh(directory: &Path, comments: &Value, writes: bool) -> PathBuf {
    let bin = directory.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let nodes = json!({"data": {"repository": {"pullRequest": {"comments": {"nodes": comments}}}}});
    fs::write(bin.join("comments.json"), nodes.to_string()).unwrap();
    let script = r#"#!/usr/bin/env bash
set -e
here=$(dirname "$0")
case "$*" in
"pr comment 7 --repo shop/pets --body-file "*) at=new body=$7 ;;
*mutation*) at=${4#id=} body=${6#body=@} ;;
*"-F number=7 -f owner=shop -f name=pets"*) jq -r "${!#}" "$here/comments.json"; exit ;;
*) echo "not known: $*" >&2; exit 9 ;;
esac
if [ -e "$here/read-only" ]; then echo "HTTP 403" >&2; exit 1; fi
echo "$at" >>"$here/writes"
cp "$body" "$here/body"
"#;
    fs::write(bin.join("gh"), script).unwrap();
    fs::set_permissions(bin.join("gh"), fs::Permissions::from_mode(0o755)).unwrap();
    if !writes {
        fs::write(bin.join("read-only"), "").unwrap();
    }
    bin
}

/// Writes a review into a comment; what was printed, where it was written, and the text.
fn comment_on(bin: &Path, review: &str) -> (String, String, String) {
    let file = bin.join("review.md");
    fs::write(&file, review).unwrap();
    for name in ["writes", "body"] {
        let _ = fs::remove_file(bin.join(name));
    }
    let path = env::var("PATH").unwrap();
    let run = script("comment.sh")
        .arg("7")
        .arg(file)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("GITHUB_REPOSITORY", "shop/pets")
        .env("GITHUB_SERVER_URL", "https://git.example")
        .env("GITHUB_RUN_ID", "12")
        .env("GITHUB_WORKFLOW", "Documents")
        .env("GITHUB_JOB", "review")
        .env("PATHS", "schemas")
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let text = |name: &str| fs::read_to_string(bin.join(name)).unwrap_or_default();
    let said = String::from_utf8(run.stdout).unwrap();
    (said, text("writes"), text("body"))
}

/// Of the workflow `Documents`, its job `review` and the path `schemas`.
const MARKER: &str = "<!-- inkstone review 306f57ac47e63059fc77e43f2a3b5ff99b2b12e8 -->";

#[test]
fn a_review_has_one_comment_that_is_its_own() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let others = [
        json!({"id": "A", "body": "## Review of API documents", "viewerDidAuthor": true}),
        json!({"id": "B", "body": format!("{MARKER}\nof another"), "viewerDidAuthor": false}),
        json!({"id": "C", "body": format!("> {MARKER}"), "viewerDidAuthor": true}),
    ];
    let written = format!("{MARKER}\n## Review\n");
    let bin = fake_gh(directory.path(), &json!(others), true);
    let expected = (String::new(), "new\n".to_owned(), written.clone());
    assert_eq!(comment_on(&bin, "## Review\n"), expected);

    let own = json!({"id": "D", "body": format!("{MARKER}\nof before"), "viewerDidAuthor": true});
    let all: Vec<Value> = others.into_iter().chain([own]).collect();
    let bin = fake_gh(directory.path(), &json!(all), true);
    let expected = (String::new(), "D\n".to_owned(), written);
    assert_eq!(comment_on(&bin, "## Review\n"), expected);

    // The token of a pull request from a fork reads, and does not write.
    let bin = fake_gh(directory.path(), &json!(all), false);
    let said = "::warning title=No comment::The review can't be written into a comment; the summary \
                of the run has it.\n";
    let expected = (said.to_owned(), String::new(), String::new());
    assert_eq!(comment_on(&bin, "## Review\n"), expected);
}

#[test]
fn a_review_that_is_too_long_for_a_comment_is_cut_between_lines() {
    if Command::new("jq").arg("--version").output().is_err() {
        return test_data::skip("the script of the action needs jq");
    }
    let directory = tempfile::tempdir().unwrap();
    let bin = fake_gh(directory.path(), &json!([]), true);
    let line = format!("- {}\n", "图".repeat(999));
    assert_eq!(line.len(), 3000);
    let (_, _, body) = comment_on(&bin, &line.repeat(20));
    assert_eq!(body, format!("{MARKER}\n{}", line.repeat(20)));
    let (_, _, body) = comment_on(&bin, &line.repeat(21));
    let note = "This is the beginning of the review; [the summary of the run]\
                (https://git.example/shop/pets/actions/runs/12) has all of it.\n\n";
    assert_eq!(body, format!("{MARKER}\n{note}{}", line.repeat(20)));
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
