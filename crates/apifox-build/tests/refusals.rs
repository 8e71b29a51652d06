//! What is refused, and how it is said.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use serde_json::{Value, json};

fn refusal(schema: Value) -> String {
    match apifox_build::rust("s.json", schema, "Root") {
        Ok(_) => panic!("is generated"),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn every_problem_is_told_at_once_with_place_and_remedy() {
    let schema = json!({
        "type": "objekt",
        "properties": {
            "a": {"minimun": 1},
            "b/c": {"items": [true]},
            "d": {"pattern": "("},
            "e": 5,
            "f": {"minLength": -1, "$recursiveRef": "#"},
        },
    });
    let expected = "\
7 problems in the documents:
  s.json#/properties/a: minimun: is not a keyword of JSON Schema
      if it is an extension, its name has to start with x-; if it is a slip, correct it
  s.json#/properties/b~1c: items: [true] is not a schema; an array of them is prefixItems in draft 2020-12
      write a schema; an array of them is prefixItems in draft 2020-12
  s.json#/properties/d: pattern: \"(\" is not a regular expression of ECMA-262
      write a regular expression of ECMA-262
  s.json#/properties/e: 5 is not a schema
      write an object, true or false
  s.json#/properties/f: $recursiveRef: is a keyword of draft 2019-09
      express it by other keywords in a correction
  s.json#/properties/f: minLength: -1 is not a whole number from 0
      write a whole number from 0
  s.json: type: \"objekt\" is not the name of a JSON type
      write the name of a JSON type";
    let mut found: Vec<String> = refusal(schema)
        .split("\n  s.json")
        .map(str::to_owned)
        .collect();
    let mut expected: Vec<String> = expected.split("\n  s.json").map(str::to_owned).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_can_not_be_compiled_is_told() {
    let cases = [
        (
            json!({"$ref": "other.json"}),
            "$ref: other.json leads out of the document, or to no anchor in it",
        ),
        (
            json!({"items": {"$ref": "#/$defs/x"}}),
            "$ref: there is nothing at /$defs/x",
        ),
        (json!({"$ref": "#"}), "$ref: refers to itself without end"),
        (
            json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#"}]}}}),
            "$ref: refers to itself without end",
        ),
        (
            json!({"items": {"x-sum": {"of": "a"}}}),
            "s.json#/items: x-sum: is not like {\"of\": \"share\", \"equals\": \"100.00%\"}",
        ),
        (
            json!({"x-same-length": {"array": "a", "as": "/b"}}),
            "x-same-length: is not like {\"array\": \"/boxes\", \"as\": \"/parts\"",
        ),
        (
            json!({"x-side": {"minimum": "512"}}),
            "x-side: has a `minimum` that is not a number of pixels",
        ),
        (json!({"x-warning": 5}), "x-warning: 5 is not a string"),
        (
            json!({"$schema": "http://json-schema.org/draft-04/schema#"}),
            "is neither draft 7 nor draft 2020-12",
        ),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "prefixItems": [true]}),
            "prefixItems: is a keyword of draft 2020-12, and this is draft 7",
        ),
    ];
    for (schema, expected) in cases {
        let text = schema.to_string();
        let refusal = refusal(schema);
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
}

#[test]
fn a_media_type_with_nothing_behind_it_is_no_fault() {
    for media in ["application/json", "multipart/form-data", ""] {
        let text = format!(
            "openapi: 3.1.0\npaths:\n /a:\n  post:\n   requestBody:\n    content:\n     '{media}':\n"
        );
        let code = apifox_build::rust_text("x.yaml", &text, "Root").expect("generated");
        assert!(
            code.text.contains("struct Request"),
            "{media}: {}",
            code.text
        );
        assert!(code.warnings.is_empty(), "{media}: {:?}", code.warnings);
    }
}
