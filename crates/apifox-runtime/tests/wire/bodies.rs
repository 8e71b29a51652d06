//! Bodies, but for multipart ones.

use apifox_runtime::{Body, Media, Node, Operation};
use serde_json::{Value, json};

use crate::{encode, operation, refusal};

fn sending(media: Media) -> Operation {
    Operation {
        body: Some(media),
        ..operation("/t")
    }
}

fn body(media: Media, request: &Value) -> (String, String) {
    let encoded = encode(&sending(media), request).expect("a body");
    let Body { media_type, bytes } = encoded.body.expect("a body");
    (media_type, String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn json_is_as_it_was_given() {
    let text = r#"{"b":1.0,"a":[null,"猫"],"c":{}}"#;
    let request = Node::parse(text.as_bytes()).expect("JSON");
    let encoded = sending(Media::Json).encode(&request).expect("a body");
    assert_eq!(
        encoded.body,
        Some(Body {
            media_type: "application/json".into(),
            bytes: text.into(),
        })
    );
    assert_eq!(encoded.path, "/t");
    assert_eq!(encoded.headers, []);
}

#[test]
fn a_form_has_a_field_for_every_item() {
    let request = json!({
        "a b": "c d+e&f",
        "猫": "ü",
        "list": [1, null, "x", [2], {"y": 3}],
        "none": null,
        "object": {"z": 1.0},
        "yes": true,
    });
    let fields = [
        "a+b=c+d%2Be%26f",
        "list=1&list=x&list=%5B2%5D&list=%7B%22y%22%3A3%7D",
        "object=%7B%22z%22%3A1.0%7D",
        "yes=true",
        "%E7%8C%AB=%C3%BC",
    ];
    let (media_type, sent) = body(Media::Form, &request);
    assert_eq!(media_type, "application/x-www-form-urlencoded");
    let mut sent: Vec<&str> = sent.split('&').collect();
    let mut expected: Vec<&str> = fields.iter().flat_map(|it| it.split('&')).collect();
    // A serde_json object keeps the order of the text in some builds only.
    sent.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sent, expected);
}

#[test]
fn a_file_in_a_form_is_base64() {
    let form = Operation {
        files: &["file", "all"],
        ..sending(Media::Form)
    };
    // The bytes FB EF FF, and no bytes at all.
    let (file, empty) = (
        "data:image/png;name=a.png;base64,++//",
        "data:text/plain;base64,",
    );
    let cases = [
        (json!({ "file": file }), "file=%2B%2B%2F%2F"),
        (json!({"file": "data:text/plain;base64,aGkh"}), "file=aGkh"),
        (
            json!({"file": "data:text/plain;base64,aA=="}),
            "file=aA%3D%3D",
        ),
        (json!({"all": [file, null, empty]}), "all=%2B%2B%2F%2F&all="),
        (json!({"all": [], "file": null}), ""),
        // Only a file is one.
        (json!({"text": "data:,a"}), "text=data%3A%2Ca"),
    ];
    for (request, expected) in cases {
        let sent = encode(&form, &request).expect("a form").body;
        let bytes = sent.expect("a body").bytes;
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
    }
    for request in [
        json!({"file": "aGk="}),
        json!({"file": 1}),
        json!({"file": {}}),
    ] {
        assert_eq!(
            refusal(&form, &request),
            "the body's `file`: it is not a file, as a data: URI with base64"
        );
    }
}

#[test]
fn text_names_its_encoding() {
    let cases = [
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/plain;charset=UTF-8", "text/plain;charset=UTF-8"),
        ("application/xml", "application/xml"),
    ];
    for (documented, sent) in cases {
        let written = body(Media::Text(documented), &json!("猫\r\n"));
        assert_eq!(written, (sent.into(), "猫\r\n".into()));
    }
    for (value, sent) in [(json!(5), "5"), (json!(1.50), "1.5"), (json!(true), "true")] {
        assert_eq!(body(Media::Text("text/csv"), &value).1, sent);
    }
}

#[test]
fn bytes_are_those_of_the_file() {
    let file = json!("data:image/png;name=a;base64,aGk=");
    let cases = [
        ("application/octet-stream", "application/octet-stream"),
        ("image/*", "image/png"),
        ("*/*", "image/png"),
    ];
    for (documented, sent) in cases {
        let written = body(Media::Binary(documented), &file);
        assert_eq!(written, (sent.into(), "hi".into()));
    }
}

#[test]
fn bodies_of_another_type_are_refused() {
    let cases = [
        (
            Media::Form,
            json!([1]),
            "the body: it is not an object, to be sent as a form",
        ),
        (
            Media::Multipart,
            json!("a"),
            "the body: it is not an object, to be sent as a form",
        ),
        (
            Media::Text("text/plain"),
            json!([1]),
            "the body: it is not a string, a number or a boolean, to be sent as text",
        ),
        (
            Media::Binary("image/png"),
            json!("aGk="),
            "the body: it is not a file, as a data: URI with base64",
        ),
        (
            Media::Binary("image/*"),
            json!("data:text/plain;base64,aGk="),
            "the body: its media type is text/plain, and the document allows only image/*",
        ),
    ];
    for (media, request, expected) in cases {
        assert_eq!(refusal(&sending(media), &request), expected);
    }
}

#[test]
fn debug_output_shows_no_bytes() {
    let encoded = encode(&sending(Media::Json), &json!("secret")).expect("a body");
    let shown = format!("{encoded:?}");
    assert!(
        shown.contains("8 bytes") && !shown.contains("secret"),
        "{shown}"
    );
}
