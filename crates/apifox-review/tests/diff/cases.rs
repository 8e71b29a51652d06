//! Schemas and what became of them: the verdict for requests and for replies.

use apifox_review::{Change, Effect, Role};
use serde_json::Value;

use crate::compared;

/// The worst effect and every message, as `path: message`.
fn judged(changes: &[Change], effect: fn(&Change) -> Effect) -> (Effect, Vec<String>) {
    let worst = changes.iter().map(effect).max();
    let text = |it: &Change| format!("{}: {}", it.path, it.message);
    (
        worst.unwrap_or(Effect::Neutral),
        changes.iter().map(text).collect(),
    )
}

#[test]
fn each_case_has_the_verdict_that_is_written_beside_it() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).expect("JSON");
    assert!(cases.len() > 60);
    let mut wrong = Vec::new();
    for case in &cases {
        let changes = compared(&case["old"], &case["new"], Role::Both).changes;
        let request = judged(&changes, |it| it.request);
        let reply = judged(&changes, |it| it.reply);
        let expected = (&case["request"], &case["reply"]);
        let mut is_right = *expected.0 == request.0.name() && *expected.1 == reply.0.name();
        if let Some(told) = case.get("told").and_then(Value::as_array) {
            let told: Vec<&str> = told.iter().filter_map(Value::as_str).collect();
            is_right &= told == request.1;
        }
        if !is_right {
            wrong.push(format!(
                "{case}\n  found {}, {}: {:#?}",
                request.0, reply.0, request.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
