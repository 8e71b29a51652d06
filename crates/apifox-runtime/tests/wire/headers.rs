//! Headers and cookies.

use apifox_runtime::{Location, Operation, Serialization, Style};
use serde_json::{Value, json};

use crate::{encode, operation, refusal, with};

fn header(style: Serialization) -> Operation {
    let operation = Operation {
        headers: &[("X-DashScope-Async", "enable")],
        ..operation("/t")
    };
    with(operation, Location::Header, &[("X-A", style)])
}

fn headers(operation: &Operation, request: &Value) -> Vec<String> {
    let encoded = encode(operation, request).expect("headers");
    let lines = encoded.headers.iter();
    lines
        .map(|(name, value)| format!("{name}: {value}"))
        .collect()
}

#[test]
fn constants_come_first() {
    let cases = [
        (
            Style::Simple.joined(),
            json!("a \"b\", c"),
            "X-A: a \"b\", c",
        ),
        (Style::Simple.joined(), json!(""), "X-A: "),
        (Style::Simple.joined(), json!(1.0), "X-A: 1.0"),
        (Style::Simple.joined(), json!(false), "X-A: false"),
        (Style::Simple.joined(), json!([1, null, "b"]), "X-A: 1,b"),
        (
            Style::Simple.exploded(),
            json!({"x": 1, "y": "2=3"}),
            "X-A: x=1,y=2=3",
        ),
        (
            Style::Simple.joined(),
            json!({"x": 1, "y": 2}),
            "X-A: x,1,y,2",
        ),
        (Style::Json.joined(), json!({"x": [1]}), "X-A: {\"x\":[1]}"),
    ];
    for (style, value, expected) in cases {
        let request = json!({ "header": { "X-A": value } });
        let sent = headers(&header(style), &request);
        assert_eq!(sent, ["X-DashScope-Async: enable", expected]);
    }
    for nothing in [
        json!({}),
        json!({"header": {"X-A": []}}),
        json!({"header": null}),
    ] {
        let sent = headers(&header(Style::Simple.joined()), &nothing);
        assert_eq!(sent, ["X-DashScope-Async: enable"]);
    }
}

#[test]
fn what_no_header_can_hold_is_refused() {
    let control = "it has control characters, such as line breaks";
    let cases = [
        (json!("a\r\nEvil: 1"), control),
        (json!("a\nb"), control),
        (json!("a\0b"), control),
        (json!("a\tb"), control),
        (json!("a\x7fb"), control),
        (json!(["a", "\r"]), control),
        (
            json!("猫"),
            "it is not ASCII, and HTTP has no encoding for headers",
        ),
        (
            json!("é"),
            "it is not ASCII, and HTTP has no encoding for headers",
        ),
        (
            json!(" a"),
            "it starts or ends with a space, which HTTP would take off",
        ),
        (
            json!("a "),
            "it starts or ends with a space, which HTTP would take off",
        ),
    ];
    for (value, problem) in cases {
        let request = json!({ "header": { "X-A": value } });
        let refused = refusal(&header(Style::Simple.joined()), &request);
        assert_eq!(refused, format!("header parameter `X-A`: {problem}"));
    }
    for name in ["", "X A", "X:A", "头", "X\r\nA"] {
        let name: &'static str = name;
        let operation = with(
            operation("/t"),
            Location::Header,
            &[(name, Style::Simple.joined())],
        );
        let refused = refusal(&operation, &json!({ "header": { name: "a" } }));
        assert!(
            refused.ends_with("its name can't be a header's"),
            "{refused}"
        );
    }
}

#[test]
fn what_a_receiver_of_a_list_would_take_off_is_refused() {
    let lost = "a text in it is empty, or starts or ends with a space, which a receiver of a list \
                would take off";
    let lists = [
        (Style::Simple.joined(), json!([" a", "b"])),
        (Style::Simple.joined(), json!(["a", "b "])),
        (Style::Simple.joined(), json!(["a", " b", "c"])),
        (Style::Simple.joined(), json!(["a", "", "c"])),
        (Style::Simple.joined(), json!([""])),
        (Style::Simple.joined(), json!({"x": " 1", "y": 2})),
        (Style::Simple.joined(), json!({"x": "", "y": 2})),
        (Style::Simple.exploded(), json!({"x": "1 ", "y": 2})),
        (Style::Simple.exploded(), json!({" x": 1, "y": 2})),
    ];
    for (style, value) in lists {
        let request = json!({ "header": { "X-A": value } });
        let refused = refusal(&header(style), &request);
        assert_eq!(
            refused,
            format!("header parameter `X-A`: {lost}"),
            "{value}"
        );
    }
    for (style, value, expected) in [
        (Style::Simple.joined(), json!(["a b", "c"]), "X-A: a b,c"),
        (Style::Simple.exploded(), json!({"x": ""}), "X-A: x="),
    ] {
        let request = json!({ "header": { "X-A": value } });
        let sent = headers(&header(style), &request);
        assert_eq!(sent, ["X-DashScope-Async: enable", expected]);
    }
}

#[test]
fn constants_are_checked_as_well() {
    let operation = Operation {
        headers: &[("X-A", "猫")],
        ..operation("/t")
    };
    let refused = refusal(&operation, &json!(null));
    assert!(
        refused.starts_with("header parameter `X-A`: it is not ASCII"),
        "{refused}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn cookies_share_a_header() {
    let form = Style::Form.exploded();
    let operation = with(
        operation("/t"),
        Location::Cookie,
        &[
            ("a", form),
            ("b", Style::Form.joined()),
            ("c", Style::Json.joined()),
            ("lenient", form.with_reserved()),
            ("as-is", Style::Cookie.exploded()),
            ("listed", Style::Cookie.joined()),
        ],
    );
    let cases = [
        (json!({"a": 1}), vec!["cookie: a=1"]),
        (
            json!({"b": [1, "2,3"], "a": ["x", "y"]}),
            vec!["cookie: a=x; a=y; b=1,2%2C3"],
        ),
        (json!({"a": {"x": 1, "y": 2}}), vec!["cookie: x=1; y=2"]),
        // As RFC 6570 has it.
        (
            json!({"a": "Hello, world!"}),
            vec!["cookie: a=Hello%2C%20world%21"],
        ),
        (
            json!({"a": "p;\"s\"\\%=/:猫\r\n%20"}),
            vec!["cookie: a=p%3B%22s%22%5C%25%3D%2F%3A%E7%8C%AB%0D%0A%2520"],
        ),
        // Only what no cookie can hold.
        (
            json!({"lenient": "p q;r,\"s\"\\%=/:|猫\r\n%2F"}),
            vec!["cookie: lenient=p%20q%3Br%2C%22s%22%5C%25=/:|%E7%8C%AB%0D%0A%2F"],
        ),
        // As it was given.
        (
            json!({"as-is": {"greeting": "Hello%2C world!", "code": 42}}),
            vec!["cookie: greeting=Hello%2C world!; code=42"],
        ),
        (
            json!({"as-is": ["a=b", "\"c,d\""], "listed": ["x", "%2C"]}),
            vec!["cookie: as-is=a=b; as-is=\"c,d\"; listed=x,%2C"],
        ),
        (
            json!({"c": {"x": [1, "a b"]}}),
            vec!["cookie: c={\"x\":[1,\"a b\"]}"],
        ),
        (json!({"a": ""}), vec!["cookie: a="]),
        (json!({"a": null, "b": [], "listed": []}), vec![]),
    ];
    for (values, expected) in cases {
        let request = json!({ "cookie": values });
        let found = headers(&operation, &request);
        // Members of an object have no order.
        let found: Vec<_> = found
            .iter()
            .map(|line| {
                line.replace(
                    "code=42; greeting=Hello%2C world!",
                    "greeting=Hello%2C world!; code=42",
                )
            })
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_no_cookie_can_hold_is_refused() {
    let operation = with(
        operation("/t"),
        Location::Cookie,
        &[
            ("a", Style::Form.exploded()),
            ("b", Style::Cookie.exploded()),
            ("c", Style::Json.joined()),
            ("d", Style::Cookie.joined()),
        ],
    );
    let semicolon =
        "it has a semicolon, which ends a cookie: percent-encode it, if the API decodes that";
    let unheld = "it has characters that no cookie can hold: encode them as the API expects";
    let space = "it starts or ends with a space, which is no part of a cookie";
    let cases = [
        ("a", json!({"x;y": 1}), "`x;y` can't be a cookie's name"),
        ("b", json!("x;y"), semicolon),
        ("c", json!({"x": "y;z"}), semicolon),
        ("b", json!("猫"), unheld),
        ("b", json!("a\r\nb"), unheld),
        ("b", json!("a\tb"), unheld),
        ("c", json!("猫"), unheld),
        ("b", json!(" a"), space),
        ("b", json!("a "), space),
        (
            "d",
            json!(["a,b", "c"]),
            "a text in it has the character that separates its items, and would be read as two",
        ),
    ];
    for (name, value, problem) in cases {
        let request = json!({"cookie": {name: value}});
        assert_eq!(
            refusal(&operation, &request),
            format!("cookie parameter `{name}`: {problem}"),
            "{value}"
        );
    }
    let trace = Operation {
        method: "TRACE",
        ..operation
    };
    assert_eq!(
        refusal(&trace, &json!({"cookie": {"a": 1}})),
        "the cookies: TRACE is sent without any, since it is sent back as it came"
    );
    encode(&trace, &json!({"cookie": {}})).expect("nothing in it");
}

#[test]
fn a_body_of_json_is_sent_as_what_the_document_calls_it() {
    let operation = Operation {
        headers: &[("Content-Type", "application/vnd.api+json"), ("X-A", "1")],
        body: Some(apifox_runtime::Media::Json),
        ..operation("/t")
    };
    let encoded = encode(&operation, &json!({"a": 1})).expect("a body");
    assert_eq!(encoded.headers, [("X-A".to_owned(), "1".to_owned())]);
    let body = encoded.body.expect("a body");
    assert_eq!(body.media_type, "application/vnd.api+json");
}
