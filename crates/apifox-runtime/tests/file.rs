//! Files and their JSON form.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use apifox_runtime::{Decode, File, Node};
use proptest::prelude::*;

/// What a `data:` URI holds: media type, name and bytes.
type Held<'h> = (&'h str, Option<&'h str>, &'h [u8]);

#[test]
fn a_data_uri_is_a_file() {
    let cases: [(&str, Held<'_>); 9] = [
        (
            "data:image/png;base64,AAAA",
            ("image/png", None, &[0, 0, 0]),
        ),
        (
            "data:image/png;name=cat.png;base64,AQ==",
            ("image/png", Some("cat.png"), &[1]),
        ),
        (
            "data:image/png;name=%E7%8C%AB%20%3B%2C.png;base64,",
            ("image/png", Some("猫 ;,.png"), &[]),
        ),
        ("data:a/b;name=猫;base64,", ("a/b", Some("猫"), &[])),
        ("data:a/b;name=;base64,", ("a/b", None, &[])),
        ("DATA:a/b;NAME=x;BASE64,", ("a/b", Some("x"), &[])),
        (
            "data:text/plain;charset=utf-8;base64,aGk=",
            ("text/plain;charset=utf-8", None, b"hi"),
        ),
        (
            "data:text/plain;name=a;charset=utf-8;base64,aGk=",
            ("text/plain;charset=utf-8", Some("a"), b"hi"),
        ),
        (
            "data:image/svg+xml;base64,/+8=",
            ("image/svg+xml", None, &[0xff, 0xef]),
        ),
    ];
    for (uri, held) in cases {
        let file: File = uri.parse().expect(uri);
        assert_eq!(
            (file.media_type(), file.name(), file.bytes()),
            held,
            "{uri}"
        );
    }
}

#[test]
fn nothing_else_is() {
    let cases = [
        "",
        "data:",
        "data:,",
        "AAAA",
        "https://example.org/cat.png",
        "data:image/png,AAAA",
        "data:;base64,AAAA",
        "data:base64,AAAA",
        "data:image;base64,AAAA",
        "data:image/;base64,AAAA",
        "data:/png;base64,AAAA",
        "data:image/png/x;base64,AAAA",
        "data:image /png;base64,AAAA",
        "data:image/png;;base64,AAAA",
        "data:image/png;charset;base64,AAAA",
        "data:image/png;charset=\"a\";base64,AAAA",
        "data:image/png\r\n;base64,AAAA",
        "data:图/png;base64,AAAA",
        "data:image/png;name=a;name=b;base64,AAAA",
        "data:image/png;name=%FF;base64,AAAA",
        "data:image/png;base64;name=a,AAAA",
        // Not canonical: no padding, bits left over, blanks, the alphabet for URLs.
        "data:image/png;base64,AQ",
        "data:image/png;base64,AR==",
        "data:image/png;base64,AA AA",
        "data:image/png;base64,_-8=",
    ];
    for uri in cases {
        assert!(uri.parse::<File>().is_err(), "{uri}");
    }
}

#[test]
fn violations_are_located() {
    let says = |json: &str| {
        let node = Node::parse(json.as_bytes()).expect(json);
        let invalid = Vec::<File>::decode_root(&node).expect_err(json);
        invalid.to_string()
    };
    assert_eq!(
        says(r#"["data:a/b;base64,", "cat.png"]"#),
        "/1: format: expected a file as a data: URI with base64, found \"cat.png\""
    );
    assert_eq!(
        says("[5]"),
        "/0: type: expected a file as a data: URI with base64, found 5"
    );
}

#[test]
fn deserializing_is_decoding() {
    let file: File = serde_json::from_str(r#""data:a/b;name=c;base64,AAAA""#).expect("a file");
    assert_eq!(file.name(), Some("c"));
    let error = serde_json::from_str::<File>(r#""AAAA""#).expect_err("not a file");
    assert!(error.to_string().contains("a data: URI"), "{error}");
}

#[test]
fn pictures_are_known_by_their_first_bytes() {
    let cases: [(&[u8], &str); 12] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"RIFF\0\0\0\0WAVE", "application/octet-stream"),
        (b"RIFF", "application/octet-stream"),
        (b"\x89PNG", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ];
    for (bytes, media_type) in cases {
        assert_eq!(File::new(bytes).media_type(), media_type, "{bytes:?}");
    }
}

#[test]
fn a_media_type_is_two_tokens_and_parameters() {
    let with = |media_type: &str| File::new([]).with_media_type(media_type);
    for media_type in ["a/b", "image/svg+xml", "text/plain;charset=utf-8"] {
        let file = with(media_type).expect(media_type);
        assert_eq!(file.media_type(), media_type);
    }
    for media_type in [
        "",
        "a",
        "a/",
        "a/b;",
        "a/b; c=d",
        "a/b;name=c",
        "a/b\r\nc: d",
        "a/b,c",
    ] {
        with(media_type).expect_err(media_type);
    }
}

#[test]
fn an_empty_name_is_none() {
    assert_eq!(File::new([]).with_name("a").with_name("").name(), None);
}

#[test]
fn debug_output_shows_no_bytes() {
    let shown = format!("{:?}", File::new(*b"secret").with_name("a"));
    assert_eq!(
        shown,
        r#"File { media_type: "application/octet-stream", name: Some("a"), bytes: 6 bytes }"#
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(bytes: Vec<u8>, name: Option<String>) {
        let file = File::new(bytes).with_name(name.unwrap_or_default());
        let uri = file.to_data_uri();
        prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{}", uri);
        prop_assert_eq!(uri.parse::<File>().expect("a file"), file);
    }

    #[test]
    fn whatever_is_read_can_be_written(
        uri in "(data:)?[a-z]{0,2}/?[a-z]{0,2}(;(name|a)=[a-z%0-9\\pL]{0,4}){0,2};base64,[A-D=]{0,8}",
    ) {
        if let Ok(file) = uri.parse::<File>() {
            prop_assert_eq!(file.to_data_uri().parse::<File>().expect("a file"), file);
        }
    }
}
