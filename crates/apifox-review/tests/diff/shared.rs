//! What is told of models that several operations share, and of properties that moved.

use apifox_review::{Change, Role};
use serde_json::{Value, json};

use crate::compared;

/// A document whose `GET /a` answers with the model `M`, and whose `POST /b` takes it.
fn models(models: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/M"}}});
    let no_body = json!({"200": {"description": "ok"}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/a": {"get": {"responses": {"200": {"description": "ok", "content": content}}}},
            "/b": {"post": {"requestBody": {"content": content}, "responses": no_body}},
        },
        "components": {"schemas": models},
    })
}

/// What is told of both operations.
fn told(old: &Value, new: &Value) -> Vec<String> {
    let found = compared(&models(old), &models(new), Role::Both);
    let text = |change: &Change| {
        let operation = change.operation.as_deref().unwrap_or("-");
        let (path, effect) = (&change.path, change.effect().name());
        format!("{operation} {path}: {} ({effect})", change.message)
    };
    found.changes.iter().map(text).collect()
}

/// The same text for both operations.
fn both(text: &str) -> Vec<String> {
    vec![format!("GET /a {text}"), format!("POST /b {text}")]
}

#[test]
fn a_default_of_a_shared_model_is_told_wherever_it_is_used() {
    let object = |n: &Value| json!({"type": "object", "properties": {"n": n}});
    let number = |default: i32| json!({"type": "integer", "default": default});
    let plain = |default: i32| object(&number(default));
    let base = json!({"$ref": "#/components/schemas/B"});
    // Where the model stands, and behind references and in parts of it.
    let cases: Vec<[Value; 2]> = vec![
        [1, 2].map(|default| json!({"M": plain(default)})),
        [1, 2].map(|default| json!({"M": base, "B": plain(default)})),
        [1, 2].map(
            |default| json!({"M": {"allOf": [base, {"type": "object"}]}, "B": plain(default)}),
        ),
        [1, 2].map(
            |default| json!({"M": {"anyOf": [base, {"type": "string"}]}, "B": plain(default)}),
        ),
        // Where it moved meanwhile.
        [
            json!({"M": plain(1)}),
            json!({"M": object(&json!({"$ref": "#/components/schemas/N"})), "N": number(2)}),
        ],
        [
            json!({"M": plain(1)}),
            json!({"M": {"type": "object", "allOf": [{"properties": {"n": number(2)}}]}}),
        ],
        [
            json!({"M": {"allOf": [base, {"type": "object"}]}, "B": plain(1)}),
            json!({"M": plain(2)}),
        ],
        [
            json!({"M": {"allOf": [base]}, "B": plain(1)}),
            json!({"M": base, "B": plain(2)}),
        ],
    ];
    for [old, new] in cases {
        let expected = both("/n: default 1 → 2 (neutral)");
        assert_eq!(told(&old, &new), expected, "{old} {new}");
    }
}

#[test]
fn a_model_within_itself_is_told_of_once_for_each_operation() {
    let node = |default: i32| {
        json!({"M": {"type": "object", "properties": {
            "n": {"type": "integer", "default": default},
            "next": {"$ref": "#/components/schemas/M"},
        }}})
    };
    let expected = both("/n: default 1 → 2 (neutral)");
    assert_eq!(told(&node(1), &node(2)), expected);
}

#[test]
fn a_property_that_is_still_there_is_not_told_to_be_gone() {
    let number = json!({"type": "integer"});
    let old = json!({"type": "object", "properties": {"a": {"type": "string"}, "n": number}});
    let rest = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let with = |keyword: &str, value: Value| {
        let mut schema = rest.clone();
        schema[keyword] = value;
        schema
    };
    let own = json!({"properties": {"n": number}});
    let same = both(": is written differently, and accepts the same values (neutral)");
    let (n, m) = (json!({"n": number}), json!({"m": number}));
    let partly =
        "/n: is no longer a property of all alternatives; in others it may hold anything now";
    let cases = [
        (with("allOf", json!([own])), same.clone()),
        (
            json!({"allOf": [rest, {"$ref": "#/components/schemas/N"}]}),
            same,
        ),
        (
            with("anyOf", json!([{"properties": n}, {"properties": m}])),
            vec![
                format!("GET /a {partly} (breaking)"),
                format!("POST /b {partly} (additive)"),
            ],
        ),
        (
            with("additionalProperties", json!(true)),
            vec![
                "GET /a /n: is no longer a property; it may hold anything now (breaking)"
                    .to_owned(),
                "POST /b /n: is no longer a property; it may hold anything now (additive)"
                    .to_owned(),
            ],
        ),
        (
            with("additionalProperties", number.clone()),
            vec![
                "GET /a /*: type any → integer: accepts less (additive)".to_owned(),
                "POST /b /*: type any → integer: accepts less (breaking)".to_owned(),
            ],
        ),
    ];
    for (new, expected) in cases {
        let found = told(&json!({"M": old, "N": own}), &json!({"M": new, "N": own}));
        assert_eq!(found, expected, "{new}");
    }
}

#[test]
fn a_property_that_alternatives_require_is_not_new() {
    let number = json!({"type": "integer"});
    let old = json!({"type": "object", "properties": {"n": number}});
    let one = |name: &str| json!({"required": [name], "properties": {name: number}});
    let new = json!({"type": "object", "oneOf": [one("n"), one("m")]});
    let found = told(&json!({"M": old}), &json!({"M": new}));
    assert!(
        !found.join("\n").contains("is a new property, and required"),
        "{found:#?}"
    );
}

#[test]
fn a_property_of_one_alternative_may_come_to_another() {
    let one = |kind: &str, has_name: bool| {
        let mut schema = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [kind]}}});
        if has_name {
            schema["properties"]["name"] = json!({"type": "string"});
        }
        schema
    };
    let pets = |dog: bool| json!({"M": {"oneOf": [one("cat", true), one("dog", dog)]}});
    let more = "/name: is a property of more alternatives; so far it could hold anything in them (additive)";
    assert_eq!(told(&pets(false), &pets(true)), both(more));
    let less =
        "/name: is no longer a property of all alternatives; in others it may hold anything now";
    let expected = [
        format!("GET /a {less} (breaking)"),
        format!("POST /b {less} (additive)"),
    ];
    assert_eq!(told(&pets(true), &pets(false)), expected);
}

/// Of two properties with one model, the first of the document is told.
#[test]
fn annotations_are_told_in_the_order_of_the_document() {
    let models = |description: &str| {
        let told = json!({"type": "string", "description": description});
        let model = json!({"$ref": "#/components/schemas/N"});
        json!({
            "M": {"type": "object", "properties": {
                "zeta": model, "alpha": model, "mid": told, "beta": told,
            }},
            "N": told,
        })
    };
    let expected = ["/mid", "/beta", "/zeta"];
    let operations = ["GET /a", "POST /b"];
    let expected: Vec<String> = operations
        .iter()
        .flat_map(|operation| {
            expected.map(|path| format!("{operation} {path}: description changed (neutral)"))
        })
        .collect();
    assert_eq!(told(&models("before"), &models("after")), expected);
}
