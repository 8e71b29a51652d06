//! Which part of a request goes where.

use apifox_runtime::{Encoded, Location, Media, Operation, Style};
use serde_json::json;

use crate::{encode, operation, refusal, with};

fn everything() -> Operation {
    let mut operation = Operation {
        body: Some(Media::Json),
        ..operation("/t/{a}")
    };
    for location in [
        Location::Path,
        Location::Query,
        Location::Header,
        Location::Cookie,
    ] {
        operation = with(
            operation,
            location,
            &[("a", location.default_serialization())],
        );
    }
    operation
}

#[test]
fn parameters_of_one_name_are_told_apart_by_their_place() {
    let request = json!({
        "path": {"a": 1}, "query": {"a": 2}, "header": {"a": 3}, "cookie": {"a": 4}, "body": 5,
    });
    let Encoded {
        path,
        headers,
        body,
    } = encode(&everything(), &request).expect("a request");
    assert_eq!(path, "/t/1?a=2");
    let headers: Vec<_> = headers
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(headers, [("a", "3"), ("cookie", "a=4")]);
    assert_eq!(body.expect("a body").bytes, b"5");
}

#[test]
fn what_is_missing_is_not_sent() {
    let encoded = encode(&everything(), &json!({"path": {"a": 1}})).expect("a request");
    assert_eq!(encoded.path, "/t/1");
    assert_eq!((encoded.headers, encoded.body), (Vec::new(), None));
}

#[test]
fn a_request_without_parameters_is_its_body() {
    let operation = Operation {
        body: Some(Media::Json),
        ..operation("/t")
    };
    let encoded = encode(&operation, &json!({"query": {"a": 1}})).expect("a request");
    assert_eq!(encoded.path, "/t");
    assert_eq!(encoded.body.expect("a body").bytes, br#"{"query":{"a":1}}"#);
}

#[test]
fn a_request_for_nothing_is_empty() {
    for request in [json!(null), json!({})] {
        let encoded = encode(&operation("/t"), &request).expect("a request");
        assert_eq!(encoded.body, None);
    }
}

#[test]
fn nothing_is_silently_left_out() {
    let only_path = with(
        operation("/{a}"),
        Location::Path,
        &[("a", Style::Simple.joined())],
    );
    let cases = [
        (
            json!({"path": {"a": 1}, "query": {"b": 1}}),
            "query parameter `b`: the operation has no such parameter",
        ),
        (
            json!({"path": {"a": 1}, "header": {"a": 1}}),
            "header parameter `a`: the operation has no such parameter",
        ),
        (
            json!({"path": {"a": 1}, "body": 1}),
            "the body: the operation has none",
        ),
        (
            json!({"path": {"a": 1}, "Query": {}}),
            "the request: the operation has no `Query`",
        ),
        (
            json!({"path": ["a"]}),
            "the request's `path`: it is not an object of parameters",
        ),
        (json!([]), "the request: it is not an object"),
    ];
    for (request, expected) in cases {
        assert_eq!(refusal(&only_path, &request), expected);
    }
    let nothing = operation("/t");
    for request in [json!({"a": 1}), json!("a"), json!([]), json!(false)] {
        assert_eq!(
            refusal(&nothing, &request),
            "the body: the operation has none"
        );
    }
}
