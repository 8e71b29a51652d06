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
    document_of(LEVELS, holds)
}

fn document_of(levels: usize, holds: Way) -> Value {
    let schema = |at: usize| json!({"$ref": format!("#/components/schemas/M{at}")});
    let schemas = (0..levels).map(|at| (format!("M{at}"), holds(schema(at + 1))));
    let mut schemas: Map<String, Value> = schemas.collect();
    schemas.insert(format!("M{levels}"), json!({"type": "string"}));
    let body = json!({"application/json": {"schema": schema(0)}});
    let few = json!({"application/json": {"schema": schema(levels - 3)}});
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
        let unjudged = "is not judged: its schemas refer to one another in more than a million \
                        ways, or lead through thousands of others";
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
fn what_doubles_with_each_schema_is_not_drawn() {
    let node = |at: usize| {
        let next = json!({"$ref": format!("#/$defs/{}", at + 1)});
        (at.to_string(), json!({"allOf": [next, next]}))
    };
    let mut schemas: Map<String, Value> = (0..40).map(node).collect();
    schemas.insert("40".to_owned(), json!({"type": "string"}));
    let schema = json!({"$ref": "#/$defs/0", "$defs": schemas});
    let expected = "the value is not judged: its schemas refer to one another in more than a \
                    million ways, or lead through thousands of others";
    assert_eq!(draw(&schema, 1), Err(expected.to_owned()));
}

/// Nor does a long way take more of the stack than there is.
#[tokio::test]
async fn a_long_way_is_judged() {
    let document = document_of(990, |next| json!({"allOf": [next]}));
    let document = sources::read_text("a.json", &document.to_string()).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let sent = ask(&sandbox, "POST", "/sent", &"a".into()).await;
    assert_eq!(sent.status, 204, "{sent:?}");
    let wrong = ask(&sandbox, "POST", "/sent", &json!(5)).await;
    assert_eq!(wrong.status, 400, "{wrong:?}");
}

/// A tree is as deep as its schema lets it be, and is asked about once at each place.
#[tokio::test]
async fn a_deep_tree_is_judged() {
    let schema = json!({"$ref": "#/components/schemas/Node"});
    let node = json!({"type": "object", "unevaluatedProperties": false, "properties": {
        "name": {"type": "string"}, "children": {"type": "array", "items": schema}}});
    let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
        "/trees": {"post": {"requestBody": body, "responses": {"204": {"description": ""}}}},
    }, "components": {"schemas": {"Node": node}}});
    let document = sources::read_text("a.json", &document.to_string()).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let tree = |name: Value| {
        (0..30).fold(
            json!({"name": name}),
            |inner, _| json!({"name": "n", "children": [inner]}),
        )
    };
    let start = Instant::now();
    let sent = ask(&sandbox, "POST", "/trees", &tree("leaf".into())).await;
    assert_eq!(sent.status, 204, "{sent:?}");
    let wrong = ask(&sandbox, "POST", "/trees", &tree(7.into())).await;
    assert_eq!(wrong.status, 400, "{wrong:?}");
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}
