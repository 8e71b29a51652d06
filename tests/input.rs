//! Pictures that go into requests: read, judged, and refused before they are sent.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use inkstone::{
    Client, DOCUMENTS, ImageFormat, ImageLimits, InputError, InputImage, Node, OPERATIONS, Stage,
    body_schema, check_images, gateway,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A PNG of these sides as far as its chunks tell: of `length` bytes, from 57 on.
fn png(width: u32, height: u32, length: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    // Depth and colour, and a checksum.
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    let data = length.max(57) - bytes.len() - 24;
    bytes.extend(u32::try_from(data).expect("short").to_be_bytes());
    bytes.extend(b"IDAT");
    bytes.resize(bytes.len() + data + 4, 0);
    bytes.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}

fn data_uri(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

#[test]
fn a_picture_is_a_path_bytes_a_url_or_a_data_uri() {
    let bytes = png(3, 2, 60);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("cat.jpg");
    std::fs::write(&path, &bytes).expect("written");
    let path = path.to_str().expect("UTF-8");
    let uri = data_uri(&bytes);
    let made = [
        InputImage::find(path),
        InputImage::from_path(path),
        InputImage::from_bytes(&bytes),
        InputImage::find(&uri),
        InputImage::from_uri(&uri),
    ];
    for image in made {
        let image = image.expect("a picture");
        // By its bytes, whatever the name says.
        assert_eq!(image.format(), Some(ImageFormat::Png));
        assert_eq!(image.sides(), Some((3, 2)));
        assert_eq!(image.size(), Some(60));
        assert!(format!("{image:?}").len() < 200);
        assert_eq!(image.into_uri(), uri);
    }
    for url in ["https://a.example/b.png", "http://a/b", "oss://bucket/key"] {
        let image = InputImage::find(url).expect("a picture");
        assert_eq!(
            (image.format(), image.sides(), image.size()),
            (None, None, None)
        );
        assert_eq!(image.as_uri(), url);
    }
    let shouted = uri.replacen("data:image/png;base64", "DATA:;BASE64", 1);
    assert_eq!(
        InputImage::find(&shouted).expect("a picture").sides(),
        Some((3, 2))
    );
}

#[test]
fn what_is_no_picture_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("missing.png");
    let missing = missing.to_str().expect("UTF-8");
    let bytes = png(3, 2, 60);
    let cut = data_uri(&bytes[..59]);
    let long = format!("data:;base64,{}", "AAAA".repeat((64 << 20) / 3 + 1));
    let cases = [
        (missing, "can't be read: No such file"),
        (
            directory.path().to_str().expect("UTF-8"),
            "can't be read: Is a directory",
        ),
        (
            "ftp://a/b.png",
            "neither an http, https or oss URL nor a data URI",
        ),
        (
            "https://",
            "neither an http, https or oss URL nor a data URI",
        ),
        (
            "file:///etc/passwd",
            "neither an http, https or oss URL nor a data URI",
        ),
        ("data:image/png,raw", "a data URI without base64"),
        ("data:image/png;base64,!", "a data URI without base64"),
        ("data:", "a data URI without base64"),
        (
            "data:;base64,AAAA",
            "is not a PNG, JPEG, WebP, GIF, BMP or TIFF",
        ),
        (
            "data:;base64,",
            "is not a PNG, JPEG, WebP, GIF, BMP or TIFF",
        ),
        (
            "data:;base64,iVBORw0KGgo=",
            "is a PNG that is damaged, or cut short",
        ),
        (&cut, "is a PNG that is damaged, or cut short"),
        (&long, "has more than 67108864 bytes, which no API takes"),
    ];
    for (given, message) in cases {
        let error = InputImage::find(given).expect_err(message);
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(inkstone::Error::from(error).stage(), Stage::Invalid);
    }
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_refused() {
    let error = InputImage::from_path("/dev/zero").expect_err("no picture");
    assert!(matches!(error, InputError::TooLong { .. }), "{error}");
}

#[test]
fn a_url_is_as_it_was_written_or_else_as_browsers_send_it() {
    let cases = [
        (
            "https://a.example/b?c=%2f",
            Some("https://a.example/b?c=%2f"),
        ),
        ("HTTPS://A.example:443", Some("HTTPS://A.example:443")),
        (
            "https://例え.jp/猫 1.png?q=图",
            Some("https://xn--r8jz45g.jp/%E7%8C%AB%201.png?q=%E5%9B%BE"),
        ),
        ("oss://bucket/猫.png", Some("oss://bucket/猫.png")),
        ("ftp://a.example/b", None),
        ("https://", None),
        ("猫.png", None),
    ];
    for (given, sent) in cases {
        let image = InputImage::from_uri(given).ok();
        assert_eq!(image.as_ref().map(InputImage::as_uri), sent, "{given}");
    }
}

#[test]
fn limits_are_inclusive() {
    type Expected = &'static [(&'static str, &'static str)];
    const SIDE: &str = "a picture with sides from 240 to 8000 pixels";
    const RATIO: &str = "a picture with a ratio of width to height from 1:8 to 8:1";
    let limits = json!({
        "formats": ["png", "jpeg"],
        "maxBytes": 1000,
        "side": {"minimum": 240, "maximum": 8000},
        "ratio": {"minimum": "1:8", "maximum": "8:1"},
    });
    let limits = ImageLimits::parse(&limits).expect("limits");
    let gif = [&b"GIF89a"[..], &[0, 1, 0, 1, 0, 0, 0], b";"].concat();
    let cases: [(Vec<u8>, Expected); 13] = [
        (png(240, 240, 1000), &[]),
        (png(8000, 1000, 57), &[]),
        (png(1000, 8000, 57), &[]),
        (png(240, 1920, 57), &[]),
        (
            png(240, 240, 1001),
            &[("a picture of at most 1000 bytes", "1001 bytes")],
        ),
        (png(239, 240, 57), &[(SIDE, "239x240 pixels")]),
        (png(240, 239, 57), &[(SIDE, "240x239 pixels")]),
        (png(8001, 8000, 57), &[(SIDE, "8001x8000 pixels")]),
        (
            png(1000, 8001, 57),
            &[(SIDE, "1000x8001 pixels"), (RATIO, "1000x8001 pixels")],
        ),
        (png(240, 1921, 57), &[(RATIO, "240x1921 pixels")]),
        (png(1921, 240, 57), &[(RATIO, "1921x240 pixels")]),
        (
            png(u32::MAX, 1, 57),
            &[
                (SIDE, "4294967295x1 pixels"),
                (RATIO, "4294967295x1 pixels"),
            ],
        ),
        (gif, &[("a picture of format PNG, JPEG", "GIF")]),
    ];
    for (bytes, expected) in cases {
        let image = InputImage::from_bytes(&bytes).expect("a picture");
        let violations = limits.violations(&image, "/image");
        let found: Vec<_> = violations
            .iter()
            .inspect(|it| assert_eq!((&*it.pointer, it.keyword), ("/image", "x-image")))
            .map(|it| (it.expected.as_str(), it.value.as_str()))
            .collect();
        assert_eq!(found, expected, "{image:?}");
    }
    let elsewhere = InputImage::from_uri("https://a.example/b").expect("a URL");
    assert!(limits.violations(&elsewhere, "").is_empty());
    assert_eq!(ImageLimits::parse(&json!({})), Some(ImageLimits::default()));
    for bad in [
        json!(1),
        json!({"side": 1}),
        json!({"formats": ["jpg"]}),
        json!({"ratio": {"minimum": "1"}}),
    ] {
        assert_eq!(ImageLimits::parse(&bad), None, "{bad}");
    }
}

/// The values of every keyword `x-image` below.
fn stated(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(stated).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match name.as_str() {
                "x-image" => vec![value],
                _ => stated(value),
            })
            .collect(),
        _ => vec![],
    }
}

#[test]
fn every_document_states_limits_that_are_understood() {
    let mut count = 0;
    for document in DOCUMENTS {
        let json: Value = serde_json::from_str(document.json).expect("JSON");
        for limits in stated(&json) {
            assert!(
                ImageLimits::parse(limits).is_some(),
                "{}: {limits}",
                document.name
            );
            count += 1;
        }
    }
    assert!(count >= 2);
}

/// A value with `uri` where a schema first says that a picture is.
fn with_picture(root: &Value, schema: &Value, uri: &str, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if schema.get("x-image").is_some() {
        return Some(uri.into());
    }
    let go = |schema: &Value| with_picture(root, schema, uri, depth);
    let member = |(name, schema): (&String, &Value)| Some(json!({name: go(schema)?}));
    let properties = schema.get("properties").and_then(Value::as_object);
    let named = properties.and_then(|members| members.iter().find_map(member));
    let item = || Some(json!([go(schema.get("items")?)?]));
    let referred = || go(root.pointer(schema["$ref"].as_str()?.strip_prefix('#')?)?);
    let same = || {
        ["if", "then", "else"]
            .iter()
            .find_map(|name| go(schema.get(name)?))
    };
    let listed = || {
        let lists = ["allOf", "anyOf", "oneOf"].iter();
        lists
            .flat_map(|name| schema.get(name)?.as_array())
            .flatten()
            .find_map(go)
    };
    named
        .or_else(item)
        .or_else(referred)
        .or_else(same)
        .or_else(listed)
}

#[test]
fn whatever_document_states_limits_has_them_held() {
    let whole = png(1000, 1000, 57);
    let broken = data_uri(&whole[..whole.len() - 12]);
    let mut count = 0;
    for operation in OPERATIONS {
        let document: Value = serde_json::from_str(operation.document).expect("JSON");
        let Some(schema) = body_schema(operation) else {
            continue;
        };
        if stated(&document["requestBody"]).is_empty() {
            continue;
        }
        let (api, name) = (operation.api, operation.name);
        let body = with_picture(&schema, &schema, &broken, 32);
        let body = body.unwrap_or_else(|| panic!("{api}/{name} has no place for a picture"));
        let (request, prefix) = match operation.parameters {
            Some(_) => (json!({"body": body}), "/body"),
            None => (body, ""),
        };
        let found = check_images(operation, &Node::from(&request));
        assert_eq!(found.len(), 1, "{api}/{name}");
        assert!(found[0].pointer.starts_with(prefix), "{api}/{name}");
        assert_eq!(found[0].expected, "a whole picture", "{api}/{name}");
        count += 1;
    }
    // Forms as well as JSON.
    assert!(count >= 3, "{count}");
}

#[tokio::test]
async fn a_picture_beyond_its_limits_is_not_sent() {
    let uri = data_uri(&png(1000, 1000, (10 << 20) + 1));
    let image = InputImage::from_uri(&uri).expect("a picture");
    let image = image.into_uri().parse().expect("a URI");
    let request = gateway::qwen_image_edit_2509::Request::new("a hat".to_owned(), image);
    // Nobody listens there: a request that is sent would end as `NotSent`.
    let client = Client::builder("http://127.0.0.1:1")
        .key("sk-a")
        .build()
        .expect("a client");
    let error = client.send(&request).await.expect_err("too long");
    assert_eq!(error.stage(), Stage::Invalid);
    let found: Vec<_> = error.violations().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["/image: x-image: expected a picture of at most 10485760 bytes, found 10485761 bytes"]
    );
}

#[test]
fn pictures_of_messages_are_checked_one_by_one() {
    let operation = OPERATIONS
        .iter()
        .find(|it| it.api == "dashscope" && it.name == "qwen-image-2.0")
        .expect("the document");
    let good = data_uri(&png(100, 100, 57));
    let long = data_uri(&png(100, 100, (10 << 20) + 1));
    let body = json!({"model": "qwen-image-2.0", "input": {"messages": [{"role": "user", "content": [
        {"image": good}, {"image": long}, {"image": "data:image/png;base64,AAAA"}, {"text": "a"},
    ]}]}});
    let found: Vec<_> = check_images(operation, &Node::from(&body))
        .iter()
        .map(ToString::to_string)
        .collect();
    let at = "/input/messages/0/content";
    assert_eq!(
        found,
        [
            format!(
                "{at}/1/image: x-image: expected a picture of at most 10485760 bytes, found 10485761 bytes"
            ),
            format!(
                "{at}/2/image: x-image: expected a whole picture, found one that is not a PNG, JPEG, WebP, GIF, BMP or TIFF"
            ),
        ]
    );
}

/// Bytes that start as some format does.
fn headed() -> impl Strategy<Value = Vec<u8>> {
    let heads: Vec<&[u8]> = vec![
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"RIFF\0\0\0\0WEBPVP8L",
        b"RIFF\0\0\0\0WEBPVP8X",
        b"GIF89a",
        b"BM",
        b"II*\0\x08\0\0\0",
        b"MM\0*\0\0\0\x08",
    ];
    let bytes = prop_oneof![Just(0xff), Just(0), Just(1), any::<u8>()];
    (
        prop::sample::select(heads),
        prop::collection::vec(bytes, 0..200),
    )
        .prop_map(|(head, rest)| [head, &rest].concat())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop_oneof![headed(), prop::collection::vec(any::<u8>(), 0..300)]) {
        if let Ok(image) = InputImage::from_bytes(&bytes) {
            let (width, height) = image.sides().expect("sides");
            prop_assert!(width > 0 && height > 0);
            prop_assert_eq!(InputImage::from_uri(image.as_uri()).expect("a picture"), image);
        }
    }

    #[test]
    fn no_text_panics(text in "(data:|https?://|oss://)?[a-z;,]{0,9}(;base64,)?\\PC{0,40}") {
        let _ = InputImage::from_uri(&text);
    }
}
