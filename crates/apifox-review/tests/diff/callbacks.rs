//! Callbacks: which of the new document's is which of the old one's.

use apifox_review::Role;
use serde_json::{Value, json};

use crate::compared;

/// A document whose one operation has these callbacks.
fn sold(path: &str, callbacks: &Value, components: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {path: {"post": {"callbacks": callbacks, "responses": {"200": {"description": "ok"}}}}},
        "components": {"callbacks": components},
    })
}

/// The same of one callback, which sends this kind of value to a URL.
fn labelled(label: &str, url: &str, kind: &str) -> Value {
    sold("/pets", &json!({label: {url: calls(kind)}}), &json!({}))
}

/// A path item that the API calls, which sends this kind of value.
fn calls(kind: &str) -> Value {
    let content = json!({"application/json": {"schema": {"type": kind}}});
    json!({"post": {"requestBody": {"content": content}, "responses": {"200": {"description": "ok"}}}})
}

/// What is told of the callbacks, each with its operation and effect.
fn told(old: &Value, new: &Value) -> Vec<String> {
    let found = compared(old, new, Role::Both);
    let text = |change: &apifox_review::Change| {
        let operation = change.operation.as_deref().unwrap_or("-");
        let (part, effect) = (&change.part, change.effect().name());
        format!("{operation} | {part} | {} | {effect}", change.message)
    };
    found.changes.iter().map(text).collect()
}

const URL: &str = "{$request.body#/url}";
const OTHER: &str = "{$request.body#/other}";

#[test]
fn the_label_of_a_callback_says_nothing_to_either_side() {
    let old = labelled("onSold", URL, "string");
    let renamed =
        "POST POST /pets sold {$request.body#/url} |  | the callback was called onSold | neutral";
    let new = labelled("sold", URL, "string");
    assert_eq!(told(&old, &new), [renamed]);
    // Where it refers to a component, and where the path's parameter has another name as well.
    let shared = json!({"Sold": {URL: calls("string")}});
    let refers = json!({"$ref": "#/components/callbacks/Sold"});
    let new = sold("/pets", &json!({"sold": refers}), &shared);
    assert_eq!(told(&old, &new), [renamed]);
    let old = sold(
        "/pets/{id}",
        &json!({"onSold": {URL: calls("string")}}),
        &json!({}),
    );
    let new = sold(
        "/pets/{pet}",
        &json!({"sold": {URL: calls("string")}}),
        &json!({}),
    );
    let told = told(&old, &new);
    assert!(
        told.contains(&renamed.replace("/pets", "/pets/{pet}"))
            && !told.join("\n").contains("breaking"),
        "{told:#?}"
    );
}

#[test]
fn what_a_renamed_callback_sends_is_compared() {
    let old = labelled("onSold", URL, "string");
    let new = labelled("sold", URL, "integer");
    assert_eq!(
        told(&old, &new),
        [
            "POST POST /pets sold {$request.body#/url} |  | the callback was called onSold | neutral",
            "POST POST /pets sold {$request.body#/url} | body | type string → integer: accepts other values | breaking",
        ]
    );
}

#[test]
fn another_expression_is_another_url() {
    let old = labelled("onSold", URL, "string");
    let new = labelled("onSold", OTHER, "string");
    assert_eq!(
        told(&old, &new),
        [
            "POST POST /pets onSold {$request.body#/other} |  | was POST POST /pets onSold {$request.body#/url} | breaking"
        ]
    );
    // Both are other URLs, so that nothing is recognised.
    let new = labelled("sold", OTHER, "string");
    assert_eq!(
        told(&old, &new),
        [
            "POST POST /pets onSold {$request.body#/url} |  | is gone | breaking",
            "POST POST /pets sold {$request.body#/other} |  | is a new operation | additive",
        ]
    );
}

#[test]
fn callbacks_whose_labels_are_swapped_are_told_apart_by_their_urls() {
    let old = json!({"a": {URL: calls("string")}, "b": {OTHER: calls("integer")}});
    let swapped = json!({"a": {OTHER: calls("integer")}, "b": {URL: calls("string")}});
    let together = json!({"a": {URL: calls("string"), OTHER: calls("integer")}});
    let (old, swapped) = (
        sold("/pets", &old, &json!({})),
        sold("/pets", &swapped, &json!({})),
    );
    assert_eq!(
        told(&old, &swapped),
        [
            "POST POST /pets b {$request.body#/url} |  | the callback was called a | neutral",
            "POST POST /pets a {$request.body#/other} |  | the callback was called b | neutral",
        ]
    );
    assert_eq!(
        told(&old, &sold("/pets", &together, &json!({}))),
        ["POST POST /pets a {$request.body#/other} |  | the callback was called b | neutral"]
    );
}

#[test]
fn two_callbacks_of_one_url_are_told_apart_by_their_labels() {
    let old = json!({"a": {URL: calls("string")}, "b": {URL: calls("integer")}});
    let new = json!({"b": {URL: calls("integer")}, "c": {URL: calls("string")}});
    assert_eq!(
        told(
            &sold("/pets", &old, &json!({})),
            &sold("/pets", &new, &json!({}))
        ),
        ["POST POST /pets c {$request.body#/url} |  | the callback was called a | neutral"]
    );
}

#[test]
fn what_is_not_supported_in_a_renamed_callback_is_told() {
    let with = |label: &str, hints: &str| {
        let mut calls = calls("string");
        calls["post"]["hints"] = json!(hints);
        sold("/pets", &json!({label: {URL: calls}}), &json!({}))
    };
    assert_eq!(
        told(&with("onSold", "a"), &with("sold", "b")),
        [
            "POST POST /pets sold {$request.body#/url} |  | the callback was called onSold | neutral",
            "POST /pets | callback sold, POST {$request.body#/url} | hints differs, and is not compared | breaking",
        ]
    );
}

/// A project whose one operation has this text of callbacks.
fn exported(callbacks: &str) -> Value {
    let operation = json!({"id": "3", "method": "post", "path": "/send", "callbacks": callbacks,
        "parameters": {}, "responses": []});
    json!({"apifoxProject": "1.0.0", "info": {"name": "p"},
        "apiCollection": [{"name": "root", "items": [{"name": "Send", "api": operation}]}]})
}

#[test]
fn what_differs_in_the_text_of_callbacks_is_told() {
    let with = |pattern: &str| {
        let schema = json!({"type": "string", "pattern": pattern});
        let mut calls = calls("string");
        calls["post"]["requestBody"]["content"]["application/json"]["schema"] = schema;
        json!({"done": {URL: calls}})
    };
    let old = with("/aa/i");
    assert_eq!(
        told(
            &exported(&old.to_string()),
            &exported(&with("/bb/i").to_string())
        ),
        [
            "POST /send | callback done, POST {$request.body#/url}, request body | pattern differs, and is not compared | breaking"
        ]
    );
    // Only the text is another one.
    let spaced = format!("{old:#}");
    assert_eq!(
        told(&exported(&old.to_string()), &exported(&spaced)),
        [] as [&str; 0]
    );
    assert_eq!(
        told(&exported("{"), &exported("[")),
        ["POST /send |  | callbacks differs, and is not compared | breaking"]
    );
    assert_eq!(told(&exported(""), &exported("{}")), [] as [&str; 0]);
    // What could be read of one of them is not all that is new.
    let unread = "POST /send |  | callbacks differs, and is not compared | breaking";
    let route = "POST POST /send done {$request.body#/url} |  |";
    let new = format!("{route} is a new operation | additive");
    let gone = format!("{route} is gone | breaking");
    let text = old.to_string();
    assert_eq!(told(&exported("{"), &exported(&text)), [&new, unread]);
    assert_eq!(told(&exported(&text), &exported("{")), [&gone, unread]);
}
