//! What a reply is read as, by its status and what the document says of it.

use apifox_client::Error;
use apifox_runtime::{
    Check, Decode, Endpoint, Node, Operation, Path, ReplyHeader, ReplyHeaders, Report, Response,
    Style,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::server::{Server, reply};
use crate::shop::{Refusal, client, operation};

const ANYTHING: Check = |_| Report::default();

/// A reply that the document describes by this status.
const fn of(status: u16) -> Response {
    Response {
        status,
        is_range: false,
        name: "",
        pointer: "",
        is_text: false,
        check: ANYTHING,
    }
}

const fn hundred(status: u16) -> Response {
    Response {
        is_range: true,
        ..of(status)
    }
}

/// A request whose operation describes some statuses.
#[derive(Serialize)]
struct Buy<const CASE: usize>;

/// A success that is an object with `pet`.
struct Bought;

impl Decode for Bought {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.get("pet") {
            Some(_) => Some(Self),
            None => report.violation(at, "required", node, "a pet"),
        }
    }
}

impl Serialize for Bought {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<const CASE: usize> Decode for Buy<CASE> {
    fn decode(_: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(Self)
    }
}

/// The replies that a document describes with a schema, and the failures without one.
type Described = (&'static [Response], &'static [(u16, u16)]);

/// What the document of each case describes.
const CASES: [Described; 6] = [
    (&[of(200), of(400)], &[]),
    (&[of(200), hundred(400)], &[]),
    (&[of(200), of(0)], &[(404, 404)]),
    (&[of(200), of(404), of(0)], &[(400, 499)]),
    (&[hundred(200)], &[]),
    (&[of(0)], &[]),
];

impl<const CASE: usize> Endpoint for Buy<CASE> {
    type Response = Bought;
    type Error = Refusal;
    const OPERATION: &'static Operation = &Operation {
        responses: CASES[CASE].0,
        schemaless: CASES[CASE].1,
        ..operation("POST")
    };
}

/// Whether the body that came with a status had a type, or what is said of it.
async fn read<const CASE: usize>(status: u16) -> Result<(), String> {
    let body = r#"{"pet":"cat","reason":"sold"}"#;
    let server = Server::start(vec![reply(&format!("{status} Said"), "", body)]).await;
    let shop = client(&server.url).build().expect("a client");
    match shop.send(&Buy::<CASE>).await {
        Ok(reply) => {
            assert_eq!(reply.json()["pet"], "cat");
            let typed = reply.typed().map(|_| ());
            typed.map_err(|invalid| invalid.to_string())
        }
        Err(error) => {
            assert_eq!(error.body().map(|body| &body[..]), Some(body.as_bytes()));
            error.typed().map(|_| ()).ok_or_else(|| "untyped".into())
        }
    }
}

/// What a status means is decided by itself, its hundred and the default, in this order; a body
/// of a status that means nothing is not taken for that of another.
#[tokio::test]
async fn a_status_that_is_not_described_is_not_read_as_another() {
    let undescribed = |status: u16| {
        Err(format!(
            "(root): status: expected a status that the document describes, found {status}"
        ))
    };
    let untyped = Err("untyped".to_owned());
    assert_eq!(read::<0>(200).await, Ok(()));
    assert_eq!(read::<0>(201).await, undescribed(201));
    assert_eq!(read::<0>(400).await, Ok(()));
    assert_eq!(read::<0>(404).await, untyped);
    assert_eq!(read::<1>(404).await, Ok(()));
    assert_eq!(read::<1>(501).await, untyped);
    assert_eq!(read::<2>(409).await, Ok(()));
    assert_eq!(read::<2>(201).await, undescribed(201));
    assert_eq!(read::<2>(404).await, untyped);
    assert_eq!(read::<3>(404).await, Ok(()));
    assert_eq!(read::<3>(409).await, untyped);
    assert_eq!(read::<3>(501).await, Ok(()));
    // The type of failures is the API's own where an operation describes none.
    assert_eq!(read::<4>(404).await, Ok(()));
    assert_eq!(read::<4>(201).await, Ok(()));
    assert_eq!(read::<5>(201).await, Ok(()));
}

/// What can't be cloned is taken out.
#[tokio::test]
async fn a_typed_body_can_be_owned() {
    let body = r#"{"pet":"cat","reason":"sold"}"#;
    let acts = vec![reply("200 OK", "", body), reply("400 No", "", body)];
    let server = Server::start(acts).await;
    let shop = client(&server.url).build().expect("a client");
    let _bought: Bought = shop
        .send(&Buy::<0>)
        .await
        .expect("a reply")
        .into_typed()
        .expect("a pet");
    let refused = shop.send(&Buy::<0>).await.expect_err("sold");
    let refusal: Option<Refusal> = refused.into_typed();
    assert_eq!(refusal.expect("a reason").reason, "sold");
}

/// A request that is answered with JSON or text, by the status.
#[derive(Serialize)]
struct Ask;

impl Decode for Ask {
    fn decode(_: &Node<'_>, _: Path<'_>, _: &mut Report) -> Option<Self> {
        Some(Self)
    }
}

impl Endpoint for Ask {
    type Response = Value;
    type Error = Value;
    const OPERATION: &'static Operation = &Operation {
        responses: &[
            of(200),
            Response {
                is_text: true,
                check: not_number,
                ..of(202)
            },
            Response {
                is_text: true,
                check: not_number,
                ..hundred(400)
            },
            of(409),
        ],
        bodiless: &[202],
        ..operation("POST")
    };
}

/// Anything but a number.
fn not_number(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    if matches!(node, Node::Number(_)) {
        let _ = report.violation::<()>(Path::ROOT, "type", node, "a string");
    }
    report
}

/// What is text under one status need not be under another.
#[tokio::test]
async fn a_text_is_read_as_one_where_its_status_says_so() {
    let cases = [
        ("200 OK", "\"5\"", Some(json!("5"))),
        ("202 Later", "5", Some(json!("5"))),
        ("202 Later", "\"5\"", Some(json!("\"5\""))),
        ("404 No", "no cat", Some(json!("no cat"))),
        ("404 No", "5", Some(json!("5"))),
        ("409 No", "5", Some(json!(5))),
        ("409 No", "no cat", None),
    ];
    for (status, body, expected) in cases {
        let server = Server::start(vec![reply(status, "", body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let found = match shop.send(&Ask).await {
            Ok(reply) => reply.into_typed().ok(),
            Err(error) => error.into_typed(),
        };
        assert_eq!(found, expected, "{status} {body}");
    }
}

/// The same of what was chosen at run time.
#[tokio::test]
async fn a_status_that_is_not_described_is_not_checked_as_another() {
    for (status, deviations) in [(200, 0), (201, 1)] {
        let server = Server::start(vec![reply(&format!("{status} Said"), "", "{}")]).await;
        let shop = client(&server.url).build().expect("a client");
        let described = Buy::<0>::OPERATION;
        let sent = shop.send_json(described, &Value::Null).await;
        let reply = sent.expect("a reply");
        assert_eq!(reply.deviations().len(), deviations, "{status}");
        assert_eq!(reply.json(), &json!({}));
    }
}

/// How long to wait, as the document of a failure describes it.
#[derive(Debug, PartialEq)]
struct RetryHeaders(Option<String>);

impl Decode for RetryHeaders {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node.get("Retry-After").map(|value| value.as_str()) {
            Some(None) => report.violation(at, "type", node, "a string"),
            value => Some(Self(value.flatten().map(str::to_owned))),
        }
    }
}

impl ReplyHeaders for RetryHeaders {
    const HEADERS: &'static [ReplyHeader] = &[ReplyHeader {
        name: "Retry-After",
        serialization: Style::Simple.joined(),
        check: |node| {
            let mut report = Report::default();
            if node.as_str() != Some("later") {
                let _ = report.violation::<()>(Path::ROOT, "const", node, "later");
            }
            report
        },
    }];
}

#[tokio::test]
async fn the_headers_of_a_failure_have_a_type() {
    let cases = [
        ("409 No", "retry-after: later\r\n", Ok(Some("later"))),
        ("409 No", "", Ok(None)),
        // A reply that reports success, and can't be read.
        ("200 OK", "retry-after: later\r\n", Ok(Some("later"))),
    ];
    for (status, headers, expected) in cases {
        let server = Server::start(vec![reply(status, headers, "<html>")]).await;
        let shop = client(&server.url).build().expect("a client");
        let error = shop.send(&Buy::<0>).await.expect_err("no object");
        let found = error.typed_headers::<RetryHeaders>().expect("a reply");
        let expected = expected.map(|value| RetryHeaders(value.map(str::to_owned)));
        assert_eq!(found, expected, "{status} {headers}");
        // It is kept where the body has no type.
        let error: Error = error.untyped();
        assert_eq!(error.typed_headers::<RetryHeaders>(), Some(expected));
    }
    let shop = client("http://127.0.0.1:1").build().expect("a client");
    let error = shop.send(&Buy::<0>).await.expect_err("nobody");
    assert_eq!(error.typed_headers::<RetryHeaders>(), None);
}
