//! Which operation and which body `check` takes, and what it says of those that it can't take.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed test may panic"
)]

use std::fs;

use apifox_document::Diagnostic;
use apifox_review::{BodyChecker, BodySelector, checker, select};
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

/// What checks a body by the document with this text, or what is said instead.
fn checker_in(
    (name, text): (&str, &str),
    operation: Option<&str>,
    reply: Option<u16>,
) -> Result<BodyChecker, Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(name);
    fs::write(&file, text).unwrap();
    let found = checker(&file, &BodySelector { operation, reply });
    found.map_err(|problems| problems.0.iter().map(placed).collect())
}

/// A diagnostic with its pointer.
fn placed(one: &Diagnostic) -> String {
    format!("{}: {}", one.pointer, one.named())
}

/// What is said of a selection: how the value `1` fares, or why nothing is checked, with the help.
fn said(operation: Option<&str>, reply: Option<u16>) -> String {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.yaml");
    fs::write(&file, SHOP).unwrap();
    match checker(&file, &BodySelector { operation, reply }) {
        Ok(checker) => match checker.judge(&json!(1)).report.violations().first() {
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

const SKIPPED: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    post:
      summry: Add
      requestBody:
        contents: {}
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
      responses:
        '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}
        '202': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Name'}}}}
  /dogs:
    post: {requestBody: {content: {application/json: {schema: {type: strin}}}}, responses: {}}
components:
  schemas:
    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}, kind: {enum: a}}}
    Name: {type: string, pattern: '['}
    Unused: {type: string, pattern: '('}
---
openapi: 3.1.0
";

const SWAGGER: &str = "\
swagger: '2.0'
info: {title: Shop, version: '1'}
paths:
  /pets:
    post:
      parameters: [{in: body, name: pet, schema: {$ref: '#/definitions/Pet'}}]
      responses: {}
definitions:
  Pet: {type: strin}
  Other: {type: strin}
";

/// The body of an API's errors.
const REPLY: &str =
    r#"{"name": "e", "jsonSchema": {"type": "object", "properties": {"a": {"type": "strin"}}}}"#;

/// Only the body of the reply is lost.
const PAGE: &str = "m\nPOST /v1/x\n概览\nMethodPOST\nPath/v1/x\n请求体\n\
    {\"type\": \"application/json\", \"jsonSchema\": {\"type\": \"object\"}}\n响应\n[{\"code\": 成功}]\n";

const REST: &str = ": a file holds one document; what starts here is omitted";
const NAME: &str = "/components/schemas/Name: pattern: \"[\" is not a regular expression of ECMA-262; it is skipped";

/// The document, its operation and its reply, and what is handed back.
type Skipped = (
    (&'static str, &'static str),
    Option<&'static str>,
    Option<u16>,
    &'static [&'static str],
);

const SKIPPED_OF: [Skipped; 7] = [
    (
        ("shop.yaml", SKIPPED),
        Some("POST /pets"),
        None,
        &[
            "/paths/~1pets/post/requestBody/contents: contents is not a member of Request Body; it is skipped",
            "/components/schemas/Pet/properties/kind: enum: \"a\" is not an array; it is skipped",
            NAME,
            REST,
        ],
    ),
    (
        ("shop.yaml", SKIPPED),
        Some("POST /pets"),
        Some(201),
        &[
            "/paths/~1pets/post/responses/201/content/application~1json/schema: $ref: \
             #/components/schemas/Gone does not resolve; anything is accepted here",
            REST,
        ],
    ),
    (
        ("shop.yaml", SKIPPED),
        Some("POST /pets"),
        Some(202),
        &[NAME, REST],
    ),
    (
        ("shop.yaml", SKIPPED),
        Some("POST /dogs"),
        None,
        &[
            "/paths/~1dogs/post/requestBody/content/application~1json/schema: type: \"strin\" is not a JSON type; it is skipped",
            REST,
        ],
    ),
    (
        ("shop.yaml", SWAGGER),
        None,
        None,
        &["/definitions/Pet: type: \"strin\" is not a JSON type; it is skipped"],
    ),
    (
        ("e.json", REPLY),
        None,
        None,
        &["/jsonSchema/properties/a: type: \"strin\" is not a JSON type; it is skipped"],
    ),
    (
        ("m.txt", PAGE),
        None,
        None,
        &[": the block 响应 is omitted: not JSON: expected value"],
    ),
];

#[test]
fn what_was_skipped_of_a_body_is_handed_back() {
    for (document, operation, reply, expected) in SKIPPED_OF {
        let checker = checker_in(document, operation, reply).unwrap();
        let skipped: Vec<String> = checker.skipped().iter().map(placed).collect();
        assert_eq!(skipped, expected, "{operation:?} {reply:?}");
    }
}

#[test]
fn a_reply_alone_is_checked_by_its_schema() {
    let checker = checker_in(("e.json", REPLY), None, None).unwrap();
    let report = checker.judge(&json!(1)).report;
    let violations: Vec<String> = report
        .violations()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(violations, ["(root): type: expected an object, found 1"]);
}

/// The text of a page that ends before its body and its responses.
const CUT: &str = "m\nPOST /v1/x\n概览\nMethodPOST\nPath/v1/x\n请求体\n{\"type\": \n";

const CUT_YAML: &str = "\
openapi: 3.0.1
info: {title: Shop, version: '1'}
paths:
  /pets:
    get: {operationId: listPets, responses: {'200': {description: ok}}}
    post: {operationId: addPet, requestBody: {content: {application/json: {schema: {}}}}}
";

const MISSPELT: &str = "\
openapi: 3.2.0
info: {title: Shop, version: '1'}
paths:
  /pets: {additionalOperations: {POST: {responses: {}}}}
  /dogs: {$ref: '#/components/pathItems/Gone'}
";

const ONLY_SENT: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
webhooks:
  newPet: {post: {requestBody: {content: {application/json: {schema: {type: string}}}}}}
";

#[test]
fn where_an_operation_was_omitted_that_is_said() {
    let none = ": describes no operation";
    let cut =
        "/paths/~1pets/post: is omitted: the text ends before its responses, so it may be cut off";
    let misspelt = vec![
        none,
        "/paths/~1pets/additionalOperations/POST: \"POST\" has a member of its own in a path item; the operation is omitted",
        "/paths/~1dogs: $ref: does not lead to a path item; the path is omitted",
    ];
    let page = vec![
        none,
        ": the block 响应 is omitted: the page has none",
        ": the operation is omitted, as its 请求体 is not whole: not JSON: EOF while parsing a value",
    ];
    let cases = [
        (("m.txt", CUT), None, page.clone()),
        (("m.txt", CUT), Some("POST /v1/x"), page),
        (("shop.yaml", MISSPELT), None, misspelt),
        (
            ("shop.yaml", CUT_YAML),
            Some("addPet"),
            vec![": has no operation \"addPet\"", cut],
        ),
        (
            ("shop.yaml", CUT_YAML),
            None,
            vec![
                "/paths/~1pets/get: GET /pets does not describe a body of its request",
                cut,
            ],
        ),
    ];
    for (document, operation, expected) in cases {
        let said = checker_in(document, operation, None).unwrap_err();
        assert_eq!(said, expected, "{document:?} {operation:?}");
    }
    // What it sends is no operation that others call.
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.yaml");
    fs::write(&file, ONLY_SENT).unwrap();
    let refused = select(&file, None).expect_err("it has only a webhook");
    let said: Vec<String> = refused.0.iter().map(placed).collect();
    assert_eq!(said, [none]);
    checker_in(("shop.yaml", ONLY_SENT), None, None).unwrap();
}

const SEVERAL: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /a:
    patch:
      operationId: patchA
      requestBody:
        content:
          application/json: {schema: {type: object, required: [x]}}
          application/merge-patch+json: {schema: {type: array}}
          application/vnd.a+json: {schema: {type: object, required: [x]}}
          text/plain: {}
      responses:
        '200': {description: 甲, content: {application/json: {schema: {type: object, required: [x]}}}}
        'x-200:乙': {description: 乙, content: {application/json: {schema: {type: object, required: [y]}}}}
        '201': {description: ok, content: {application/json: {schema: {type: object}}, application/x-a+json: {schema: {type: array}}}}
        '202': {description: ok, content: {application/json: {schema: {type: object}}, application/x-a+json: {schema: {type: object}}}}
";

const PROJECT: &str = r#"{
    "apifoxProject": "1.0.0", "info": {"name": "p"}, "apiCollection": [{"name": "r", "items": [
        {"name": "a", "api": {"method": "get", "path": "/a", "parameters": {}, "responses": [
            {"code": 200, "name": "甲", "contentType": "json", "jsonSchema": {"type": "object", "required": ["x"]}},
            {"code": 200, "name": "乙", "contentType": "json", "jsonSchema": {"type": "object", "required": ["y"]}}
        ]}}
    ]}]
}"#;

/// The document, its operation and its reply, a body, what is said of it, and which of several
/// schemas it is held against.
type Described = (
    (&'static str, &'static str),
    Option<&'static str>,
    Option<u16>,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const YAML: (&str, &str) = ("a.yaml", SEVERAL);
const MERGE: &str = "application/merge-patch+json";

const DESCRIBED: [Described; 11] = [
    (YAML, None, Some(200), r#"{"x": 1}"#, "fits", Some("甲")),
    (YAML, None, Some(200), r#"{"y": 1}"#, "fits", Some("乙")),
    (
        YAML,
        None,
        Some(200),
        "{}",
        "(root): required: expected the field \"x\", found {}",
        Some("甲"),
    ),
    (
        ("p.json", PROJECT),
        None,
        Some(200),
        r#"{"y": 1}"#,
        "fits",
        Some("乙"),
    ),
    (
        YAML,
        None,
        Some(201),
        "[]",
        "fits",
        Some("application/x-a+json"),
    ),
    // Schemas that are the same are one.
    (YAML, None, Some(202), "{}", "fits", None),
    (
        YAML,
        None,
        None,
        r#"{"x": 1}"#,
        "fits",
        Some("application/json"),
    ),
    (YAML, None, None, "[]", "fits", Some(MERGE)),
    (
        YAML,
        Some("patchA as application/merge-patch+json"),
        None,
        r#"{"x": 1}"#,
        "(root): type: expected an array, found {\"x\":1}",
        None,
    ),
    (
        YAML,
        Some("patch_a_as_application_merge_patch_json"),
        None,
        "[]",
        "fits",
        None,
    ),
    (
        YAML,
        Some("PATCH /a as application/vnd.a+json"),
        None,
        "[]",
        "(root): type: expected an object, found []",
        None,
    ),
];

#[test]
fn a_body_has_to_fit_one_of_the_schemas_that_describe_it() {
    for (document, operation, reply, body, expected, by) in DESCRIBED {
        let checker = checker_in(document, operation, reply).unwrap();
        let judgement = checker.judge(&serde_json::from_str(body).unwrap());
        let first = judgement.report.violations().first();
        let said = first.map_or("fits".to_owned(), ToString::to_string);
        assert_eq!(
            (said.as_str(), judgement.described_by),
            (expected, by),
            "{operation:?} {body}"
        );
    }
    let said = checker_in(YAML, Some("patchA as text/plain"), None).unwrap_err();
    let text = "/paths/~1a/patch/requestBody: PATCH /a takes application/json, application/merge-patch+json, \
                application/vnd.a+json or text/plain";
    assert_eq!(said, [text]);
}
