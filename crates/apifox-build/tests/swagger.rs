//! Swagger 2.0 is read as the OpenAPI 3.0 that says the same.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use apifox_document::pointer::JsonPointerExt as _;
use serde_json::{Value, json};

/// Everything that Swagger 2.0 writes in its own way.
fn swagger() -> Value {
    json!({
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "host": "pets.example.com",
        "basePath": "/v1/",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {
            "user": {"type": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a", "tokenUrl": "https://b", "scopes": {"read": "to read"}},
        },
        "security": [{"key": []}],
        "parameters": {
            "limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 10},
            "pet": {"name": "pet", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Pet"}},
            "toy": {"name": "toy", "in": "body", "schema": {"type": "object", "properties": {"kind": {"type": "string"}}}},
            "note": {"name": "note", "in": "formData", "type": "string", "maxLength": 9},
        },
        "responses": {
            "error": {"description": "no", "schema": {"type": "object", "properties": {"reason": {"type": "string", "x-nullable": true}}}},
        },
        "paths": {
            "/pets/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "type": "integer", "format": "int64"}],
                "get": {
                    "operationId": "getPet",
                    "parameters": [
                        {"name": "tags", "in": "query", "type": "array", "items": {"type": "string", "minLength": 1}},
                        {"name": "kinds", "in": "query", "type": "array", "collectionFormat": "multi", "items": {"type": "string"}},
                        {"name": "sizes", "in": "query", "type": "array", "collectionFormat": "pipes", "items": {"type": "integer"}},
                        {"name": "words", "in": "query", "type": "array", "collectionFormat": "ssv", "items": {"type": "string"}},
                        {"name": "X-List", "in": "header", "type": "array", "items": {"type": "string"}},
                        {"$ref": "#/parameters/limit"},
                    ],
                    "responses": {
                        "200": {"description": "a pet", "schema": {"$ref": "#/definitions/Pet"}, "headers": {"X-Left": {"type": "integer", "description": "left"}}},
                        "default": {"$ref": "#/responses/error"},
                    },
                },
                "put": {
                    "operationId": "putPet",
                    "parameters": [{"$ref": "#/parameters/pet"}, {"name": "dry", "in": "query", "type": "boolean"}],
                    "responses": {"204": {"description": "done"}, "default": {"$ref": "#/responses/error"}},
                },
                "post": {
                    "operationId": "photo",
                    "consumes": ["multipart/form-data"],
                    "produces": ["image/png"],
                    "security": [{"user": []}],
                    "parameters": [
                        {"name": "picture", "in": "formData", "type": "file", "required": true, "description": "a picture"},
                        {"$ref": "#/parameters/note"},
                        {"name": "size", "in": "formData", "type": "integer", "minimum": 1},
                    ],
                    "responses": {"200": {"description": "it", "schema": {"type": "file"}}},
                },
                "patch": {
                    "operationId": "name",
                    "parameters": [
                        {"name": "name", "in": "formData", "type": "string", "enum": ["a", "b"]},
                    ],
                    "responses": {"200": {"description": "text", "schema": {"type": "string"}}},
                    "produces": ["text/plain"],
                },
                "delete": {
                    "operationId": "drop",
                    "parameters": [{"$ref": "#/parameters/toy"}],
                    "responses": {"204": {"description": "done"}},
                },
            },
        },
        "definitions": {
            "Pet": {
                "type": "object",
                "discriminator": "kind",
                "required": ["kind"],
                "properties": {
                    "kind": {"type": "string"},
                    "name": {"type": "string", "x-nullable": true},
                    "mother": {"$ref": "#/definitions/Pet"},
                    "x-nullable": {"type": "boolean"},
                    "discriminator": {"type": "string"},
                },
            },
            "Cat": {"allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"lives": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}}]},
        },
    })
}

/// The same in OpenAPI 3.0.
fn openapi() -> Value {
    let content = |media: &str, schema: Value| json!({media: {"schema": schema}});
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    let text = json!({"type": "string"});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example.com/v1"}],
        "security": [{"key": []}],
        "paths": {
            "/pets/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64"}}],
                "get": {
                    "operationId": "getPet",
                    "parameters": [
                        {"name": "tags", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string", "minLength": 1}}},
                        {"name": "kinds", "in": "query", "style": "form", "explode": true, "schema": {"type": "array", "items": text}},
                        {"name": "sizes", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
                        {"name": "words", "in": "query", "style": "spaceDelimited", "explode": false, "schema": {"type": "array", "items": text}},
                        {"name": "X-List", "in": "header", "style": "simple", "explode": false, "schema": {"type": "array", "items": text}},
                        {"$ref": "#/components/parameters/limit"},
                    ],
                    "responses": {
                        "200": {"description": "a pet", "headers": {"X-Left": {"description": "left", "schema": {"type": "integer"}}}, "content": content("application/json", pet.clone())},
                        "default": {"$ref": "#/components/responses/error"},
                    },
                },
                "put": {
                    "operationId": "putPet",
                    "parameters": [{"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
                    "requestBody": {"required": true, "content": content("application/json", pet.clone())},
                    "responses": {"204": {"description": "done"}, "default": {"$ref": "#/components/responses/error"}},
                },
                "post": {
                    "operationId": "photo",
                    "security": [{"user": []}],
                    "parameters": [],
                    "requestBody": {"required": true, "content": content("multipart/form-data", json!({
                        "type": "object",
                        "properties": {
                            "picture": {"type": "string", "format": "binary", "description": "a picture"},
                            "note": {"$ref": "#/components/schemas/note"},
                            "size": {"type": "integer", "minimum": 1},
                        },
                        "required": ["picture"],
                    }))},
                    "responses": {"200": {"description": "it", "content": content("image/png", json!({"type": "string", "format": "binary"}))}},
                },
                "patch": {
                    "operationId": "name",
                    "parameters": [],
                    "requestBody": {"required": false, "content": content("application/x-www-form-urlencoded", json!({
                        "type": "object",
                        "properties": {"name": {"type": "string", "enum": ["a", "b"]}},
                    }))},
                    "responses": {"200": {"description": "text", "content": content("text/plain", text.clone())}},
                },
                "delete": {
                    "operationId": "drop",
                    "parameters": [],
                    "requestBody": {"required": false, "content": content("application/json", json!({"$ref": "#/components/schemas/toy"}))},
                    "responses": {"204": {"description": "done"}},
                },
            },
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object",
                    "discriminator": {"propertyName": "kind"},
                    "required": ["kind"],
                    "properties": {
                        "kind": {"type": "string"},
                        "name": {"type": "string", "nullable": true},
                        "mother": pet.clone(),
                        "x-nullable": {"type": "boolean"},
                        "discriminator": {"type": "string"},
                    },
                },
                "Cat": {"allOf": [pet, {"type": "object", "properties": {"lives": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}}]},
                "toy": {"type": "object", "properties": {"kind": {"type": "string"}}},
                "note": {"type": "string", "maxLength": 9},
            },
            "parameters": {
                "limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
            },
            "responses": {
                "error": {"description": "no", "content": content("application/json", json!({"type": "object", "properties": {"reason": {"type": "string", "nullable": true}}}))},
            },
            "securitySchemes": {
                "user": {"type": "http", "scheme": "basic"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "login": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "https://a", "tokenUrl": "https://b", "scopes": {"read": "to read"}}}},
            },
        },
    })
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
    let (text, warnings) = code(&swagger());
    assert_eq!((text.clone(), warnings.clone()), code(&openapi()));
    assert!(text.contains("pub mod get_pet "), "{text}");
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
        own(
            "put/parameters/2",
            "in: is skipped: an operation has one body",
        ),
        own(
            "post",
            "consumes: has a file, so it is sent as multipart/form-data",
        ),
    ];
    assert_eq!(lines, expected);
    assert!(document.faults.iter().all(|fault| fault.location.is_some()));
}

#[test]
fn other_versions_are_refused() {
    for version in [json!("1.2"), json!(1.2), json!("2.1"), json!(null)] {
        let json = json!({"swagger": version, "paths": {}});
        let problems =
            apifox_build::rust_text("pets.json", &json.to_string(), "Root").expect_err("refused");
        assert!(
            problems.to_string().contains("not 2.0, 3.0 or 3.1"),
            "{problems}"
        );
    }
    let plain = json!({"swagger": 2.0, "paths": {}, "definitions": {"A": {"type": "string", "maxLength": 2}}});
    let code = apifox_build::rust_text("pets.json", &plain.to_string(), "Root").expect("generated");
    assert!(code.text.contains("pub struct A"), "{}", code.text);
}
