//! Components that operations share: what differs in them is told of the operations that use
//! them, and of the components alone only where nothing else tells it.

use apifox_review::Role;
use serde_json::{Map, Value, json};

use crate::compared;
use crate::documents::patched;

#[test]
fn a_difference_of_a_component_is_told_once() {
    let table: Value = serde_json::from_str(include_str!("tables/components.json")).expect("JSON");
    let document = &table["document"];
    let cases = table["cases"].as_array().expect("cases");
    assert!(cases.len() > 15);
    for case in cases {
        let other = patched(document.clone(), &case["patch"]);
        let told = |old: &Value, new: &Value| {
            let changes = compared(old, new, Role::Both).changes.into_iter();
            let told = changes.map(|it| {
                let effect = it.effect().name();
                json!([it.operation, it.part, it.message, effect])
            });
            told.collect::<Value>()
        };
        assert_eq!(told(document, &other), case["forth"], "{case}");
        assert_eq!(told(&other, document), case["back"], "{case}");
    }
}

/// A document whose only operation takes a property `b` by this schema; `U` is used by none.
fn taking(version: &Value, used: &Value, unused: &Value) -> Value {
    let body = json!({"type": "object", "properties": {"b": used}});
    json!({
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": "ok"}},
        }}},
        "components": {"schemas": {"U": {"type": "object", "properties": {"c": unused}}}},
    })
}

/// What is read as it is meant is compared as that, and what is skipped counts as breaking where
/// it is used.
#[test]
fn what_is_read_as_it_is_meant_is_compared() {
    let table = include_str!("tables/readings.json");
    let rows: Vec<Map<String, Value>> = serde_json::from_str(table).expect("JSON");
    let told = |old: &Value, new: &Value| -> Value {
        let changes = compared(old, new, Role::Both).changes.into_iter();
        let told = changes.map(|it| json!([it.part, it.path, it.message, it.effect().name()]));
        told.collect()
    };
    let mut wrong = Vec::new();
    for row in rows {
        let (version, old, new) = (&row["version"], &row["old"], &row["new"]);
        let any = json!({});
        let sides = [taking(version, old, &any), taking(version, new, &any)];
        let found = [told(&sides[0], &sides[1]), told(&sides[1], &sides[0])];
        if found != [row["forth"].clone(), row["back"].clone()] {
            wrong.push(format!("{row:?}: {}", json!(found)));
        }
        let unused = [taking(version, &any, old), taking(version, &any, new)];
        let expected = json!([[
            "schema U",
            "",
            "U differs, and no operation uses it",
            "neutral"
        ]]);
        if told(&unused[0], &unused[1]) != expected {
            wrong.push(format!("{row:?}: {}", told(&unused[0], &unused[1])));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
