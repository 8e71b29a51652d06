//! What the operations of `golden/files.json` send, whose forms and bodies have files.

use apifox_runtime::{File, Media, Node, Operation};
use serde_json::{Map, Value, json};

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

/// The code of a form with this schema, among these components.
fn form(version: &str, schema: &Value, components: &Value) -> apifox_build::Code {
    let document = json!({"openapi": version, "info": {"title": "t", "version": "1"},
        "paths": {"/u": {"post": {"operationId": "u", "responses": {"200": {"description": "ok"}},
            "requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}}},
        "components": {"schemas": components}});
    apifox_build::rust_text("u.json", &document.to_string(), "Root").expect("a module")
}

/// What was told of a form, each with its keyword or the last step of its place.
fn told(code: &apifox_build::Code) -> Vec<String> {
    let warnings = code.warnings.iter();
    let told = warnings.map(|warning| {
        let (_, last) = warning.pointer.rsplit_once('/').expect("a place");
        format!(
            "{}: {}",
            warning.keyword.as_deref().unwrap_or(last),
            warning.message
        )
    });
    told.collect()
}

/// Fields that take files, and the keyword or step that is told of each; none where all is said.
const LIMITS: [(&str, &str); 13] = [
    (
        r#"{"type": "array", "items": FILE, "minItems": 1.0, "maxItems": 2}"#,
        "",
    ),
    (
        r#"{"type": "array", "items": FILE, "maxItems": "2"}"#,
        "maxItems",
    ),
    (
        r#"{"type": "array", "items": FILE, "uniqueItems": true}"#,
        "uniqueItems",
    ),
    (
        r#"{"type": "array", "items": FILE, "uniqueItems": false}"#,
        "",
    ),
    (r#"{"type": ["array", "string"], "items": FILE}"#, "type"),
    (
        r#"{"type": "array", "items": FILE, "allOf": [{"maxItems": 2}]}"#,
        "allOf",
    ),
    (
        r#"{"allOf": [{"type": "array", "items": FILE}, {"title": "t"}, {"maxItems": 2}]}"#,
        "2",
    ),
    (
        r#"{"type": "string", "format": "binary", "maxLength": 9}"#,
        "maxLength",
    ),
    (
        r##"{"$ref": "#/components/schemas/F", "maxLength": 9}"##,
        "maxLength",
    ),
    (r##"{"$ref": "#/components/schemas/G"}"##, "maxLength"),
    (
        r#"{"anyOf": [FILE, {"type": "null"}], "description": "d"}"#,
        "",
    ),
    (
        r##"{"type": "string", "allOf": [{"$ref": "#/components/schemas/F"}]}"##,
        "",
    ),
    (r#"{"oneOf": [FILE, {"type": "integer"}]}"#, "1"),
];

#[test]
fn limits_that_files_do_not_say_are_told() {
    const FILE: &str = r#"{"type": "string", "format": "binary"}"#;
    let file: Value = serde_json::from_str(FILE).expect("JSON");
    let other = json!({"$ref": "#/components/schemas/F", "maxLength": 9});
    let components = json!({"F": file, "G": other});
    for (field, unsaid) in LIMITS {
        let field: Value = serde_json::from_str(&field.replace("FILE", FILE)).expect("JSON");
        let schema = json!({"type": "object", "writeOnly": true, "properties": {"f": field}});
        let code = form("3.1.0", &schema, &components);
        assert!(code.text.contains("rt::File"), "{field}");
        let expected = format!("{unsaid}: is not supported: the field takes files");
        let expected: Vec<String> = (!unsaid.is_empty())
            .then_some(expected)
            .into_iter()
            .collect();
        assert_eq!(told(&code), expected, "{field}");
    }
}

#[test]
fn what_stands_beside_a_reference_counts_by_the_version() {
    let schema = json!({"$ref": "#/components/schemas/F", "required": ["b"],
        "properties": {"b": {"type": "integer"}}});
    let file = json!({"type": "string", "format": "binary"});
    let components = json!({"F": {"type": "object", "properties": {"a": file}}});
    let mut chained = components.clone();
    chained["G"] = schema.clone();
    for schema in [&schema, &json!({"$ref": "#/components/schemas/G"})] {
        let new = form("3.1.0", schema, &chained);
        assert!(new.text.contains("pub b: rt::Integer"), "{}", new.text);
        assert_eq!(told(&new), Vec::<String>::new());
    }
    let old = form("3.0.3", &schema, &components);
    assert!(!old.text.contains("pub b:"), "{}", old.text);
    let ignored = |name: &str| {
        format!("{name}: stands beside $ref, where OpenAPI 3.0 ignores it; it is skipped")
    };
    assert_eq!(told(&old), [ignored("required"), ignored("properties")]);
    let field = json!({"$ref": "#/components/schemas/F", "maxLength": 9});
    let field = json!({"type": "object", "properties": {"f": field}});
    let old = form("3.0.3", &field, &json!({"F": file}));
    assert_eq!(told(&old), [ignored("maxLength")]);
}

#[test]
fn what_is_told_of_a_body_that_is_not_sent_is_told_of_the_next() {
    let document = include_str!("told_once.json");
    let code = apifox_build::rust_text("t.json", document, "Root").expect("a module");
    let expected = [
        "multipart~1form-data: is skipped: the body is sent as application/json",
        "f: is sent as a text: whether it is there depends on other fields",
    ];
    assert_eq!(told(&code), expected);
}

#[test]
fn many_references_to_one_schema_take_no_time() {
    let deeper = |index: usize| json!({"$ref": format!("#/components/schemas/L{}", index + 1)});
    let level = |index: usize| {
        (
            format!("L{index}"),
            json!({"allOf": vec![deeper(index); 12]}),
        )
    };
    let mut components: Map<String, Value> = (0..12).map(level).collect();
    components.insert("L12".into(), json!({"type": "string", "format": "binary"}));
    let first = json!({"$ref": "#/components/schemas/L0"});
    let field = json!({"type": "object", "properties": {"f": first}});
    for schema in [&first, &field] {
        form("3.1.0", schema, &components.clone().into());
    }
}
