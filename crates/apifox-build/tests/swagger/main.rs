//! Swagger 2.0 is read as the OpenAPI 3.0 that says the same.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use apifox_document::pointer::JsonPointerExt as _;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Everything that Swagger 2.0 writes in its own way.
fn swagger() -> Value {
    serde_json::from_str(include_str!("swagger-2.0.json")).expect("JSON")
}

/// The same in OpenAPI 3.0.
fn openapi() -> Value {
    serde_json::from_str(include_str!("openapi-3.0.json")).expect("JSON")
}

fn read(json: &Value) -> apifox_document::Document {
    apifox_document::sources::read_text("pets.json", &format!("{json:#}")).expect("a document")
}

#[test]
fn swagger_is_read_as_the_openapi_that_says_the_same() {
    let document = read(&swagger());
    assert_eq!(document.faults, []);
    assert_eq!(document.json, openapi());
    let code = |json: &Value| {
        let code = apifox_build::rust_text("pets.json", &json.to_string(), "Root");
        let code = code.expect("generated");
        let warnings: Vec<String> = code
            .warnings
            .into_iter()
            .map(|warning| warning.message)
            .collect();
        // The document within is in another order.
        let (_, types) = code.text.split_once("\"##;").expect("a document");
        (types.to_owned(), warnings)
    };
    let (text, mut warnings) = code(&swagger());
    let (same, told) = code(&openapi());
    // A `collectionFormat` holds in multipart, where OpenAPI 3.0 has no styles.
    let without_style = text.split_whitespace().collect::<String>().replacen(
        "serialization:Some(rt::Style::Form.joined()),media",
        "serialization:None,media",
        1,
    );
    let same: String = same.split_whitespace().collect();
    assert_eq!(without_style, same);
    warnings.push("is ignored, as this version of OpenAPI says, in multipart".to_owned());
    assert_eq!(warnings, told);
    assert!(text.contains("pub mod get_pet "), "{text}");
}

/// The items of a module, and the warnings.
fn items(code: &apifox_build::Code) -> (Vec<&str>, Vec<&str>) {
    let (_, types) = code.text.split_once("\"##;").expect("a document");
    let is_item = |line: &&str| line.trim_start().starts_with("pub ");
    let mut items: Vec<&str> = types.lines().filter(is_item).collect();
    items.sort_unstable();
    let warnings = code.warnings.iter();
    (
        items,
        warnings.map(|warning| warning.message.as_str()).collect(),
    )
}

#[test]
fn a_document_in_several_files_is_read_as_the_whole() {
    let cases = [
        (
            swagger(),
            ["/responses/error", "/parameters/limit", "/definitions/Pet"],
        ),
        (
            openapi(),
            [
                "/components/responses/error",
                "/components/parameters/limit",
                "/components/schemas/Pet",
            ],
        ),
    ];
    for (json, shared) in cases {
        let directory = tempfile::tempdir().expect("a directory");
        let parts = directory.path().join("some parts");
        std::fs::create_dir(&parts).expect("a directory");
        let mut main = json.clone();
        for (at, place) in ["/paths/~1pets~1{id}"].iter().chain(&shared).enumerate() {
            let reference = json!({"$ref": format!("./some%20parts/{at}.yaml#/it")});
            let part = std::mem::replace(main.pointer_mut(place).expect("a part"), reference);
            let part = json!({"it": part})
                .to_string()
                .replace("\"#/", "\"../main.json#/");
            std::fs::write(parts.join(format!("{at}.yaml")), part).expect("a file");
        }
        let path = directory.path().join("main.json");
        std::fs::write(&path, main.to_string()).expect("a file");
        let code = apifox_build::rust_file(&path, "Root").expect("generated");
        let whole = apifox_build::rust_text("main.json", &json.to_string(), "Root");
        assert_eq!(items(&code), items(&whole.expect("generated")));
    }
}

/// The pointers to the schemas of a document of Swagger 2.0.
fn schemas(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), json)];
    while let Some((pointer, value)) = pending.pop() {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (pointer.child(name), value))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (pointer.child(index), item))
                .collect(),
            _ => Vec::new(),
        };
        pending.extend(children);
        let has_type = value.get("type").is_some_and(Value::is_string);
        let is_ignored = pointer.starts_with("/securityDefinitions")
            || pointer.contains("/headers/")
            || value["type"] == "file"
            // Text by a schema is read as any text.
            || value.get("in").is_none() && pointer.contains("/patch/responses/");
        if has_type && !is_ignored {
            found.push(pointer);
        }
    }
    found
}

#[test]
fn what_is_wrong_is_told_where_it_is_written() {
    let whole = swagger();
    let places = schemas(&whole);
    assert!(places.len() > 20, "{places:#?}");
    for place in places {
        let mut broken = whole.clone();
        broken.pointer_mut(&place).expect("a schema")["minimun"] = json!(1);
        let text = format!("{broken:#}");
        let code = apifox_build::rust_text("pets.json", &text, "Root").expect("generated");
        let told = code
            .warnings
            .iter()
            .find(|warning| warning.keyword.as_deref() == Some("minimun"));
        let told = told.unwrap_or_else(|| panic!("{place}: {:#?}", code.warnings));
        let line = text
            .lines()
            .position(|line| line.contains("minimun"))
            .expect("a line")
            + 1;
        let location = told.location.as_ref().expect("a location");
        assert_eq!(
            (told.pointer.as_str(), location.line),
            (place.as_str(), line),
            "{told:?}"
        );
    }
}

#[test]
fn what_is_not_supported_is_reported_with_its_place() {
    let mut json = swagger();
    let get = json
        .pointer_mut("/paths/~1pets~1{id}/get")
        .expect("an operation");
    get["parameters"][1]["collectionFormat"] = json!("tsv");
    get["parameters"][0]["items"] = json!({"type": "array", "items": {"type": "string"}});
    get["parameters"][4]["collectionFormat"] = json!("multi");
    get["operationid"] = json!("pet");
    let put = json
        .pointer_mut("/paths/~1pets~1{id}/put/parameters")
        .expect("parameters");
    let list = put.as_array_mut().expect("a list");
    list.push(json!({"name": "again", "in": "body", "schema": {}}));
    json.pointer_mut("/paths/~1pets~1{id}/post")
        .expect("an operation")["consumes"] = json!(["application/x-www-form-urlencoded"]);
    let document = read(&json);
    let lines: Vec<(String, String)> = document
        .faults
        .iter()
        .map(|fault| (fault.pointer.clone(), fault.named()))
        .collect();
    let own = |pointer: &str, message: &str| {
        (
            format!("/paths/~1pets~1{{id}}/{pointer}"),
            message.to_owned(),
        )
    };
    let expected = [
        own(
            "get/operationid",
            "operationid is not a member of Operation (2.0); it is skipped",
        ),
        own(
            "get/parameters/0",
            "items: an array in an array is not supported",
        ),
        own(
            "get/parameters/1",
            "collectionFormat: \"tsv\" is not supported here; it is read as \"csv\"",
        ),
        own(
            "get/parameters/4",
            "collectionFormat: \"multi\" is not supported here; it is read as \"csv\"",
        ),
        own("put/parameters/2", "is skipped: an operation has one body"),
        own(
            "post",
            "consumes: has a file, so it is sent as multipart/form-data",
        ),
    ];
    assert_eq!(lines, expected);
    assert!(document.faults.iter().all(|fault| fault.location.is_some()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands anywhere in a document, reading it ends.
    #[test]
    fn anything_may_be_anywhere(
        places in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        value in prop_oneof![
            Just(json!(null)), Just(json!(true)), Just(json!("")), Just(json!(-1)), Just(json!([])),
            Just(json!({})), Just(json!([{}])), Just(json!({"$ref": "#/definitions/Pet"})),
            Just(json!({"$ref": "#/parameters/pet"})), Just(json!({"$ref": "#/responses/error"})),
            Just(json!({"in": "body"})), Just(json!({"in": "formData", "type": "array", "items": {"type": "file"}})),
            Just(json!([{"in": "body", "schema": {"$ref": "#/paths"}}, {"in": "query", "type": "array"}])),
        ],
    ) {
        let mut json = swagger();
        for place in places {
            let mut pointers = Vec::new();
            let mut pending = vec![(String::new(), &json)];
            while let Some((pointer, value)) = pending.pop() {
                match value {
                    Value::Object(members) => pending.extend(members.iter().map(|(name, value)| (pointer.child(name), value))),
                    Value::Array(items) => pending.extend(items.iter().enumerate().map(|(at, item)| (pointer.child(at), item))),
                    _ => {}
                }
                pointers.push(pointer);
            }
            let pointer = place.get(&pointers);
            if let Some(there) = json.pointer_mut(pointer).filter(|_| !pointer.is_empty()) {
                *there = value.clone();
            }
        }
        let document = read(&json);
        for strict in [false, true] {
            if let Err(problems) = apifox_document::forms::read(&document, strict) {
                prop_assert!(!problems.0.is_empty());
            }
        }
    }
}

#[test]
fn other_versions_are_refused() {
    for version in [json!("1.2"), json!(1.2), json!("2.1"), json!(null)] {
        let json = json!({"swagger": version, "paths": {}});
        let problems =
            apifox_build::rust_text("pets.json", &json.to_string(), "Root").expect_err("refused");
        assert!(
            problems.to_string().contains("not 2.0, 3.0, 3.1 or 3.2"),
            "{problems}"
        );
    }
    let others = [
        ("swagger", "3.0", "which is one of OpenAPI"),
        ("openapi", "2.0", "which is one of Swagger"),
    ];
    for (name, version, told) in others {
        let json = json!({name: version, "paths": {}}).to_string();
        let problems = apifox_build::rust_text("pets.json", &json, "Root").expect_err("refused");
        let told = format!("is version {version:?}, {told}");
        assert!(problems.to_string().contains(&told), "{problems}");
    }
    let plain = json!({"swagger": 2.0, "paths": {}, "definitions": {"A": {"type": "string", "maxLength": 2}}});
    let code = apifox_build::rust_text("pets.json", &plain.to_string(), "Root").expect("generated");
    assert!(code.text.contains("pub struct A"), "{}", code.text);
}
