//! Whole documents: operations, parameters, bodies and replies.

use apifox_build::{Effect, Role, Verdict, diff, diff_files, source};
use serde_json::{Value, json};

use crate::compared;

/// An OpenAPI document with one operation, `changed` by a JSON Patch.
fn pets(patch: &Value) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets/{id}": {
                "post": {
                    "operationId": "renamePet",
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
                    ],
                    "requestBody": {
                        "required": true,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                    "responses": {
                        "200": {
                            "description": "the pet",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                        },
                        "404": {"description": "no such pet"},
                    },
                },
            },
        },
        "components": {"schemas": {"Pet": {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 20}},
            "required": ["name"],
        }}},
    });
    for step in patch.as_array().expect("a list of steps") {
        let (place, value) = (step[0].as_str().expect("a place"), &step[1]);
        let (around, last) = place.rsplit_once('/').expect("a place");
        let around = document.pointer_mut(around).expect("a place that is there");
        match (around, value) {
            (Value::Array(items), value) if last == "-" => items.push(value.clone()),
            (Value::Object(members), Value::Null) => {
                members.remove(&last.replace("~1", "/"));
            }
            (Value::Object(members), value) => {
                members.insert(last.replace("~1", "/"), value.clone());
            }
            (around, _) => panic!("{around} has no {last}"),
        }
    }
    document
}

const POST: &str = "/paths/~1pets~1{id}/post";

#[test]
fn each_change_of_a_document_is_told_where_it_is() {
    let at = |below: &str| format!("{POST}{below}");
    let cases = [
        (json!([]), vec![], Verdict::Patch),
        (
            json!([["/components/schemas/Pet/properties/name/maxLength", 30]]),
            vec![
                (
                    "body",
                    "/name: maxLength 20 → 30: accepts more",
                    Effect::Additive,
                ),
                (
                    "reply 200",
                    "/name: maxLength 20 → 30: accepts more",
                    Effect::Breaking,
                ),
            ],
            Verdict::Major,
        ),
        (
            json!([[at("/parameters/-"), {"name": "q", "in": "query", "schema": {"type": "string"}}]]),
            vec![("query parameter q", ": is new", Effect::Additive)],
            Verdict::Minor,
        ),
        (
            json!([[at("/parameters/-"), {"name": "q", "in": "query", "required": true}]]),
            vec![(
                "query parameter q",
                ": is new, and required",
                Effect::Breaking,
            )],
            Verdict::Major,
        ),
        (
            json!([[at("/parameters/-"), {"name": "X-Trace", "in": "header"}], [at("/deprecated"), true]]),
            vec![
                ("", ": is deprecated now", Effect::Neutral),
                ("header parameter X-Trace", ": is new", Effect::Additive),
            ],
            Verdict::Minor,
        ),
        (
            json!([[at("/parameters"), [{"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 10}}]]]),
            vec![
                (
                    "path parameter id",
                    ": minLength 1 is new: accepts less",
                    Effect::Breaking,
                ),
                (
                    "query parameter limit",
                    ": is required now",
                    Effect::Breaking,
                ),
            ],
            Verdict::Major,
        ),
        (
            json!([[at("/parameters"), [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]]]),
            vec![("query parameter limit", ": is gone", Effect::Breaking)],
            Verdict::Major,
        ),
        (
            json!([[at("/requestBody/required"), false]]),
            vec![("body", ": is no longer required", Effect::Additive)],
            Verdict::Minor,
        ),
        (
            json!([[at("/requestBody"), null]]),
            vec![("body", ": is gone", Effect::Breaking)],
            Verdict::Major,
        ),
        (
            json!([[at("/requestBody/content"), {"multipart/form-data": {"schema": {"type": "object"}}}]]),
            vec![(
                "body",
                ": is sent as JSON → multipart/form-data",
                Effect::Breaking,
            )],
            Verdict::Major,
        ),
        (
            json!([[at("/responses/202"), {"description": "later"}]]),
            vec![(
                "reply 202",
                ": is a new status of success",
                Effect::Breaking,
            )],
            Verdict::Major,
        ),
        (
            json!([[at("/responses/429"), {"description": "slower"}], [at("/responses/404"), null]]),
            vec![
                ("reply 404", ": is no longer described", Effect::Additive),
                ("reply 429", ": is a new status", Effect::Additive),
            ],
            Verdict::Minor,
        ),
        (
            json!([[at("/responses/200/content"), {"image/png": {}}]]),
            vec![("reply 200", ": comes as JSON → image/png", Effect::Breaking)],
            Verdict::Major,
        ),
        (
            json!([["/paths/~1dogs", {"get": {"responses": {}}}]]),
            vec![("", ": is a new operation", Effect::Additive)],
            Verdict::Minor,
        ),
        (
            json!([["/paths", {}]]),
            vec![("", ": is gone", Effect::Breaking)],
            Verdict::Major,
        ),
    ];
    for (patch, expected, verdict) in cases {
        let found = compared(&pets(&json!([])), &pets(&patch), Role::Both);
        let told: Vec<_> = found
            .changes
            .iter()
            .map(|it| {
                (
                    it.part.clone(),
                    format!("{}: {}", it.path, it.message),
                    it.effect(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(part, text, effect)| (part.to_owned(), text.to_owned(), effect))
            .collect();
        assert_eq!(told, expected, "{patch}");
        assert_eq!(found.verdict(), verdict, "{patch}");
    }
}

#[test]
fn an_operation_is_found_by_its_path_or_else_by_its_id() {
    let old = pets(&json!([]));
    let text = old
        .to_string()
        .replace("{id}", "{petId}")
        .replace("\"id\"", "\"petId\"");
    let renamed: Value = serde_json::from_str(&text).expect("JSON");
    let found = compared(&old, &renamed, Role::Both);
    let told: Vec<&str> = found.changes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        (told, found.verdict()),
        (vec!["was called id"], Verdict::Patch)
    );

    let text = old.to_string().replace("/pets/", "/animals/");
    let moved: Value = serde_json::from_str(&text).expect("JSON");
    let found = compared(&old, &moved, Role::Both);
    assert_eq!(found.changes.len(), 1, "{:#}", found.to_json());
    let change = &found.changes[0];
    assert_eq!(change.operation.as_deref(), Some("POST /animals/{id}"));
    assert_eq!(change.message, "was POST /pets/{id}");
    assert_eq!(change.effect(), Effect::Breaking);
}

#[test]
fn a_model_by_another_name_is_no_change_and_neither_is_another_form() {
    let old = pets(&json!([]));
    let renamed = old
        .to_string()
        .replace("/Pet\"", "/Animal\"")
        .replace("\"Pet\":", "\"Animal\":");
    let yaml = source::read_text("new.yaml", &renamed).expect("JSON is YAML");
    let old = source::read_text("old.json", &old.to_string()).expect("JSON");
    let found = diff(&old, &yaml, Role::Both).expect("documents");
    assert_eq!(found.changes, []);
}

#[test]
fn several_replies_of_a_status_are_alternatives() {
    let reply = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let (one, other) = (json!({"type": "string"}), json!({"type": "integer"}));
    let code = format!("{POST}/responses/200");
    let second = format!("{POST}/responses/x-200:other");
    let apart = pets(&json!([
        [code, reply(one.clone())],
        [second, reply(other.clone())]
    ]));
    let swapped = pets(&json!([[code, reply(other)], [second, reply(one.clone())]]));
    let single = pets(&json!([[code, reply(one)]]));
    assert_eq!(
        compared(&apart, &swapped, Role::Both).verdict(),
        Verdict::Patch
    );
    assert_eq!(
        compared(&apart, &single, Role::Both).verdict(),
        Verdict::Minor
    );
    assert_eq!(
        compared(&single, &apart, Role::Both).verdict(),
        Verdict::Major
    );
}

#[test]
fn directories_are_compared_document_by_document() {
    let schemas = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let found = diff_files(&schemas, &schemas, Role::Both).expect("documents");
    assert_eq!(found.changes, []);

    let found = diff_files(
        &schemas.join("dashscope"),
        &schemas.join("gateway"),
        Role::Both,
    );
    let found = found.expect("documents");
    let has = |file: &str, message: &str| {
        let mut changes = found.changes.iter();
        changes.any(|it| it.file.as_deref() == Some(file) && it.message == message)
    };
    assert!(has("task-list", "is gone"), "{:#}", found.to_json());
    assert!(has("images-edits", "is a new operation"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let read = |json: Value| source::read_text("it.json", &json.to_string()).expect("JSON");
    let (document, schema) = (read(pets(&json!([]))), read(json!({"type": "string"})));
    let error = diff(&document, &schema, Role::Both).expect_err("unlike");
    assert!(
        error
            .to_string()
            .contains("is a bare JSON Schema, and it.json is a document of operations"),
        "{error}"
    );
    let broken = read(json!({"type": "sting"}));
    let error = diff(&broken, &broken, Role::Both).expect_err("two problems");
    assert_eq!(error.0.len(), 2, "{error}");
}

#[test]
fn a_role_judges_one_way_only() {
    let (old, new) = (json!({"enum": [1]}), json!({"enum": [1, 2]}));
    for (role, verdict) in [
        (Role::Request, Verdict::Minor),
        (Role::Reply, Verdict::Major),
        (Role::Both, Verdict::Major),
    ] {
        assert_eq!(compared(&old, &new, role).verdict(), verdict, "{role:?}");
    }
}
