//! Which part of a request goes where.

use apifox_runtime::{Encoded, Location, Media, Node, Operation, Path, Report, Style};
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
fn a_required_parameter_that_is_null_is_written_or_refused() {
    for location in [Location::Query, Location::Header, Location::Cookie] {
        let name = location.name();
        let required: apifox_runtime::Check = match location {
            Location::Query => |request| requires(request, "query"),
            Location::Header => |request| requires(request, "header"),
            _ => |request| requires(request, "cookie"),
        };
        let usual = location.default_serialization();
        let parameters = [("json", Style::Json.joined()), ("plain", usual)];
        let optional = with(operation("/t"), location, &parameters);
        let operation = Operation {
            check_request: required,
            ..optional
        };
        let cases = [
            (json!({name: {"json": null, "plain": 1}}), Ok(("null", "1"))),
            (
                json!({name: {"json": 1, "plain": null}}),
                Err(format!(
                    "{name} parameter `plain`: it is required and null, which its style can't write"
                )),
            ),
        ];
        for (request, expected) in cases {
            let sent = encode(&operation, &request).map_err(|error| error.to_string());
            let sent = sent.map(|sent| match location {
                Location::Query => sent.path,
                _ => format!("{:?}", sent.headers),
            });
            let expected = expected.map(|(json, plain)| match location {
                Location::Query => format!("/t?json={json}&plain={plain}"),
                Location::Header => format!("[(\"json\", {json:?}), (\"plain\", {plain:?})]"),
                _ => format!("[(\"cookie\", \"json={json}; plain={plain}\")]"),
            });
            assert_eq!(sent, expected, "{request}");
        }
        let nothing = json!({name: {"json": null, "plain": null}});
        let sent = encode(&optional, &nothing).expect("nothing");
        assert_eq!((sent.path.as_str(), sent.headers), ("/t", Vec::new()));
    }
}

/// A body may have megabytes: what only asks about parameters gets none of it.
#[test]
fn whether_a_null_parameter_is_required_is_found_without_the_body() {
    let usual = Style::Form.exploded();
    let operation = Operation {
        body: Some(Media::Json),
        check_request: |request| {
            assert!(request.get("body").is_none(), "{request:?}");
            requires(request, "query")
        },
        ..with(
            operation("/t"),
            Location::Query,
            &[("json", usual), ("other", usual)],
        )
    };
    let body = json!("a".repeat(1 << 20));
    let request = json!({"query": {"json": 1, "plain": 1, "other": null}, "body": body});
    let with_plain = with(operation, Location::Query, &[("plain", usual)]);
    let sent = encode(&with_plain, &request).expect("a request");
    assert_eq!(sent.path, "/t?json=1&plain=1");
    let request = json!({"query": {"json": null, "plain": 1}, "body": body});
    assert_eq!(
        refusal(&with_plain, &request),
        "query parameter `json`: it is required and null, which its style can't write"
    );
}

/// A check of a request that has to have the parameters `json` and `plain`.
fn requires(request: &Node<'_>, location: &str) -> Report {
    let mut report = Report::default();
    for name in ["json", "plain"] {
        let given = request.get(location).and_then(|given| given.get(name));
        if given.is_none() {
            let _: Option<()> = report.violation(Path::ROOT, "required", request, name);
        }
    }
    report
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
