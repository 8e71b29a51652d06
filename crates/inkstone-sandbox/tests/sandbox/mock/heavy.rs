//! Schemas that refer to one another in so many ways that judging a value by them would not end.

use std::time::{Duration, Instant};

use apifox_document::sources;
use inkstone_sandbox::{Sandbox, draw};
use serde_json::{Map, Value, json};

use super::ask;
use crate::support::http::send;

/// How many schemas there are, each of which holds the next one.
const LEVELS: usize = 40;

/// What judging takes at most, however slow the machine is.
const LONG: Duration = Duration::from_secs(10);

/// What holds the next schema.
type Way = fn(Value) -> Value;

const WAYS: [(&str, Way); 5] = [
    ("allOf", |next| json!({"allOf": [next, next]})),
    ("anyOf", |next| json!({"anyOf": [next, next]})),
    ("oneOf", |next| json!({"oneOf": [next, {"allOf": [next]}]})),
    (
        "beside",
        |next| json!({"$ref": next["$ref"], "allOf": [next]}),
    ),
    ("not", |next| json!({"not": next, "if": next, "then": true})),
];

fn document(holds: Way) -> Value {
    let schema = |at: usize| json!({"$ref": format!("#/components/schemas/M{at}")});
    let schemas = (0..LEVELS).map(|at| (format!("M{at}"), holds(schema(at + 1))));
    let mut schemas: Map<String, Value> = schemas.collect();
    schemas.insert(format!("M{LEVELS}"), json!({"type": "string"}));
    let body = json!({"application/json": {"schema": schema(0)}});
    let few = json!({"application/json": {"schema": schema(LEVELS - 3)}});
    let replies = |content: &Value| json!({"200": {"description": "", "content": content}});
    let form = json!({"application/x-www-form-urlencoded": {"schema": {
        "type": "object", "properties": {"a": schema(0)}}}});
    let query = json!([{"name": "q", "in": "query", "schema": schema(0)}]);
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
        "/sent": {"post": {"requestBody": {"content": body}, "responses": {"204": {"description": ""}}}},
        "/form": {"post": {"requestBody": {"content": form}, "responses": {"204": {"description": ""}}}},
        "/asked": {"get": {"parameters": query, "responses": {"204": {"description": ""}}}},
        "/drawn": {"get": {"responses": replies(&body)}},
        "/few": {"get": {"responses": replies(&few)}},
    }, "components": {"schemas": schemas}})
}

#[tokio::test]
async fn what_doubles_with_each_schema_is_not_judged_and_said() {
    let start = Instant::now();
    for (name, holds) in WAYS {
        let document = sources::read_text("a.json", &document(holds).to_string()).unwrap();
        let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
        let unjudged = "is not judged: its schemas refer to one another in so many ways that they \
                        would be asked more than a million times";
        let sent = ask(&sandbox, "POST", "/sent", &json!(5)).await;
        let place = "a.json#/paths/~1sent/post/requestBody/content/application~1json/schema";
        assert_eq!(sent.status, 500, "{name}: {sent:?}");
        let message = format!("{place}: the body {unjudged}");
        assert_eq!(sent.json()["detail"], message, "{name}");
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let filled = send(&sandbox, "POST", "/form", &kind, "a=b").await;
        let place = "a.json#/paths/~1form/post/requestBody/content/\
                     application~1x-www-form-urlencoded/schema/properties/a";
        assert_eq!(filled.status, 500, "{name}: {filled:?}");
        assert_eq!(filled.json()["detail"], format!("{place}: a {unjudged}"));
        let asked = ask(&sandbox, "GET", "/asked?q=a", &Value::Null).await;
        assert_eq!(asked.status, 500, "{name}: {asked:?}");
        let message = format!("a.json#/paths/~1asked/get/parameters/0/schema: q {unjudged}");
        assert_eq!(asked.json()["detail"], message, "{name}");
        let drawn = ask(&sandbox, "GET", "/drawn", &Value::Null).await;
        assert_eq!(drawn.status, 500, "{name}: {drawn:?}");
        let place = "a.json#/paths/~1drawn/get/responses/200/content/application~1json/schema";
        let message =
            format!("{place}: what was drawn {unjudged}; X-Sandbox-Example asks for an example");
        assert_eq!(drawn.json()["detail"], message, "{name}");
    }
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_few_ways_are_judged() {
    let document = document(|next| json!({"allOf": [next, next]}));
    let document = sources::read_text("a.json", &document.to_string()).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let few = ask(&sandbox, "GET", "/few", &Value::Null).await;
    assert!(few.status == 200 && few.json().is_string(), "{few:?}");
}

#[test]
fn what_doubles_with_each_level_of_a_value_is_not_drawn() {
    // Each level is required, so that the value is as deep as can be, and asked in two ways.
    let node = |at: usize| {
        let next = json!({"$ref": format!("#/$defs/{}", at + 1)});
        let way = json!({"required": ["a"], "properties": {"a": next}});
        (at.to_string(), json!({"allOf": [way, way]}))
    };
    let mut schemas: Map<String, Value> = (0..23).map(node).collect();
    schemas.insert("23".to_owned(), json!({"type": "string"}));
    let schema = json!({"$ref": "#/$defs/0", "$defs": schemas});
    let expected = "the value is not judged: its schemas refer to one another in so many ways that \
                    they would be asked more than a million times";
    assert_eq!(draw(&schema, 1), Err(expected.to_owned()));
}
