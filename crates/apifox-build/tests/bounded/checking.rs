//! Values of any size, and schemas of any size that they are checked against.

use apifox_runtime::{Checker, Draft};
use serde_json::{Value, json};

use crate::Row;
use crate::schemas::{
    alias, all_of, any_of, chain, field, first_of, graph, guarded, inner, item, nested, not,
};

/// Checks a value against a schema in both ways; a refusal of the schema is fine as well.
fn check(schema: &Value, value: &Value) {
    if let Ok(checker) = Checker::new(schema, "", Draft::Latest) {
        let is_accepted = checker.accepts(value);
        let violations = checker.violations(value);
        assert_eq!(is_accepted, violations.is_empty(), "{violations:?}");
        drop(checker.predicate());
    }
}

const fn row(name: &'static str, size: usize, run: fn(usize)) -> Row {
    Row { name, size, run }
}

/// A value nested as deeply as serde_json reads it.
fn deep(holds: fn(Value) -> Value) -> Value {
    (0..120).fold(json!("text"), |inner, _| holds(inner))
}

/// Schemas that each apply the next one twice, the last of which accepts text.
fn doubling(keyword: &str, levels: usize) -> Value {
    let model = |at| match at + 1 < levels {
        true => json!({keyword: [inner(at + 1), inner(at + 1)]}),
        false => json!({"type": "string", "minLength": 2}),
    };
    first_of((0..levels).map(model))
}

/// The same below a member each.
fn doubling_members(keyword: &str, levels: usize) -> Value {
    let next = |at, kind: &str| {
        json!({"type": "object", "required": ["a", "kind"],
            "properties": {"a": inner(at + 1), "kind": {"const": kind}}})
    };
    let model = |at| match at + 1 < levels {
        true => json!({keyword: [next(at, "b"), next(at, "c")]}),
        false => json!({"type": "string"}),
    };
    first_of((0..levels).map(model))
}

fn check_both_ways(schema: &Value, valid: &Value, invalid: &Value) {
    check(schema, valid);
    check(schema, invalid);
}

pub const ROWS: &[Row] = &[
    row("check/chain of references", 2500, |n| {
        check_both_ways(&first_of(chain(n, inner, alias)), &json!("a"), &json!(""));
    }),
    row("check/chain of fields", 2500, |n| {
        let value = deep(|inner| json!({ "next": inner }));
        check(&first_of(chain(n, inner, field)), &value);
    }),
    row("check/chain of items", 2500, |n| {
        check(
            &first_of(chain(n, inner, item)),
            &deep(|inner| json!([inner])),
        );
    }),
    row("check/chain of allOf", 2500, |n| {
        check_both_ways(&first_of(chain(n, inner, all_of)), &json!("a"), &json!(""));
    }),
    row("check/chain of anyOf", 2500, |n| {
        check_both_ways(&first_of(chain(n, inner, any_of)), &json!("a"), &json!(""));
    }),
    row("check/chain of not", 2500, |n| {
        check_both_ways(&first_of(chain(n, inner, not)), &json!("a"), &json!(""));
    }),
    row("check/chain of guards", 2500, |n| {
        let value = deep(|inner| json!({"next": inner, "other": ""}));
        check(&first_of(chain(n, inner, guarded)), &value);
    }),
    row("check/graph", 1250, |n| {
        let value = deep(|inner| json!({ "a": inner }));
        check(&first_of(graph(n, inner)), &value);
    }),
    row("check/deep value in a circle of schemas", 30, |n| {
        let around = |at: usize| match at + 1 < n {
            true => json!({"allOf": [inner(at + 1)]}),
            false => json!({"type": "array", "items": inner(0)}),
        };
        check(&first_of((0..n).map(around)), &deep(|inner| json!([inner])));
    }),
    row("check/nested not", 30, |n| {
        check(&nested(n, not), &json!("a"))
    }),
    row("check/allOf doubling", 10, |n| {
        check_both_ways(&doubling("allOf", n), &json!("ab"), &json!(""));
    }),
    row("check/anyOf doubling", 10, |n| {
        check_both_ways(&doubling("anyOf", n), &json!("ab"), &json!(""));
    }),
    row("check/oneOf doubling", 10, |n| {
        check_both_ways(&doubling("oneOf", n), &json!("ab"), &json!(""));
    }),
    row("check/members doubling", 10, |n| {
        for keyword in ["anyOf", "oneOf"] {
            let nest = |leaf| (1..n).fold(leaf, |inner, _| json!({"a": inner, "kind": "c"}));
            let schema = doubling_members(keyword, n);
            check_both_ways(&schema, &nest(json!("a")), &nest(json!(1)));
        }
    }),
    row("check/uniqueItems of integers", 4000, |n| {
        let items: Vec<usize> = (0..n).collect();
        check(&json!({"uniqueItems": true}), &json!(items));
    }),
    row("check/uniqueItems of objects", 1000, |n| {
        let items: Vec<Value> = (0..n).map(|at| json!({"a": [at, 1.5], "b": "c"})).collect();
        check(&json!({"uniqueItems": true}), &json!(items));
    }),
    row("check/enum", 20_000, |n| {
        let values: Vec<usize> = (0..n).collect();
        let items: Vec<usize> = (0..500).map(|at| at * n / 500).collect();
        check(&json!({"items": {"enum": values}}), &json!(items));
    }),
    row("check/members of many properties", 1000, |n| {
        let named = |schema: Value| -> serde_json::Map<String, Value> {
            (0..n)
                .map(|at| (format!("p{at}"), schema.clone()))
                .collect()
        };
        let schema = json!({"properties": named(json!({"type": "integer"})),
            "additionalProperties": false});
        check_both_ways(&schema, &named(json!(1)).into(), &named(json!("a")).into());
    }),
    row("check/wrong items", 2000, |n| {
        let items = vec![json!("a"); n];
        check(&json!({"items": {"type": "integer"}}), &json!(items));
    }),
    row("check/a.*b.*c", 1000, |n| {
        let text = "ab".repeat(n / 2);
        check(&json!({"pattern": "a.*b.*c"}), &json!(text));
    }),
    row("check/^(.*)*x$", 7, |n| {
        check(&json!({"pattern": "^(.*)*x$"}), &json!("a".repeat(n)));
    }),
    row("check/(?=(a+)+$)b", 10, |n| {
        let text = format!("{}!", "a".repeat(n));
        check(&json!({"pattern": "^(?=(a+)+$)a"}), &json!(text));
    }),
    row("check/(a+)+\\1", 10, |n| {
        let text = format!("{}!", "a".repeat(n));
        check(&json!({"pattern": r"^((a+)+)\1$"}), &json!(text));
    }),
];
