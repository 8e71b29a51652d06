//! `inkstone check --document`: bodies against documents of every form.

use std::fs;
use std::path::Path;

use crate::support::command::{bare, run_with_input};

const OPENAPI: &str = "\
openapi: 3.0.1
info: {title: Shop}
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
      responses:
        '201':
          description: done
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: integer}}}
    get:
      responses: {'204': {description: none}}
  /food:
    post:
      operationId: feedPet
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object}}
      responses: {'204': {description: none}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1, nullable: true}
";

/// What `check` prints and how it ends, for a body on standard input.
fn check(directory: &Path, args: &[&str], body: &str) -> (i32, String) {
    let document = directory.join("shop.yaml");
    fs::write(&document, OPENAPI).unwrap();
    let mut command = bare();
    command.args(["check", "-", "--document"]).arg(&document);
    let run = run_with_input(command.args(args), body.as_bytes());
    let place = format!("{}/", directory.display());
    let said = format!("{}{}", run.stdout, run.stderr);
    (run.code, said.replace(&place, ""))
}

#[test]
fn a_body_is_checked_against_the_document_that_is_given() {
    let directory = tempfile::tempdir().unwrap();
    let add = ["--operation", "POST /pets"];
    let cases: [(&[&str], &str, i32, &str); 11] = [
        (&add, r#"{"name": "cat"}"#, 0, "valid: shop.yaml\n"),
        (&add, r#"{"name": null}"#, 0, "valid: shop.yaml\n"),
        (
            &["--operation", "addPet"],
            r#"{"name": ""}"#,
            3,
            "/name: minLength: expected at least 1 character, found \"\"",
        ),
        (
            &["--operation", "addPet", "--reply", "201"],
            r#"{"id": 1.5}"#,
            3,
            "/id: type: expected an integer, found 1.5",
        ),
        (&[], "{}", 3, "has 3 operations: which one is meant?"),
        (
            &["--operation", "POST /pet"],
            "{}",
            3,
            "did you mean \"POST /pets\"?",
        ),
        (
            &["--operation", "GET /pets"],
            "{}",
            3,
            "GET /pets does not describe a body of its request",
        ),
        (&add, "{", 3, "standard input is not JSON"),
        (
            &["--operation", "addPet", "--reply", "404"],
            "{}",
            3,
            "it describes 201",
        ),
        (
            &["--operation", "addPet", "--reply", "0"],
            "{}",
            2,
            "0 is not in 100..=599",
        ),
        (
            &["--operation", "feedPet"],
            "name=cat",
            3,
            "POST /food takes a form as application/x-www-form-urlencoded",
        ),
    ];
    for (args, body, code, said) in cases {
        let (found, text) = check(directory.path(), args, body);
        assert_eq!(found, code, "{args:?} {body}: {text}");
        assert!(text.contains(said), "{args:?} {body}: {text}");
    }
}
