//! What generated code looks like: as one would write it by hand.

#![allow(clippy::expect_used, missing_docs)]

use serde_json::{Value, json};

fn code(document: &Value) -> String {
    let code = apifox_build::rust("d.json", document.clone(), "Root");
    code.expect("code").text
}

fn schema(schema: &Value) -> String {
    code(schema)
}

/// A document with an operation for each of these parameters, and these shared schemas.
fn api(parameters: &[Value], schemas: &Value) -> Value {
    let paths = parameters.iter().enumerate().map(|(at, parameter)| {
        let reply = json!({"$ref": "#/components/schemas/Reply"});
        let operation = json!({
            "operationId": format!("get {at}"),
            "parameters": [parameter],
            "responses": {"200": {
                "description": "", "content": {"application/json": {"schema": reply}},
            }},
        });
        (format!("/{at}"), json!({ "get": operation }))
    });
    let paths: serde_json::Map<String, Value> = paths.collect();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn count(code: &str, part: &str) -> usize {
    code.matches(part).count()
}

#[test]
fn what_may_be_null_has_no_type_of_its_own() {
    let cases = [
        (json!({"type": ["string", "null"]}), "rt::Nullable<String>"),
        (
            json!({"type": ["null", "integer"]}),
            "rt::Nullable<rt::Integer>",
        ),
        (
            json!({"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string"}}]}),
            "rt::Nullable<Vec<String>>",
        ),
        (
            json!({"oneOf": [{"type": "object", "properties": {"a": true}}, {"type": "null"}]}),
            "rt::Nullable<Field>",
        ),
        (json!({"enum": ["a", "b", null]}), "rt::Nullable<Field>"),
        (
            json!({"type": ["string", "integer", "null"]}),
            "rt::Nullable<Field>",
        ),
        (
            json!({"anyOf": [{"type": "string"}, {"const": "a"}, {"type": "null"}]}),
            "rt::Nullable<Field>",
        ),
    ];
    for (field, expected) in cases {
        let object = json!({"type": "object", "properties": {"field": field}});
        let code = schema(&object);
        let declared = format!("pub field: Option<{expected}>,");
        assert!(code.contains(&declared), "{object}\n{code}");
        assert!(!code.contains("Null,"), "{object}\n{code}");
    }
}

#[test]
fn alternatives_that_list_values_are_one_enum() {
    let cases = [
        (
            json!({"oneOf": [
                {"const": "a", "title": "The first"}, {"const": "b", "description": "The last."}
            ]}),
            &["/// The first", "/// The last.", "A,", "B,"][..],
        ),
        (
            json!({"anyOf": [{"enum": ["a", "b"]}, {"const": "b"}, {"const": 3}]}),
            &["A,", "B,", "_3,"],
        ),
        (
            json!({"enum": [1, 2], "x-enum-varnames": ["LOW", "VERY_HIGH"],
                "x-enum-descriptions": ["When there is time.", "At once."]}),
            &[
                "/// When there is time.",
                "Low,",
                "/// At once.",
                "VeryHigh,",
            ],
        ),
        (
            json!({"enum": ["a"], "x-ms-enum": {"name": "x", "values": [
                {"value": "a", "name": "first", "description": "The first."}
            ]}}),
            &["/// The first."],
        ),
    ];
    for (listed, expected) in cases {
        let code = schema(&listed);
        assert_eq!(count(&code, "pub enum "), 1, "{code}");
        for part in expected {
            assert!(code.contains(part), "{part}\n{code}");
        }
    }
}

#[test]
fn a_value_of_two_alternatives_of_one_of_is_no_variant() {
    let code = schema(&json!({"oneOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}));
    assert!(code.contains("A,") && code.contains("C,"), "{code}");
    assert!(!code.contains("B,"), "{code}");
}

#[test]
fn equal_schemas_share_a_type_across_operations() {
    let order = json!({"name": "order", "in": "query", "schema": {"enum": ["up", "down"]}});
    let mut required = order.clone();
    required["required"] = json!(true);
    let other = json!({"name": "order", "in": "query", "schema": {"enum": ["left", "right"]}});
    let reply = json!({"Reply": {"type": "object"}});
    let code = code(&api(&[order, required, other], &reply));
    assert_eq!(count(&code, "pub enum Order {"), 2, "{code}");
    assert_eq!(count(&code, "pub order: Option<super::Order>"), 1, "{code}");
    assert_eq!(count(&code, "pub order: super::Order"), 1, "{code}");
    assert_eq!(count(&code, "pub order: Option<Order>"), 1, "{code}");
}

#[test]
fn equal_parameters_share_a_type_that_each_operation_names() {
    let id = |of: &str| json!({"name": "id", "in": "query", "schema": {"type": of}});
    let code = code(&api(
        &[id("string"), id("string"), id("integer")],
        &json!({"Reply": true}),
    ));
    assert_eq!(count(&code, "pub struct IdQuery {"), 1, "{code}");
    assert_eq!(
        count(&code, "pub type Query = super::IdQuery;"),
        2,
        "{code}"
    );
    assert_eq!(count(&code, "pub struct Query {"), 1, "{code}");
}

#[test]
fn what_lies_in_a_union_that_overlaps_is_made_once() {
    let field = |next: &str| {
        let next = json!({"$ref": format!("#/components/schemas/{next}")});
        let either = json!({"anyOf": [next, {"type": "object"}]});
        json!({"type": "object", "properties": {"one": either, "same": next}})
    };
    let schemas = json!({
        "Reply": field("First"), "First": field("Second"), "Second": field("Reply"),
        "Unused": {"type": "object", "properties": {"a": {"type": "string"}}},
    });
    let none = json!({"name": "a", "in": "query", "schema": {"type": "string"}});
    let code = code(&api(&[none], &schemas));
    for name in ["Reply", "First", "Second"] {
        assert_eq!(count(&code, &format!("pub struct {name} {{")), 1, "{code}");
        assert_eq!(count(&code, &format!("pub struct {name}2")), 0, "{code}");
    }
    assert!(!code.contains("Unused {"), "{code}");
}

#[test]
fn guards_take_their_schema_from_the_document() {
    let guarded = json!({"type": "object", "dependentRequired": {"a": ["b"]}});
    let none = json!({"name": "a", "in": "query", "schema": {"type": "string"}});
    let code = code(&api(&[none], &json!({ "Reply": guarded })));
    let expected = r#"const SCHEMAS: rt::SchemaText = rt::SchemaText::within(DOCUMENT, "");"#;
    assert!(code.contains(expected), "{code}");
}

#[test]
fn setters_do_not_hide_what_is_called() {
    let names = ["clone", "serialize", "new", "into", "n"];
    let fields: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    let code = schema(&json!({"type": "object", "properties": fields}));
    let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in &names[..4] {
        let setter = format!("optional {name}: into String as with_{name},");
        assert!(code.contains(&setter), "{code}");
    }
    assert!(code.contains("optional n: into String,"), "{code}");
}
