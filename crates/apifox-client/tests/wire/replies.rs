//! What replies are read as.

use apifox_runtime::{
    Decode, Media, Node, Operation, Path, ReplyHeader, ReplyHeaders, Report, Style,
};
use serde_json::{Value, json};

use crate::server::{Act, Server, reply};
use crate::shop::{client, operation};

/// A number and nothing else, as the generator checks one.
fn number(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    if !matches!(node, Node::Number(_)) {
        let _ = report.violation::<()>(Path::ROOT, "type", node, "a number");
    }
    report
}

#[tokio::test]
async fn a_text_is_what_its_document_makes_of_it() {
    let texts = Operation {
        reply: Media::Text("text/plain"),
        ..operation("GET")
    };
    let numbers = Operation {
        check_response: number,
        ..texts
    };
    let cases = [
        (&texts, "5", Ok(json!("5"))),
        (&texts, "\"a\"", Ok(json!("\"a\""))),
        (&texts, "", Ok(json!(""))),
        (&numbers, "5", Ok(json!(5))),
        (&numbers, "five", Err(1)),
    ];
    for (operation, body, expected) in cases {
        let server = Server::start(vec![reply("200 OK", "", body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let request = Value::Null;
        let sent = shop.send_json(operation, &request).await.expect("a reply");
        let typed = sent.typed().cloned();
        let found = typed.map_err(|invalid| invalid.violations().len());
        assert_eq!(found, expected, "{body}");
    }
}

/// A text is not taken for something else because nobody read its encoding.
#[tokio::test]
async fn a_text_in_an_encoding_that_is_not_read_says_which() {
    let texts = Operation {
        reply: Media::Text("text/plain"),
        ..operation("GET")
    };
    let latin1 = b"caf\xe9";
    let cases: [(&str, &[u8], Result<&str, &str>); 12] = [
        ("text/plain", b"ab", Ok("ab")),
        ("text/plain; charset=UTF-8", "猫".as_bytes(), Ok("猫")),
        ("text/plain; Charset=\"utf-8\"", "猫".as_bytes(), Ok("猫")),
        ("text/plain; charset=", "猫".as_bytes(), Ok("猫")),
        ("text/plain; charset=ISO-8859-1", b"cafe", Ok("cafe")),
        ("text/plain; charset=gbk", b"", Ok("")),
        ("text/plain; charset=GBK", b"\xd6\xd0", Err("gbk")),
        ("text/plain;charset=iso-8859-1", latin1, Err("iso-8859-1")),
        // Also where it would be UTF-8 by chance.
        (
            "text/csv; charset=windows-1252",
            b"\xc3\xa9",
            Err("windows-1252"),
        ),
        ("text/plain; charset=utf-16le", b"a\0b\0", Err("utf-16le")),
        ("text/plain; charset=utf-8", latin1, Err("utf-8")),
        ("text/plain", latin1, Err("caf\u{fffd}")),
    ];
    for (media, body, expected) in cases {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\
             content-type: {media}\r\n\r\n",
            body.len()
        );
        let act = Act::Send([head.as_bytes(), body].concat());
        let server = Server::start(vec![act]).await;
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&texts, &Value::Null).await.expect("a reply");
        assert_eq!(sent.body().as_ref(), body, "{media}");
        let found = sent.typed().cloned().map_err(|invalid| invalid.to_string());
        let expected = expected.map(|text| json!(text)).map_err(|found| {
            format!(
                "(root): charset: expected a text in UTF-8, found {}",
                json!(found)
            )
        });
        assert_eq!(found, expected, "{media}");
    }
}

struct Limits {
    left: i64,
    tags: Vec<String>,
}

impl Decode for Limits {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let texts = |node: &Node<'_>| match node {
            Node::Array(items) => items
                .iter()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        match node.get("X-Left") {
            Some(Node::Number(left)) => Some(Self {
                left: left.as_i64().unwrap_or_default(),
                tags: node.get("X-Tags").map(texts).unwrap_or_default(),
            }),
            _ => report.violation(at, "required", node, "a number in X-Left"),
        }
    }
}

impl ReplyHeaders for Limits {
    const HEADERS: &'static [ReplyHeader] = &[
        ReplyHeader {
            name: "X-Left",
            serialization: Style::Simple.joined(),
            check: number,
        },
        ReplyHeader {
            name: "X-Tags",
            serialization: Style::Simple.joined(),
            check: |node| {
                let mut report = Report::default();
                if !matches!(node, Node::Array(_)) {
                    let _ = report.violation::<()>(Path::ROOT, "type", node, "an array");
                }
                report
            },
        },
    ];
}

#[tokio::test]
async fn headers_are_values() {
    let sent = async |headers: &str| {
        let server = Server::start(vec![reply("200 OK", headers, "{}")]).await;
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&operation("POST"), &json!({})).await;
        sent.expect("a reply").typed_headers::<Limits>()
    };
    let limits = sent("X-LEFT: 7\r\nx-tags: a\r\nX-Tags: b, 3\r\n").await;
    let limits = limits.expect("headers");
    assert_eq!(
        (limits.left, limits.tags),
        (7, vec!["a".into(), "b".into(), "3".to_owned()])
    );
    let error = sent("X-Left: many\r\n").await.err().expect("no number");
    assert_eq!(error.violations().len(), 1);
}

/// What was paid for is read, whatever stands beside it.
#[tokio::test]
async fn a_header_that_is_none_loses_no_reply() {
    for header in [
        "x-提示: 1",
        "x-a: 提示",
        "Foo Bar: 1",
        "X-A : a",
        "X-A: a\r\n b",
        "no colon",
        "x-a: \u{1}",
        ": 1",
    ] {
        let good = reply("200 OK", &format!("{header}\r\nx-b: 2\r\n"), "5");
        let server = Server::start(vec![good]).await;
        let shop = client(&server.url).build().expect("a client");
        let sent = shop.send_json(&operation("POST"), &Value::Null).await;
        let sent = sent.unwrap_or_else(|error| panic!("{header}: {error}"));
        assert_eq!(sent.json(), &json!(5), "{header}");
        assert_eq!(sent.headers()["x-b"], "2", "{header}");
    }
}
