//! What the operations of `golden/files.json` send, whose forms and bodies have files.

use apifox_runtime::{File, Media, Node, Operation};

use generated::post_several::Image;

mod generated {
    include!("../golden/files.rs");
}

const PNG: &str = r#""data:image/png;name=a.png;base64,iVBORw==""#;

/// The media type and the text of a body.
fn body(operation: &Operation, body: &str) -> (String, String) {
    let request = format!(r#"{{"body": {}}}"#, body.replace("PNG", PNG));
    let request = Node::parse(request.as_bytes()).expect("JSON");
    let report = (operation.check_request)(&request);
    assert!(report.violations().is_empty(), "{report:?}");
    let body = operation.encode(&request).expect("a request").body;
    let body = body.expect("a body");
    let text = String::from_utf8_lossy(&body.bytes).into_owned();
    (body.media_type, text)
}

/// How often a file is in a body, by its field's name.
fn count(text: &str, name: &str) -> usize {
    let part = format!(
        "form-data; name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{fffd}PNG\r\n"
    );
    text.matches(&part).count()
}

#[test]
fn a_file_is_one_however_a_form_describes_it() {
    for (operation, sent, names) in [
        (
            &generated::post_closed::OPERATION,
            r#"{"file": PNG, "thumb": PNG, "back": PNG, "n": 3}"#,
            &["file", "thumb", "back"][..],
        ),
        (
            &generated::post_several::OPERATION,
            r#"{"image": [PNG], "more": [PNG], "or_text": PNG}"#,
            &["image", "more", "or_text"],
        ),
        (
            &generated::post_composed::OPERATION,
            r#"{"name": "x", "file": PNG}"#,
            &["file"],
        ),
        (
            &generated::post_untyped::OPERATION,
            r#"{"icon": PNG, "all": [PNG], "coded": "aGk="}"#,
            &["icon", "all"],
        ),
    ] {
        let (media_type, text) = body(operation, sent);
        assert!(
            media_type.starts_with("multipart/form-data; "),
            "{media_type}"
        );
        for name in names {
            assert_eq!(count(&text, name), 1, "{name}: {text}");
        }
    }
}

#[test]
fn so_many_files_as_the_form_allows() {
    let refused = |images: &str| {
        let sent = format!(r#"{{"body": {{"image": [{images}]}}}}"#).replace("PNG", PNG);
        let sent = Node::parse(sent.as_bytes()).expect("JSON");
        let report = (generated::post_several::OPERATION.check_request)(&sent);
        let violations = report.violations();
        violations.first().map(ToString::to_string)
    };
    assert_eq!(refused("PNG, PNG"), None);
    assert_eq!(
        refused("").as_deref(),
        Some("/body/image: minItems: expected at least 1 item, found []")
    );
    let many = ["PNG"; 17].join(", ");
    assert!(refused(&many).is_some_and(|it| it.contains("maxItems: expected at most 16 items")));
    let file = || File::new(*b"x");
    assert!(Image::try_from(vec![file(), file()]).is_ok());
}

#[test]
fn a_body_is_sent_as_the_media_type_that_the_document_names() {
    for (operation, sent, expected) in [
        (&generated::put_any::OPERATION, "PNG", "image/png"),
        (
            &generated::put_named::OPERATION,
            r#""a,b""#,
            "text/csv; header=present; charset=utf-8",
        ),
    ] {
        assert_eq!(body(operation, sent).0, expected);
    }
    assert_eq!(generated::put_any::OPERATION.reply, Media::Binary("*/*"));
    for (operation, expected) in [
        (&generated::post_named::OPERATION, "application/json; v=2"),
        (
            &generated::patch_patch_as_application_merge_patch_json::OPERATION,
            "application/merge-patch+json",
        ),
    ] {
        assert_eq!(operation.headers, [("Content-Type", expected)]);
    }
    // A range is nothing that could be sent.
    let (media_type, text) = body(&generated::post_ranges::OPERATION, r#"{"note": "x"}"#);
    assert!(
        media_type.starts_with("multipart/form-data; "),
        "{media_type}"
    );
    assert!(text.contains("name=\"note\"\r\n\r\nx\r\n"), "{text}");
}

#[test]
fn what_files_do_not_say_is_told() {
    let document = include_str!("../golden/files.json");
    let code = apifox_build::rust_text("files.json", document, "Root").expect("a module");
    let told = code.warnings.iter().map(|warning| {
        let (_, place) = warning.pointer.split_once("/content/").expect("a body");
        let keyword = warning.keyword.as_deref().unwrap_or_default();
        format!("{place} {keyword}: {}", warning.message)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "multipart~1form-data/schema/properties/or_text/oneOf/0 : is not supported: the field takes files",
            "multipart~1form-data/schema minProperties: is not supported: the form has files",
            "multipart~1form-data/schema/oneOf/0/properties/file : is sent as a text: whether it is there depends on other fields",
            "text~1csv; header=present; charset=gbk : is sent in UTF-8, not in gbk",
        ]
    );
}

#[test]
fn a_field_of_apifox_is_a_file_by_its_type_or_its_schema() {
    let document = r#"{"name": "Upload", "method": "POST", "path": "/u", "requestBody": {
        "type": "multipart/form-data", "parameters": [
            {"name": "a", "type": "file"},
            {"name": "b", "type": "array", "items": {"type": "file"}},
            {"name": "c", "schema": {"type": "string", "format": "binary"}},
            {"name": "d", "schema": {"type": "array", "items": {"type": "string", "format": "binary"}}},
            {"name": "e", "type": "string"}
        ]}}"#;
    let code = apifox_build::rust_text("upload.json", document, "Root").expect("a module");
    for field in [
        "pub a: Option<rt::File>",
        "pub b: Option<Vec<rt::File>>",
        "pub c: Option<rt::File>",
        "pub d: Option<Vec<rt::File>>",
        "pub e: Option<String>",
    ] {
        assert!(code.text.contains(field), "{field}\n{}", code.text);
    }
}
