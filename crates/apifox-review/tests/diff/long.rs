//! Chains of references and lists of alternatives that are as long as a document likes.

use apifox_document::sources;
use apifox_review::{Effect, Role};
use serde_json::{Value, json};

use crate::compared;

/// Schemas of which each is a reference to the next one.
fn chain(length: usize, last: &Value) -> Value {
    let place = |number: usize| format!("#/components/schemas/S{number}");
    let mut schemas: serde_json::Map<String, Value> = (0..length)
        .map(|number| (format!("S{number}"), json!({"$ref": place(number + 1)})))
        .collect();
    schemas.insert(format!("S{length}"), last.clone());
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "a", "content": {
            "application/json": {"schema": {"$ref": place(0)}},
        }}}}}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn chains_of_references_four_times_as_long_take_about_four_times_as_long() {
    let pair = |length| {
        let text = json!({"type": "string"});
        let short = json!({"type": "string", "maxLength": 3});
        (chain(length, &text), chain(length, &short))
    };
    test_data::time::grows_with_its_input(500, pair, |(old, new)| {
        let found = compared(old, new, Role::Both);
        let told: Vec<&str> = found
            .changes
            .iter()
            .map(|change| change.message.as_str())
            .collect();
        assert_eq!(told, ["maxLength 3 is new: accepts less"]);
        let document = sources::read_text("chain.json", &new.to_string()).unwrap();
        assert!(apifox_review::lint(&document).unwrap().is_empty());
    });
}

#[test]
fn alternatives_of_one_value_each_are_compared_as_a_list_of_them_is() {
    fn listed(count: usize, keyword: &str, without: usize) -> Value {
        let all = (0..count).filter(|number| *number != without);
        let all: Vec<Value> = all
            .map(
                |number| json!({"title": format!("the {number}th"), "const": format!("v{number}")}),
            )
            .collect();
        json!({"type": "string", keyword: all})
    }
    let told = |old: &Value, new: &Value| -> Vec<String> {
        let found = compared(old, new, Role::Both);
        let restricts = found
            .changes
            .iter()
            .filter(|change| change.effect() != Effect::Neutral);
        restricts.map(|change| change.message.clone()).collect()
    };
    let both = ["no longer accepts \"v3\"; accepts \"v7\" as well"];
    let each = ["no longer accepts \"v3\"", "accepts \"v7\" as well"];
    for keyword in ["oneOf", "anyOf"] {
        assert_eq!(told(&listed(7, keyword, 7), &listed(8, keyword, 3)), both);
        let plain: Vec<String> = (0..7).map(|number| format!("v{number}")).collect();
        let plain = json!({"enum": plain});
        assert_eq!(told(&plain, &listed(8, keyword, 3)), each);
        assert!(told(&plain, &listed(7, keyword, 7)).is_empty());
    }
    // What several alternatives accept is refused by `oneOf`; 1.0 is 1.
    let twice =
        |keyword: &str| json!({keyword: [{"enum": [1, 2]}, {"const": 2}, {"type": "null"}]});
    let lost = ["no longer accepts 2"];
    assert_eq!(told(&twice("anyOf"), &twice("oneOf")), lost);
    assert!(told(&json!({"enum": [1.0, null]}), &twice("oneOf")).is_empty());
    let pair = |count| (listed(count, "oneOf", count), listed(count + 1, "oneOf", 3));
    test_data::time::grows_with_its_input(1000, pair, |(old, new)| {
        assert_eq!(told(old, new).len(), 1);
    });
}

/// Each model has one value, and an alternative refers to each model.
#[test]
fn references_to_models_of_one_value_each_are_compared_as_a_list_of_them_is() {
    fn referred(count: usize, keyword: &str, without: usize) -> Value {
        let all = (0..count).filter(|number| *number != without);
        let models: serde_json::Map<String, Value> = all
            .map(|number| (format!("M{number}"), json!({"const": format!("v{number}")})))
            .collect();
        let refer = |name: &String| json!({"$ref": format!("#/$defs/{name}")});
        let all: Vec<Value> = models.keys().map(refer).collect();
        json!({keyword: all, "$defs": models})
    }
    let told = |old: &Value, new: &Value| -> Vec<String> {
        let changes = compared(old, new, Role::Both).changes;
        changes.into_iter().map(|change| change.message).collect()
    };
    let pair = |count| {
        (
            referred(count, "oneOf", count),
            referred(count + 1, "oneOf", 3),
        )
    };
    let (old, new) = pair(300);
    let both = ["no longer accepts \"v3\"; accepts \"v300\" as well"];
    assert_eq!(told(&old, &new), both);
    test_data::time::grows_with_its_input(250, pair, |(old, new)| {
        assert_eq!(told(old, new).len(), 1);
    });
}

#[test]
fn lists_of_values_that_apply_together_four_times_as_long_take_about_four_times_as_long() {
    let pair = |count: usize| {
        let values: Vec<String> = (0..count).map(|number| format!("v{number}")).collect();
        let both = |longest: usize| {
            let parts = [json!({"enum": values[..longest]}), json!({"enum": values})];
            json!({"allOf": parts, "type": "string"})
        };
        (both(count), both(count - 1))
    };
    test_data::time::grows_with_its_input(2000, pair, |(old, new)| {
        let changes = compared(old, new, Role::Both).changes;
        let told: Vec<&str> = changes.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
    });
}
