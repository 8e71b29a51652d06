//! A picture is found and saved in whatever form a reply has it.

use std::fs;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use inkstone::{Client, Image, Retries};
use proptest::prelude::*;
use test_data::pictures::of_length as picture;

use crate::server::{Act, Server};
use crate::{KEY, cat};

/// The start of a JPEG of 3 by 2 pixels and its end.
const JPEG: &[u8] = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\
    \xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9";

/// A WebP of 1 by 1 pixel, without loss.
const WEBP: &[u8] = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\
    \x11\x11\x88\x88\xfe\x07\x00";

fn raw(head: &str, body: &[u8]) -> Act {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{head}\r\n");
    Act::Send([head.as_bytes(), body].concat())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("written");
    gzip.finish().expect("gzip")
}

/// What is saved of a reply that has one picture, by a client that spools and one that does not.
async fn saved(act: impl Fn() -> Act, pointer: &str, case: &str) -> Vec<u8> {
    let spool = tempfile::tempdir().expect("a directory");
    let mut all = Vec::new();
    for is_spooled in [true, false] {
        let server = Server::start(vec![act()]).await;
        let client = Client::builder(&server.url).key(KEY);
        let client = client.retries(Retries::none()).build().expect("a client");
        let client = client.with_spool(is_spooled.then(|| spool.path().to_owned()));
        let reply = client.send(&cat()).await.expect(case);
        let images = reply.images();
        let pointers: Vec<_> = images.iter().map(|image| image.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer], "{case}");
        let out = spool.path().join("out");
        let saved = client.save(&images[0], &out, "cat").await.expect(case);
        all.push(fs::read(saved).expect("a file"));
        assert!(all[0] == all[all.len() - 1], "{case}");
        let mut whole = Vec::new();
        reply.write_body(&mut whole).expect("written");
        // What is kept of a reply has its pictures as well.
        assert_eq!(Image::find(&whole).len(), 1, "{case}");
    }
    all.remove(0)
}

#[tokio::test]
async fn a_reply_may_be_a_picture_itself() {
    let png = picture(7, 90_000);
    for (bytes, kind) in [(&png[..], "png"), (JPEG, "jpeg"), (WEBP, "webp")] {
        let own = format!("content-type: image/{kind}\r\n");
        for head in ["", "content-type: application/json\r\n", &own] {
            let case = format!("{kind} {head}");
            assert!(
                saved(|| raw(head, bytes), "", &case).await == bytes,
                "{case}"
            );
            let zipped = gzip(bytes);
            assert!(
                saved(|| raw(head, &zipped), "", &case).await == bytes,
                "{case}"
            );
        }
        let encoded = URL_SAFE_NO_PAD.encode(bytes);
        let texts = [
            encoded.clone(),
            format!("\u{feff}\"{encoded}\"\n"),
            format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)),
            format!("\"data:;base64,{encoded}\""),
        ];
        for text in texts {
            let act = || raw("content-type: text/plain\r\n", text.as_bytes());
            let case = &text[..text.len().min(40)];
            assert!(saved(act, "", case).await == bytes, "{case}");
        }
    }
}

#[tokio::test]
async fn what_is_no_picture_is_still_no_reply() {
    for body in [
        &b"BMW"[..],
        b"R0lGOD cats",
        b"data:,iVBORw0KGgo",
        b"/9j/../x",
        b"<html>",
    ] {
        let server = Server::start(vec![raw("", body)]).await;
        let client = Client::builder(&server.url).key(KEY);
        let client = client.retries(Retries::none()).build().expect("a client");
        let error = client.send(&cat()).await.expect_err("no JSON");
        assert_eq!(error.stage(), inkstone::Stage::Unreadable, "{error}");
        assert!(error.images().is_empty(), "{error}");
    }
}

/// Base64 in each way that people write it, as it stands in the text of a JSON string.
fn written(bytes: &[u8], alphabet: usize, (at, line): (usize, &str), is_percent: bool) -> String {
    let engines = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];
    let text = engines[alphabet].encode(bytes);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(at)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    let text = lines.join(line);
    match is_percent {
        true => text
            .replace('+', "%2B")
            .replace('/', "%2f")
            .replace('=', "%3D"),
        false => text,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn base64_is_a_picture_in_whatever_form(
        (length, seed) in (100_usize..100_000, any::<u8>()),
        alphabet in 0_usize..4,
        at in 1_usize..200,
        line in prop::sample::select(vec!["", "\\n", "\\r\\n", " ", "\\u000a"]),
        is_percent in any::<bool>(),
        (before, name) in prop::sample::select(vec![
            ("", "b64_json"), ("", "image"), ("", "url"), ("data:image/png;base64,", "url"),
            ("data:;charset=x;BASE64,", "image"), ("data:image\\/png;base64,", "b64_json"),
        ]),
        (is_listed, is_zipped) in any::<(bool, bool)>(),
    ) {
        let bytes = picture(seed, length);
        // Short lines make texts of a hundred times their length.
        let at = at.max(length / 500);
        let text = before.to_owned() + &written(&bytes, alphabet, (at, line), is_percent);
        let (body, pointer) = match is_listed {
            true => (format!(r#"{{"images":["{text}"]}}"#), "/images/0".to_owned()),
            false => (format!(r#"{{"data":[{{"{name}":"{text}"}}]}}"#), format!("/data/0/{name}")),
        };
        let body = if is_zipped { gzip(body.as_bytes()) } else { body.into_bytes() };
        let act = || raw("content-type: application/json\r\n", &body);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let saved = runtime.expect("a runtime").block_on(saved(act, &pointer, "a picture"));
        prop_assert!(saved == bytes);
    }
}
