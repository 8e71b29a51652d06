//! Which operation and which body `check` takes, and what it says of those that it can't take.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed test may panic"
)]

use std::fs;

use apifox_review::{BodySelector, checker, select};
use serde_json::json;

const SHOP: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        default: {description: wrong, content: {application/json: {schema: {type: object}}}}
        4XX: {description: wrong, content: {application/problem+json: {schema: {type: object}}}}
        '204': {description: none}
        '200': {description: ok, content: {text/csv: {}, image/png: {}}}
        '202': {description: later, content: {application/json: {}}}
    post:
      operationId: addPet
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}
          text/plain: {schema: {type: string}}
      responses: {'201': {description: ok}, '404': {description: no}}
      callbacks:
        onSold:
          '{$request.body#/url}':
            post:
              operationId: sold
              requestBody: {content: {application/json: {schema: {type: integer}}}}
              responses: {'200': {description: ok}}
  /pets/{id}:
    put:
      operationId: savePet
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}
          application/json: {schema: {type: string}}
      responses: {}
webhooks:
  newPet:
    post:
      operationId: petCame
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses: {'200': {description: ok}}
";

/// What is said of a selection: how the value `1` fares, or why nothing is checked, with the help.
fn said(operation: Option<&str>, reply: Option<u16>) -> String {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.yaml");
    fs::write(&file, SHOP).unwrap();
    match checker(&file, &BodySelector { operation, reply }) {
        Ok(checker) => match checker.report(&json!(1)).violations().first() {
            None => "fits".to_owned(),
            Some(violation) => violation.to_string(),
        },
        Err(diagnostics) => {
            let all = diagnostics.0.iter();
            let texts: Vec<String> = all
                .map(|one| format!("{}: {} ({})", one.pointer, one.message, one.help))
                .collect();
            texts.join("\n")
        }
    }
}

#[test]
fn an_operation_that_is_not_there_is_answered_with_those_that_may_be_meant() {
    let cases = [
        (
            "listPet",
            ": has no operation \"listPet\" (did you mean \"listPets\"?)",
        ),
        (
            "LISTPETS",
            ": has no operation \"LISTPETS\" (did you mean \"listPets\"?)",
        ),
        (
            "/pets",
            ": has no operation \"/pets\" (did you mean \"GET /pets\" or \"POST /pets\"?)",
        ),
        (
            "PUT /pets",
            ": has no operation \"PUT /pets\" (did you mean \"GET /pets\" or \"POST /pets\"?)",
        ),
        (
            "PUT /pets/7",
            ": has no operation \"PUT /pets/7\" (did you mean \"PUT /pets/{id}\"?)",
        ),
        (
            "GET /pet",
            ": has no operation \"GET /pet\" (did you mean \"GET /pets\"?)",
        ),
        (
            "weather",
            ": has no operation \"weather\" (the operations are: GET /pets, POST /pets, PUT /pets/{id}, \
             POST webhook newPet, POST POST /pets onSold {$request.body#/url})",
        ),
    ];
    for (name, expected) in cases {
        assert_eq!(said(Some(name), None), expected, "{name}");
    }
    let which = ": has 3 operations: which one is meant? (name it by method and path, such as \"GET /pets\")";
    assert_eq!(said(None, None), which);
}

#[test]
fn what_the_api_sends_is_checked_by_its_id_or_its_name() {
    let text = "(root): type: expected a string, found 1";
    for name in ["petCame", "newPet", "webhook newPet", "post webhook newPet"] {
        assert_eq!(said(Some(name), None), text, "{name}");
    }
    for name in [
        "sold",
        "addPet callback onSold",
        "POST POST /pets onSold {$request.body#/url}",
    ] {
        assert_eq!(said(Some(name), None), "fits", "{name}");
    }
}

#[test]
fn what_the_api_sends_is_not_sent_to_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.yaml");
    fs::write(&file, SHOP).unwrap();
    let cases = [
        (
            "petCame",
            "\"petCame\" is a webhook: the API sends it, and does not take it",
        ),
        (
            "sold",
            "\"sold\" is a callback: the API sends it, and does not take it",
        ),
    ];
    for (name, expected) in cases {
        let refused = select(&file, Some(name)).expect_err("it is sent by the API");
        assert_eq!(refused.0[0].message, expected);
    }
}

#[test]
fn a_status_that_is_not_described_is_answered_with_those_that_are() {
    let cases = [
        ("listPets", 500, "(root): type: expected an object, found 1"),
        ("listPets", 404, "(root): type: expected an object, found 1"),
        (
            "addPet",
            500,
            "/paths/~1pets/post: POST /pets does not describe a reply with status 500 (it describes 201 or 404)",
        ),
        (
            "savePet",
            200,
            "/paths/~1pets~1{id}/put: PUT /pets/{id} does not describe a reply with status 200 (it describes no replies)",
        ),
        (
            "listPets",
            204,
            "/paths/~1pets/get/responses/204: GET /pets does not describe a body of its reply with status 204 (name another status)",
        ),
        (
            "listPets",
            200,
            "/paths/~1pets/get/responses/200: GET /pets answers status 200 with text/csv or image/png (only bodies in JSON can be checked)",
        ),
        (
            "listPets",
            202,
            "/paths/~1pets/get/responses/202: GET /pets has no schema for the JSON of its reply with status 202 (anything may come)",
        ),
    ];
    for (operation, status, expected) in cases {
        assert_eq!(
            said(Some(operation), Some(status)),
            expected,
            "{operation} {status}"
        );
    }
}

#[test]
fn a_body_that_is_not_json_is_named() {
    let cases = [
        (
            "addPet",
            "/paths/~1pets/post/requestBody: POST /pets takes a form as application/x-www-form-urlencoded or text/plain \
             (only bodies in JSON can be checked)",
        ),
        (
            "listPets",
            "/paths/~1pets/get: GET /pets does not describe a body of its request (name another operation, or a reply)",
        ),
        // JSON is checked where it is one of several.
        ("savePet", "(root): type: expected a string, found 1"),
    ];
    for (operation, expected) in cases {
        assert_eq!(said(Some(operation), None), expected, "{operation}");
    }
}
