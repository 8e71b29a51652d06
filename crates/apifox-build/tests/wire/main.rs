//! What the operations of `golden/wire.json` send, and what their replies are read as.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]
// Only some of what is generated is called here.
#![allow(dead_code)]

use apifox_runtime::{Decode, Encoded, Endpoint, Node, Operation, ReplyHeaders, decode_text};
use serde_json::{Value, json};

mod files;

mod wire {
    include!("../golden/wire.rs");
}

fn encoded(operation: &Operation, request: &str) -> Encoded {
    let request = Node::parse(request.as_bytes()).expect("JSON");
    let report = (operation.check_request)(&request);
    assert!(report.violations().is_empty(), "{report:?}");
    operation.encode(&request).expect("a request")
}

/// The media type and the text of a body.
fn body(operation: &Operation, request: &str) -> (String, String) {
    let body = encoded(operation, request).body.expect("a body");
    let text = String::from_utf8(body.bytes).expect("UTF-8");
    (body.media_type, text)
}

#[test]
fn parameters_are_written_in_their_style() {
    let request = r#"{
        "path": {"o": {"r": 1, "g": 2}, "id": "5"},
        "header": {"X-O": {"r": 1, "g": 2}},
        "query": {"tags": ["a", "b"], "filter": {"r": 3}, "next": "/a?b=c"}
    }"#;
    let sent = encoded(&wire::styles::OPERATION, request);
    assert_eq!(
        sent.path,
        "/styles/r=1,g=2/;id=5?tags=a%7Cb&filter%5Br%5D=3&next=/a?b=c"
    );
    assert_eq!(sent.headers, [("X-O".to_owned(), "r=1,g=2".to_owned())]);
}

#[test]
fn a_form_follows_its_encoding() {
    let request = r#"{"body": {"ids": ["1", "2"], "meta": {"a": 1}}}"#;
    let (media_type, text) = body(&wire::forms::OPERATION, request);
    assert_eq!(media_type, "application/x-www-form-urlencoded");
    assert_eq!(text, "ids=1,2&meta%5Ba%5D=1");
}

#[test]
fn a_caller_chooses_among_media_types() {
    let png = "data:image/png;base64,aGk=";
    let upload = format!(r#"{{"body": {{"meta": "x", "picture": "{png}"}}}}"#);
    let (media_type, text) = body(&wire::upload::OPERATION, &upload);
    assert!(media_type.starts_with("multipart/form-data; boundary="));
    let part = "name=\"meta\"\r\nX-Part: meta\r\nContent-Type: application/json\r\n\r\n\"x\"\r\n";
    assert!(text.contains(part), "{text}");

    let related = format!(r#"{{"body": {{"meta": {{"r": 1}}, "picture": "{png}"}}}}"#);
    let (media_type, text) = body(&wire::upload_as_multipart_related::OPERATION, &related);
    assert!(media_type.ends_with("; type=\"image/png\""), "{media_type}");
    let order = (text.find("image/png"), text.find("application/json"));
    assert!(order.0 < order.1, "{text}");

    let plain = body(&wire::upload_as_text_plain::OPERATION, r#"{"body": "a"}"#);
    assert_eq!(
        plain,
        ("text/plain; charset=utf-8".to_owned(), "a".to_owned())
    );
    let refused = json!({"body": "c"});
    let report = (wire::upload_as_text_plain::OPERATION.check_request)(&Node::from(&refused));
    assert_eq!(report.violations().len(), 1);

    let lines = r#"{"body": [{"r": 1}, {"r": 2, "g": 3}]}"#;
    let (media_type, text) = body(&wire::upload_as_application_x_ndjson::OPERATION, lines);
    assert_eq!(media_type, "application/x-ndjson");
    assert_eq!(text, "{\"r\":1}\n{\"r\":2,\"g\":3}\n");
}

#[test]
fn headers_of_replies_are_values() {
    let read = |headers: &'static [(&str, &str)]| {
        let value = |name: &str| {
            let mut headers = headers.iter();
            let found = headers.find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| (*value).to_owned())
        };
        wire::styles::ResponseHeaders::from_headers(value).map_err(|invalid| invalid.to_string())
    };
    let headers = read(&[
        ("x-rate", "5"),
        ("x-tags", "a, 2"),
        ("x-colour", "r=1,g=2"),
        ("x-id", "007"),
    ])
    .expect("headers");
    let as_json = serde_json::to_value(&headers).expect("JSON");
    let expected = json!({
        "X-Rate": 5, "X-Tags": ["a", "2"], "X-Colour": {"r": 1, "g": 2}, "X-Id": "007",
    });
    assert_eq!(as_json, expected);
    let refused = read(&[("x-rate", "-1")]).expect_err("below the minimum");
    assert!(refused.starts_with("/X-Rate: minimum"), "{refused}");
    let missing = read(&[]).expect_err("it is required");
    assert!(missing.contains("X-Rate"), "{missing}");
}

#[test]
fn a_text_is_read_by_its_schema() {
    let csv: wire::styles::Response = decode_text("5").expect("a text");
    assert_eq!(serde_json::to_value(&csv).expect("JSON"), json!("5"));
    assert!(decode_text::<wire::styles::Response>("").is_err());
    let number: wire::styles::Error = decode_text("5").expect("a number");
    assert_eq!(serde_json::to_value(&number).expect("JSON"), json!(5));
    assert!(decode_text::<wire::styles::Error>("five").is_err());
}

#[test]
fn what_an_api_sends_has_types() {
    let sold = json!({"header": {"X-Signature": "12345678"}, "body": {"r": 1}});
    assert!(wire::webhook_sold::Request::decode_root(&Node::from(&sold)).is_ok());
    let unsigned = json!({"header": {"X-Signature": "1"}, "body": {"r": 1}});
    assert!(wire::webhook_sold::Request::decode_root(&Node::from(&unsigned)).is_err());
    let done: Result<wire::upload_callback_on_done::Request, _> =
        serde_json::from_value(json!({"r": 1}));
    assert!(done.is_ok());
    let other: Result<wire::upload_callback_on_done::Request, _> =
        serde_json::from_value::<_>(Value::Null);
    assert!(other.is_err());
}

#[test]
fn servers_have_variables() {
    let of = |operation: &Operation| operation.servers[0];
    let server = of(wire::styles::Request::OPERATION);
    assert_eq!(server, wire::SERVERS[0]);
    assert_eq!(server.url(&[]).expect("a URL"), "https://eu.example.com/v1");
    let chosen = server.url(&[("region", "us")]).expect("a URL");
    assert_eq!(chosen, "https://us.example.com/v1");
    assert!(server.url(&[("region", "cn")]).is_err());
    assert_eq!(of(wire::forms::Request::OPERATION).url, "/other");
    assert_eq!(
        wire::styles::OPERATION.security,
        [&[apifox_runtime::Credential::Bearer][..], &[]]
    );
}
