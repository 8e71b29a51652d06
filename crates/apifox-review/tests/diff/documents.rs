//! Whole documents: operations, parameters, bodies and replies.

use apifox_document::sources;
use apifox_review::{Effect, Role, Verdict, diff, diff_files};
use serde_json::{Value, json};

use crate::compared;

const POST: &str = "/paths/~1pets~1{id}/post";

/// An OpenAPI document with one operation, `changed` by a JSON Patch.
fn pets(patch: &Value) -> Value {
    let document = json!({
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
    patched(document, patch)
}

/// A document after these steps, each a place and the value there; null where it is removed.
pub fn patched(mut document: Value, patch: &Value) -> Value {
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

#[test]
fn each_change_of_a_document_is_reported_where_it_is() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("documents.json")).expect("JSON");
    assert!(cases.len() > 15);
    for case in &cases {
        let found = compared(&pets(&json!([])), &pets(&case["patch"]), Role::Both);
        let changes = found.changes.iter().map(|it| {
            let text = format!("{}: {}", it.path, it.message);
            json!([it.part, text, it.effect().name()])
        });
        assert_eq!(Value::Array(changes.collect()), case["messages"], "{case}");
        assert_eq!(found.verdict().name(), case["verdict"], "{case}");
    }
}

/// A form of these fields.
fn form(fields: &Value) -> Value {
    let content = json!({"multipart/form-data": {"schema": fields}});
    pets(&json!([[format!("{POST}/requestBody/content"), content]]))
}

#[test]
fn the_fields_of_a_form_are_a_closed_list() {
    let text = json!({"type": "string"});
    let file = json!({"type": "string", "format": "binary"});
    let files = json!({"type": "array", "items": file});
    let fields = |fields: Value| form(&json!({"type": "object", "properties": fields}));
    let cases = [
        (json!({"a": text}), json!({}), vec!["is gone"]),
        (json!({}), json!({"a": text}), vec!["is new"]),
        (
            json!({"a": file}),
            json!({"a": files}),
            vec!["takes several files now"],
        ),
        (
            json!({"a": text}),
            json!({"a": file}),
            vec!["holds a value → a file"],
        ),
        (
            json!({"a": text}),
            json!({"a": {"type": "integer"}}),
            vec!["type string → integer: accepts other values"],
        ),
    ];
    for (old, new, expected) in cases {
        let found = compared(&fields(old), &fields(new), Role::Both);
        let messages: Vec<&str> = found.changes.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, expected);
        assert!(found.changes.iter().all(|it| it.part == "field a"));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn credentials_that_no_longer_do_break_callers() {
    let schemes = json!({
        "t": {"type": "http", "scheme": "bearer"},
        "k": {"type": "apiKey", "in": "header", "name": "X-Key"},
    });
    let wanting = |security: &Value| {
        let schemes = json!(["/components/securitySchemes", schemes]);
        pets(&json!([schemes, [format!("{POST}/security"), security]]))
    };
    let (token, key) = (
        "a token as `Authorization: Bearer`",
        "a key in the header `X-Key`",
    );
    let cases = [
        (
            json!([]),
            json!([{}]),
            Some(("requires nothing now".to_owned(), Effect::Neutral)),
        ),
        (
            json!([{"t": []}]),
            json!([{}]),
            Some((format!("no longer requires {token}"), Effect::Additive)),
        ),
        (
            json!([{"t": []}]),
            json!([]),
            Some((format!("no longer requires {token}"), Effect::Additive)),
        ),
        (
            json!([{"t": []}]),
            json!([{"k": []}, {"t": []}]),
            Some((
                format!("required {token}, and requires {key}, or {token} now"),
                Effect::Additive,
            )),
        ),
        (
            json!([{"t": [], "k": []}]),
            json!([{"k": []}]),
            Some((
                format!("required {token} and {key}, and requires {key} now"),
                Effect::Additive,
            )),
        ),
        (
            json!([{"t": []}, {"k": []}]),
            json!([{"k": []}]),
            Some((
                format!("required {token}, or {key}, and requires {key} now"),
                Effect::Breaking,
            )),
        ),
    ];
    for (old, new, expected) in cases {
        let found = compared(&wanting(&old), &wanting(&new), Role::Both);
        let changes = found.changes.iter();
        let messages: Vec<_> = changes
            .map(|it| (it.message.clone(), it.effect()))
            .collect();
        assert_eq!(messages, Vec::from_iter(expected), "{old} → {new}");
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
    let messages: Vec<&str> = found.changes.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        (messages, found.verdict()),
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
    let yaml = sources::read_text("new.yaml", &renamed).expect("JSON is YAML");
    let old = sources::read_text("old.json", &old.to_string()).expect("JSON");
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
    let schemas = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
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
fn a_directory_without_documents_is_refused() {
    let schemas = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let gateway = schemas.join("gateway");
    let directory = std::env::temp_dir().join(format!("apifox-diff-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    std::fs::write(directory.join("README.md"), "# Nothing").expect("a file");
    let file = gateway.join("error.json");
    let none = format!("{}: has no document in it", directory.display());
    let mixed = |path: &std::path::Path| {
        let file = file.display();
        format!("{}: is a directory, but {file} is not", path.display())
    };
    let cases = [
        (&directory, &directory, vec![none.clone(), none.clone()]),
        (&directory, &gateway, vec![none.clone()]),
        (&gateway, &directory, vec![none]),
        (&gateway, &file, vec![mixed(&gateway)]),
        (&file, &directory, vec![mixed(&directory)]),
    ];
    for (old, new, expected) in cases {
        let refused = diff_files(old, new, Role::Both).expect_err("no documents");
        let told = refused
            .0
            .iter()
            .map(|it| format!("{}: {}", it.file, it.message));
        assert_eq!(Vec::from_iter(told), expected);
    }
    std::fs::remove_dir_all(&directory).expect("a directory");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let read = |json: Value| sources::read_text("it.json", &json.to_string()).expect("JSON");
    let (document, schema) = (read(pets(&json!([]))), read(json!({"type": "string"})));
    let error = diff(&document, &schema, Role::Both).expect_err("unlike");
    assert!(
        error
            .to_string()
            .contains("is a bare JSON Schema, but it.json is a document of operations"),
        "{error}"
    );
    let broken = read(json!({"type": "sting"}));
    let error = diff(&broken, &broken, Role::Both).expect_err("two diagnostics");
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

/// A document of OpenAPI 3.0 whose requests and replies are the same schema.
fn user(properties: &Value, required: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/U"}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/t": {"post": {
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "ok", "content": content}},
        }}},
        "components": {"schemas": {
            "U": {"type": "object", "required": required, "properties": properties},
        }},
    })
}

#[test]
fn fields_of_one_direction_change_that_direction_alone() {
    let name = json!({"name": {"type": "string"}});
    let with = |marks: Value| {
        let id = json!({"name": {"type": "string"}, "id": marks});
        user(&id, &json!(["name", "id"]))
    };
    let old = user(&name, &json!(["name"]));
    let cases = [
        (
            with(json!({"type": "integer", "readOnly": true})),
            Effect::Additive,
            Effect::Additive,
        ),
        (
            with(json!({"type": "integer", "writeOnly": true})),
            Effect::Breaking,
            Effect::Additive,
        ),
        (
            with(json!({"type": "integer"})),
            Effect::Breaking,
            Effect::Additive,
        ),
    ];
    for (new, request, reply) in cases {
        let diff = diff(
            &apifox_document::Document::from_json("old.json", old.clone()),
            &apifox_document::Document::from_json("new.json", new.clone()),
            Role::Both,
        );
        let changes = diff.expect("documents").changes;
        let worst = |effect: fn(&apifox_review::Change) -> Effect| {
            changes.iter().map(effect).max().unwrap_or(Effect::Neutral)
        };
        assert_eq!(
            (worst(|it| it.request), worst(|it| it.reply)),
            (request, reply),
            "{new}"
        );
        for change in &changes {
            let places = [&change.old, &change.new].into_iter().flatten();
            assert!(
                places.into_iter().all(|place| !place.contains("x-request")),
                "{change:?}"
            );
        }
    }
}

#[test]
fn a_mapping_that_grows_breaks_nobody() {
    let kinds = |kinds: &[&str], first: &str| {
        let schema = |kind: &&str| format!("#/components/schemas/{}", kind.to_uppercase());
        let alternatives = kinds.iter().map(|kind| json!({"$ref": schema(kind)}));
        let mapping = kinds
            .iter()
            .map(|kind| ((*kind).to_owned(), json!(schema(kind))));
        let mut mapping: serde_json::Map<String, Value> = mapping.collect();
        mapping.insert("a".into(), json!(first));
        let pet = json!({"oneOf": alternatives.collect::<Vec<_>>(),
            "discriminator": {"propertyName": "kind", "mapping": mapping}});
        let one = |kind: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
        let content = json!({"200": {"description": "ok"}});
        pets(&json!([
            ["/components/schemas/Pet", pet],
            ["/components/schemas/A", one("a")],
            ["/components/schemas/B", one("b")],
            ["/components/schemas/C", one("c")],
            [format!("{POST}/responses"), content],
        ]))
    };
    let (a, b) = ("#/components/schemas/A", "#/components/schemas/B");
    let grown = compared(
        &kinds(&["a", "b"], a),
        &kinds(&["a", "b", "c"], a),
        Role::Both,
    );
    assert_eq!(grown.verdict(), Verdict::Minor, "{:#?}", grown.changes);
    let other = compared(&kinds(&["a", "b"], a), &kinds(&["a", "b"], b), Role::Both);
    assert_eq!(other.verdict(), Verdict::Major, "{:#?}", other.changes);
    let less = compared(
        &kinds(&["a", "b", "c"], a),
        &kinds(&["a", "b"], a),
        Role::Both,
    );
    assert_eq!(less.verdict(), Verdict::Major, "{:#?}", less.changes);
}
