//! Schemas that refer to each other in circles.

use std::collections::BTreeMap;

use apifox_review::{Diff, Effect, Role, Verdict};
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use serde_json::{Value, json};

use crate::compared;

/// A document whose schemas, by number, refer to these others, and have these members of their
/// own; each operation sends and returns one of them.
fn document(references: &[Vec<usize>], own: &[Value], operations: &[usize]) -> Value {
    let schema = |(from, targets): (usize, &Vec<usize>)| {
        let mut properties = own[from].clone();
        for (at, target) in targets.iter().enumerate() {
            let reference = json!({"$ref": format!("#/components/schemas/S{target}")});
            properties[format!("to{at}")] = match at % 3 {
                0 => reference,
                1 => json!({"type": "array", "items": reference}),
                _ => json!({"anyOf": [reference, {"type": "null"}]}),
            };
        }
        (
            format!("S{from}"),
            json!({"type": "object", "properties": properties}),
        )
    };
    let schemas: BTreeMap<String, Value> = references.iter().enumerate().map(schema).collect();
    let operation = |number: &usize| {
        let body = json!({"application/json": {
            "schema": {"$ref": format!("#/components/schemas/S{number}")},
        }});
        let operation = json!({"post": {
            "requestBody": {"required": true, "content": body},
            "responses": {"200": {"description": "it", "content": body}},
        }});
        (format!("/s{number}"), operation)
    };
    let paths: BTreeMap<String, Value> = operations.iter().map(operation).collect();
    json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}})
}

/// The members of a schema of its own, by what changed in them.
fn members(change: usize) -> Value {
    match change {
        1 => json!({"own": {"type": "string", "maxLength": 3}, "same": {}}),
        2 => json!({"own": {"type": "string"}, "same": {}, "new": {"type": "string"}}),
        3 => json!({"own": {"type": "integer"}, "same": {}}),
        _ => json!({"own": {"type": "string"}, "same": {}}),
    }
}

/// The effect of all changes of an operation.
fn effects(diff: &Diff) -> BTreeMap<String, Effect> {
    let mut effects = BTreeMap::new();
    for change in &diff.changes {
        let operation = change.operation.clone().unwrap_or_default();
        let effect = effects.entry(operation).or_insert(change.effect());
        *effect = (*effect).max(change.effect());
    }
    effects
}

/// All of these refer to all others: there are more paths than could ever be gone.
#[test]
fn what_refers_to_everything_is_compared_in_bounded_time() {
    const COUNT: usize = 12;
    let all: Vec<Vec<usize>> = (0..COUNT)
        .map(|from| (0..COUNT).filter(|to| *to != from).collect())
        .collect();
    let operations: Vec<usize> = (0..COUNT).collect();
    let of = |change: usize| -> Vec<Value> {
        (0..COUNT)
            .map(|at| members(change * usize::from(at % 3 == 0)))
            .collect()
    };
    let old = document(&all, &of(0), &operations);
    let new = document(&all, &of(3), &operations);
    let diff = compared(&old, &new, Role::Both);
    assert_eq!(diff.verdict(), Verdict::Major);
    let effects = effects(&diff);
    assert_eq!(effects.len(), COUNT);
    assert!(effects.values().all(|effect| *effect == Effect::Breaking));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    /// What was compared for another operation before makes no difference.
    #[test]
    fn an_operation_is_judged_as_if_it_were_alone(
        targets in prop::collection::vec(prop::collection::vec(any::<usize>(), 1..4), 2..7),
        changes in prop::collection::vec(0..4_usize, 7),
    ) {
        let count = targets.len();
        let references: Vec<Vec<usize>> = targets
            .iter()
            .map(|targets| targets.iter().map(|target| target % count).collect())
            .collect();
        let all: Vec<usize> = (0..count).collect();
        let old: Vec<Value> = all.iter().map(|_| members(0)).collect();
        let new: Vec<Value> = all.iter().map(|at| members(changes[*at])).collect();
        let both = |operations: &[usize]| {
            let (old, new) = (
                document(&references, &old, operations),
                document(&references, &new, operations),
            );
            effects(&compared(&old, &new, Role::Both))
        };
        let together = both(&all);
        for at in all {
            let name = format!("POST /s{at}");
            let alone = both(&[at]).get(&name).copied();
            assert_eq!(together.get(&name).copied(), alone, "{name}: {references:?} {changes:?}");
        }
    }
}
