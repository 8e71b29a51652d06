//! Queries.

use apifox_runtime::{Location, Operation, Serialization, Style};
use serde_json::{Value, json};

use crate::{encode, operation, with};

fn listing(path: &'static str, style: Serialization) -> Operation {
    with(
        operation(path),
        Location::Query,
        &[("first", Style::Form.exploded()), ("a", style)],
    )
}

fn path(operation: &Operation, value: &Value) -> String {
    let request = json!({ "query": { "a": value } });
    encode(operation, &request).expect("a query").path
}

#[test]
fn scalars_are_written_as_their_text() {
    let cases = [
        (json!("b"), "/t?a=b"),
        (json!(""), "/t?a="),
        (json!("b c+d&e=f%"), "/t?a=b%20c%2Bd%26e%3Df%25"),
        (json!("中"), "/t?a=%E4%B8%AD"),
        (json!(true), "/t?a=true"),
        (json!(20), "/t?a=20"),
        (json!(1.0), "/t?a=1.0"),
        (json!(-0.5), "/t?a=-0.5"),
        (json!(null), "/t"),
    ];
    for (value, expected) in cases {
        for style in [
            Style::Form.exploded(),
            Style::Form.joined(),
            Style::SpaceDelimited.joined(),
            Style::PipeDelimited.joined(),
            Style::DeepObject.exploded(),
        ] {
            let operation = listing("/t", style);
            assert_eq!(path(&operation, &value), expected, "{style:?}");
        }
    }
}

#[test]
fn a_query_continues_that_of_the_path() {
    let cases = [
        ("/t?fixed=1", "/t?fixed=1&first=0&a=b"),
        ("/t?fixed=1&", "/t?fixed=1&first=0&a=b"),
        ("/t?", "/t?first=0&a=b"),
        ("/t#x", "/t?first=0&a=b"),
    ];
    for (template, expected) in cases {
        let operation = listing(template, Style::Form.exploded());
        // In the operation's order, whatever the request's.
        let request = json!({"query": {"a": "b", "first": 0}});
        let encoded = encode(&operation, &request).expect(template);
        assert_eq!(encoded.path, expected);
    }
}

#[test]
fn names_are_encoded() {
    let names = [("图 片[]", Style::Form.exploded())];
    let operation = with(operation("/t"), Location::Query, &names);
    let request = json!({"query": {"图 片[]": [1, 2]}});
    let encoded = encode(&operation, &request).expect("a query");
    let name = "%E5%9B%BE%20%E7%89%87%5B%5D";
    assert_eq!(encoded.path, format!("/t?{name}=1&{name}=2"));
}
