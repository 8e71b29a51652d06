//! Whatever is read, nothing panics, and what is said of it is located.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// What schemas and documents are keyed by, and what is neither.
const KEYS: &[&str] = &[
    "type",
    "properties",
    "items",
    "required",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "$ref",
    "$defs",
    "$id",
    "$anchor",
    "$schema",
    "$dynamicRef",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "pattern",
    "additionalProperties",
    "prefixItems",
    "contains",
    "unevaluatedProperties",
    "x-area",
    "x-aspect-ratio",
    "x-apifox-enum",
    "x-apifox-orders",
    "x-empty-means-absent",
    "x-truncated-length",
    "path",
    "method",
    "requestBody",
    "responses",
    "jsonSchema",
    "code",
    "a",
    "类",
    "",
];

const TEXTS: &[&str] = &[
    "object",
    "array",
    "string",
    "integer",
    "number",
    "null",
    "#",
    "#/$defs/a",
    "#a",
    "^a$",
    "(",
    "1:8",
    "POST",
    "/v1",
    "http://json-schema.org/draft-07/schema#",
    "a",
    "",
];

/// Any JSON that is keyed by what schemas and documents are keyed by.
fn json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(KEYS);
    let texts = prop::sample::select(TEXTS);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-2_i64..4).prop_map(Value::from),
        texts.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..6).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// The text of a page: its parts in any order, some of them broken.
fn page() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        prop::sample::select(vec![
            "POST /v1/x",
            "概览",
            "说明",
            "参数",
            "请求体",
            "响应",
            "响应示例",
            "| Type | http |",
            "Typehttp",
            "{ \"a\": 1 }",
            "[]",
            "{",
            "\"",
            "",
            "图",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_generated_or_refused(json in json()) {
        match apifox_build::rust("x.json", json, "Root") {
            Ok(code) => prop_assert!(code.text.contains("Root") || code.text.contains("Request")),
            Err(problems) => {
                prop_assert!(!problems.0.is_empty());
                for problem in problems.0 {
                    prop_assert_eq!(problem.file, "x.json");
                    prop_assert!(!problem.message.contains("typify"), "{}", problem.message);
                    prop_assert!(!problem.help.is_empty());
                }
            }
        }
    }

    #[test]
    fn any_page_is_read_or_refused(text in page()) {
        match apifox_document::text::page::read("p", &text) {
            Ok(endpoint) => {
                let json: Value = serde_json::from_str(&endpoint.json).expect("JSON");
                // A page whose body is lost is a project without operations.
                if endpoint.lost.is_none() {
                    prop_assert_eq!(&json["name"], &json!(endpoint.name));
                }
            }
            Err(error) => {
                let lines = text.lines().count().max(1);
                prop_assert!((1..=lines).contains(&error.line), "{}", error);
            }
        }
    }
}
