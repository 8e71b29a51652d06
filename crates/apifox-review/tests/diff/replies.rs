//! Statuses that come and go: a reply that another one describes now is compared with that.

use apifox_review::{Effect, Role};
use serde_json::{Map, Value, json};

use crate::compared;

/// A document whose replies have these statuses and types of bodies, to an operation or to a
/// webhook.
fn document(place: &str, statuses: &Value) -> Value {
    let reply = |(status, kind): (&String, &Value)| {
        let media = json!({"application/json": {"schema": {"type": kind}}});
        (status.clone(), json!({"description": "", "content": media}))
    };
    let statuses = statuses.as_object().expect("an object").iter();
    let responses: Map<String, Value> = statuses.map(reply).collect();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        place: {"/pets": {"post": {"responses": responses}}},
    })
}

#[test]
fn a_status_is_compared_with_what_describes_it_now() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("tables/replies.json")).expect("JSON");
    assert!(cases.len() > 15);
    for case in &cases {
        let documents = |place: &str| {
            let [old, new] = ["old", "new"].map(|name| document(place, &case[name]));
            compared(&old, &new, Role::Both).changes
        };
        let told = documents("paths").into_iter();
        let told = told.map(|it| json!([it.part, it.message, it.effect().name()]));
        assert_eq!(Value::from_iter(told), case["told"], "{case}");
        // Callers send the replies to a webhook: what is told of it is judged the other way round.
        let sent = documents("webhooks").into_iter();
        let sent = sent.filter(|it| it.effect() != Effect::Neutral);
        let sent = sent.map(|it| json!([it.part, it.message, it.effect().name()]));
        assert_eq!(Value::from_iter(sent), case["sent"], "{case}");
    }
}
