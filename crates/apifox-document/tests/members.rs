//! The table of members: documented, without doubles, and every kind of report.

#![allow(clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;

use apifox_document::diagnostics::{Diagnostic, grouped};
use apifox_document::members::{KINDS, listing};
use apifox_document::{forms, sources};
use serde_json::{Value, json};

/// Write the table into its manual with the environment variable `UPDATE_GOLDENS`.
#[test]
fn the_table_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/members.md");
    let text = std::fs::read_to_string(&path).expect("the manual");
    let (before, _) = text.split_once("```text\n").expect("the table");
    let expected = format!("{before}```text\n{}```\n", listing::text());
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &expected).expect("the manual is written");
        return;
    }
    assert_eq!(text, expected, "write it with UPDATE_GOLDENS=1");
}

#[test]
fn the_table_has_no_doubles() {
    let mut kinds = BTreeSet::new();
    for kind in KINDS {
        assert!(kinds.insert(kind.name()), "{} twice", kind.name());
        let mut names = BTreeSet::new();
        for member in kind.members() {
            assert!(names.insert(member.name), "{} {}", kind.name(), member.name);
        }
    }
}

/// What is reported of a document.
fn reported(document: &Value) -> Vec<Diagnostic> {
    let document = sources::read_text("d.json", &document.to_string()).expect("a document");
    let api = forms::read(&document, false).expect("it is read");
    [api.skipped, api.unsupported].concat()
}

/// OpenAPI with one operation, with these members and components.
fn openapi(operation: &Value, components: &Value) -> Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {"/pets": {"get": operation}}, "components": components,
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_kind_of_problem_is_told_with_its_place_and_subject() {
    let ok = json!({"200": {"description": ""}});
    let parameter = |parameter: Value| json!({"responses": ok, "parameters": [parameter]});
    let get = "/paths/~1pets/get";
    let cases = [
        (
            json!({"responses": ok, "servers": [{"url": "https://other.example"}]}),
            "/servers",
            "servers is skipped: the client sends all operations to one address",
            "GET /pets",
        ),
        (
            json!({"responses": ok, "operationid": "x"}),
            "/operationid",
            "operationid is not a member of Operation; it is skipped",
            "GET /pets",
        ),
        (
            json!({"responses": {"2xx": {"description": ""}}}),
            "/responses/2xx",
            "2xx is read as 2XX",
            "GET /pets",
        ),
        (
            json!({"responses": {"20x": {"description": ""}}}),
            "/responses/20x",
            "20x is not an HTTP status; the response is skipped",
            "GET /pets",
        ),
        (
            parameter(json!({"name": "q", "in": "query", "required": "yes", "schema": {}})),
            "/parameters/0/required",
            "required is \"yes\", not true or false; it is skipped",
            "GET /pets, query parameter q",
        ),
        (
            parameter(json!({"name": "q", "in": "body"})),
            "/parameters/0/in",
            "in is \"body\", not one of path, query, header, cookie; it is skipped",
            "GET /pets, body parameter q",
        ),
        (
            parameter(json!({"in": "query"})),
            "/parameters/0",
            "name is missing; the Parameter is skipped",
            "GET /pets, query parameter 0",
        ),
        (
            parameter(json!({"$ref": "#/components/parameters/gone"})),
            "/parameters/0/$ref",
            "$ref \"#/components/parameters/gone\" does not resolve; it is skipped",
            "GET /pets, parameter 0",
        ),
        (
            parameter(json!({"$ref": "#/components/parameters/p", "required": true})),
            "/parameters/0/required",
            "required stands beside `$ref`, which takes its place; it is skipped",
            "GET /pets, parameter 0",
        ),
        (
            parameter(json!(5)),
            "/parameters/0",
            "0 is 5, not Parameter; it is skipped",
            "GET /pets, parameter 0",
        ),
    ];
    let components = json!({"parameters": {"p": {"name": "p", "in": "query", "schema": {}}}});
    for (operation, pointer, message, subject) in cases {
        let found = reported(&openapi(&operation, &components));
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.pointer.clone(), it.message.clone(), it.subject.clone()))
            .collect();
        let expected = (
            format!("{get}{pointer}"),
            message.to_owned(),
            Some(subject.to_owned()),
        );
        assert_eq!(told, [expected]);
    }
}

#[test]
fn what_asks_for_nothing_is_not_told() {
    let operation = json!({
        "responses": {"200": {"description": "", "headers": {}, "x-more": 1}},
        "callbacks": {}, "servers": [], "x-extension": {"anything": true},
        "parameters": [
            {"name": "q", "in": "query", "allowReserved": false, "schema": {"type": "string"}},
            {"name": "Accept", "in": "header", "style": "unknown"},
        ],
    });
    assert_eq!(reported(&openapi(&operation, &json!({}))), []);
}

#[test]
fn collections_of_empty_folders_are_not_told() {
    let folder = |children: Value| json!([{"name": "Root", "children": children}]);
    let empty = folder(json!([{"name": "a", "items": []}]));
    let full = folder(json!([{"name": "a", "items": [{"name": "b", "protocol": "DEMO"}]}]));
    for (collection, count) in [(empty, 0), (full, 1)] {
        let found = reported(&json!({
            "apifoxProject": "1.0.0", "customEndpointCollection": collection,
            "moduleSettings": [{"id": "1"}], "projectTestCaseTags": [{"id": 1}],
            "projectTestCaseCategories": [{"id": 1}],
        }));
        let told: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        let expected = ["customEndpointCollection is skipped: only operations of HTTP are read"];
        assert_eq!(told, expected[..count], "{collection}");
    }
}

#[test]
fn a_path_is_told_with_what_becomes_of_it() {
    let cases = [
        (
            "https://a.example/.sse",
            "\"https://a.example/.sse\" is read as /.sse, without the host https://a.example: the client sends all operations to one address",
        ),
        ("a", "\"a\" does not start with a slash; it is read as /a"),
        ("/a#b", "\"/a#b\" has a #: what follows it is not sent"),
        (
            "/a/{b",
            "\"/a/{b\" has a brace without its other; it is read as it stands",
        ),
        (
            "/a/{{b}}",
            "\"/a/{{b}}\" has two braces for one; it is read as /a/{b}",
        ),
    ];
    for (path, expected) in cases {
        let found = reported(&json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "paths": {path: {"get": {"responses": {"200": {"description": ""}}}}},
        }));
        let told: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(told, [expected]);
    }
}

#[test]
fn the_same_is_told_once_with_its_count_and_three_places() {
    let operation = json!({
        "responses": {"200": {"description": ""}},
        "parameters": (0..5).map(|at| json!({"in": "query", "name": format!("p{at}"), "allowEmptyValue": true, "schema": {}})).collect::<Vec<_>>(),
    });
    let found = reported(&openapi(&operation, &json!({})));
    assert_eq!(found.len(), 5);
    let told = grouped(found);
    assert_eq!(told.len(), 1);
    let place = |at: usize| {
        format!(
            "d.json#/paths/~1pets/get/parameters/{at}/allowEmptyValue (GET /pets, query parameter p{at})"
        )
    };
    let expected = format!("5 places: also at {}; {}; 2 more", place(1), place(2));
    assert_eq!(told[0].repeated(), Some(expected));
}
