//! Queries.

use apifox_runtime::{Location, Operation, Style};
use serde_json::{Value, json};

use crate::{encode, operation, with};

fn listing(path: &'static str, style: Style) -> Operation {
    with(
        operation(path),
        Location::Query,
        &[("first", Style::Exploded), ("a", style)],
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
        for style in [Style::Exploded, Style::Joined(','), Style::DeepObject] {
            let operation = listing("/t", style);
            assert_eq!(path(&operation, &value), expected, "{style:?}");
        }
    }
}

#[test]
fn lists_and_objects_follow_their_style() {
    let list = json!(["b,c", null, 2, [3], {"d": 4}]);
    let object = json!({"x": "1,2", "y": null, "z": [3]});
    let cases = [
        (
            Style::Exploded,
            &list,
            "/t?a=b%2Cc&a=2&a=%5B3%5D&a=%7B%22d%22%3A4%7D",
        ),
        (Style::Exploded, &object, "/t?x=1%2C2&z=%5B3%5D"),
        (
            Style::Joined(','),
            &list,
            "/t?a=b%2Cc,2,%5B3%5D,%7B%22d%22%3A4%7D",
        ),
        (Style::Joined(','), &object, "/t?a=x,1%2C2,z,%5B3%5D"),
        (Style::Joined(' '), &json!([1, 2]), "/t?a=1%202"),
        (Style::Joined('|'), &json!([1, 2]), "/t?a=1%7C2"),
        (Style::Joined('&'), &json!([1, 2]), "/t?a=1%262"),
        (
            Style::DeepObject,
            &object,
            "/t?a%5Bx%5D=1%2C2&a%5Bz%5D=%5B3%5D",
        ),
        (Style::DeepObject, &json!([1, 2]), "/t?a=1&a=2"),
        (Style::Json, &json!([1, null]), "/t?a=%5B1%2Cnull%5D"),
        (Style::Json, &json!("b"), "/t?a=%22b%22"),
        (Style::Exploded, &json!([]), "/t"),
        (Style::Joined(','), &json!([]), "/t"),
        (Style::Joined(','), &json!([null]), "/t"),
        (Style::Joined(','), &json!([""]), "/t?a="),
        (Style::DeepObject, &json!({}), "/t"),
        (Style::Json, &json!([]), "/t?a=%5B%5D"),
    ];
    for (style, value, expected) in cases {
        let operation = listing("/t", style);
        assert_eq!(path(&operation, value), expected, "{style:?} {value}");
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
        let operation = listing(template, Style::Exploded);
        // In the operation's order, whatever the request's.
        let request = json!({"query": {"a": "b", "first": 0}});
        let encoded = encode(&operation, &request).expect(template);
        assert_eq!(encoded.path, expected);
    }
}

#[test]
fn names_are_encoded() {
    let names = [("图 片[]", Style::Exploded)];
    let operation = with(operation("/t"), Location::Query, &names);
    let request = json!({"query": {"图 片[]": [1, 2]}});
    let encoded = encode(&operation, &request).expect("a query");
    let name = "%E5%9B%BE%20%E7%89%87%5B%5D";
    assert_eq!(encoded.path, format!("/t?{name}=1&{name}=2"));
}
