//! Multipart bodies, and what a server that shares no code reads in them.

use std::convert::Infallible;

use apifox_runtime::{Body, FieldEncoding, Media, Operation};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{encode, operation, refusal};

/// A part, as a server reads it.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub media_type: Option<String>,
    pub content: Vec<u8>,
}

/// Has the crate multer read `body`.
pub fn read(body: &Body) -> Vec<Part> {
    let boundary = multer::parse_boundary(&body.media_type).expect("a boundary");
    let bytes = Ok::<_, Infallible>(Bytes::from(body.bytes.clone()));
    let stream = futures_util::stream::iter([bytes]);
    let mut multipart = multer::Multipart::new(stream, boundary);
    let reading = async {
        let mut parts = Vec::new();
        while let Some(field) = multipart.next_field().await.expect("a part") {
            parts.push(Part {
                name: field.name().expect("a name").to_owned(),
                file_name: field.file_name().map(str::to_owned),
                media_type: field.content_type().map(ToString::to_string),
                content: field.bytes().await.expect("its content").to_vec(),
            });
        }
        parts
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(reading)
}

pub fn sending(files: &'static [&'static str]) -> Operation {
    Operation {
        body: Some(Media::Multipart),
        files,
        ..operation("/v1/images/edits")
    }
}

fn body(files: &'static [&'static str], request: &Value) -> Body {
    let encoded = encode(&sending(files), request).expect("a body");
    encoded.body.expect("a body")
}

fn part(name: &str, media_type: Option<&str>, content: &str) -> Part {
    Part {
        name: name.into(),
        file_name: None,
        media_type: media_type.map(Into::into),
        content: content.into(),
    }
}

fn file(name: &str, file_name: &str, media_type: &str, content: &str) -> Part {
    Part {
        file_name: Some(file_name.into()),
        ..part(name, Some(media_type), content)
    }
}

#[test]
fn the_bytes_are_these() {
    let request = json!({"image": "data:image/png;name=cat.png;base64,aGk=", "prompt": "猫"});
    let Body { media_type, bytes } = body(&["image"], &request);
    let boundary = "--------apifox-0000000000000000";
    assert_eq!(
        media_type,
        format!("multipart/form-data; boundary={boundary}")
    );
    let lines = [
        "----------apifox-0000000000000000",
        "Content-Disposition: form-data; name=\"image\"; filename=\"cat.png\"",
        "Content-Type: image/png",
        "",
        "hi",
        "----------apifox-0000000000000000",
        "Content-Disposition: form-data; name=\"prompt\"",
        "",
        "猫",
        "----------apifox-0000000000000000--",
        "",
    ];
    assert_eq!(String::from_utf8(bytes).expect("UTF-8"), lines.join("\r\n"));
}

#[test]
fn a_member_is_a_part_or_many() {
    let cases = [
        (json!({"a": 1.0}), vec![part("a", None, "1.0")]),
        (json!({"a": true}), vec![part("a", None, "true")]),
        (json!({"a": ""}), vec![part("a", None, "")]),
        (json!({"a": "x\r\n--y"}), vec![part("a", None, "x\r\n--y")]),
        (json!({"a": null}), vec![]),
        (json!({"a": []}), vec![]),
        (json!({}), vec![]),
        (
            json!({"a": ["x", null, 2]}),
            vec![part("a", None, "x"), part("a", None, "2")],
        ),
        (
            json!({"a": {"b": [1]}}),
            vec![part("a", Some("application/json"), r#"{"b":[1]}"#)],
        ),
        (
            json!({"a": [[1], {"b": 2}]}),
            vec![
                part("a", Some("application/json"), "[1]"),
                part("a", Some("application/json"), r#"{"b":2}"#),
            ],
        ),
        // Only the members that are said to be files are.
        (
            json!({"a": "data:image/png;base64,aGk="}),
            vec![part("a", None, "data:image/png;base64,aGk=")],
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(read(&body(&["image[]"], &request)), expected, "{request}");
    }
}

#[test]
fn files_have_names_and_types() {
    let cases = [
        (
            "data:image/png;name=猫 1.png;base64,aGk=",
            "猫 1.png",
            "image/png",
        ),
        ("data:image/png;base64,aGk=", "file.png", "image/png"),
        ("data:image/jpeg;base64,aGk=", "file.jpg", "image/jpeg"),
        ("data:image/webp;base64,aGk=", "file.webp", "image/webp"),
        (
            "data:text/plain;charset=utf-8;base64,aGk=",
            "file",
            "text/plain;charset=utf-8",
        ),
        (
            "data:a/b;name=x%22y%0D%0Az%00;base64,aGk=",
            "x%22y%0D%0Az%00",
            "a/b",
        ),
        ("data:a/b;name=x%5C%25;base64,aGk=", "x\\%", "a/b"),
    ];
    for (uri, file_name, media_type) in cases {
        let request = json!({ "image[]": [uri, null, uri] });
        let expected = || file("image[]", file_name, media_type, "hi");
        let parts = read(&body(&["image[]"], &request));
        assert_eq!(parts, [expected(), expected()], "{uri}");
    }
}

#[test]
fn names_cannot_break_out() {
    let request = json!({"a\"; b=\"c\r\nContent-Type: d/e\r\n\r\n": "f"});
    let parts = read(&body(&[], &request));
    let name = "a%22; b=%22c%0D%0AContent-Type: d/e%0D%0A%0D%0A";
    assert_eq!(parts, [part(name, None, "f")]);
}

#[test]
fn a_boundary_avoids_what_is_sent() {
    let first = body(&[], &json!({"a": ""})).media_type;
    let boundary = first
        .split_once("boundary=")
        .expect("a boundary")
        .1
        .to_owned();
    let request = json!({ "a": format!("\r\n--{boundary}--\r\n") });
    let second = body(&[], &request);
    assert_ne!(second.media_type, first);
    assert_eq!(second, body(&[], &request), "deterministic");
    let content = format!("\r\n--{boundary}--\r\n");
    assert_eq!(read(&second), [part("a", None, &content)]);
    // In a name, too.
    let named = body(&[], &json!({ boundary: "" }));
    assert_ne!(named.media_type, first);
}

/// A part of `multipart/form-data` has one, with the name of its field; elsewhere it is the
/// document's.
#[test]
fn a_part_has_one_content_disposition() {
    let fields = {
        const fn field(name: &'static str) -> FieldEncoding {
            FieldEncoding {
                name,
                serialization: None,
                media: &[],
                headers: &[("content-disposition", "inline"), ("X-A", "1")],
            }
        }
        const FIELDS: &[FieldEncoding] = &[field("file"), field("text")];
        FIELDS
    };
    let request = json!({"file": "data:image/png;name=a.png;base64,aGk=", "text": "t"});
    let cases = [
        (
            Media::Multipart,
            [
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nX-A: 1\r\n\
                 Content-Type: image/png",
                "Content-Disposition: form-data; name=\"text\"\r\nX-A: 1",
            ],
        ),
        (
            Media::Parts("multipart/mixed"),
            [
                "content-disposition: inline\r\nX-A: 1\r\nContent-Type: image/png",
                "content-disposition: inline\r\nX-A: 1\r\nContent-Type: text/plain",
            ],
        ),
    ];
    for (media, expected) in cases {
        let operation = Operation {
            body: Some(media),
            encoding: fields,
            ..sending(&["file"])
        };
        let body = encode(&operation, &request).expect("a form").body;
        let text = String::from_utf8(body.expect("a body").bytes).expect("UTF-8");
        let parts = text.split("----------apifox-0000000000000000\r\n").skip(1);
        let heads = parts.filter_map(|part| Some(part.split_once("\r\n\r\n")?.0));
        assert_eq!(heads.collect::<Vec<_>>(), expected, "{media:?}");
    }
}

#[test]
fn what_is_no_file_is_refused() {
    for value in [
        json!("cat.png"),
        json!(5),
        json!({}),
        json!(["data:a/b;base64,", "x"]),
    ] {
        let refused = refusal(&sending(&["image"]), &json!({ "image": value }));
        assert_eq!(
            refused,
            "the body's `image`: it is not a file, as a data: URI with base64"
        );
    }
}
