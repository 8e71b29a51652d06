//! Components that operations share: what differs in them is told of the operations that use
//! them, and of the components alone only where nothing else tells it.

use apifox_review::Role;
use serde_json::{Value, json};

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
