//! What is no document but something that people take for one is told by its name.

#![allow(clippy::expect_used)]

use apifox_document::sources::read_text;
use apifox_document::{Form, forms};

const SAMPLES: &str = "it holds samples, and no schemas: import it into Apifox, complete it there, and export OpenAPI";
const CONVERT: &str = "convert it to OpenAPI 3";
const PAGE: &str = "copy the text that a browser shows, or export OpenAPI";
const EXPORT: &str =
    "export the project from Apifox as OpenAPI 3.0 or 3.1, or in Apifox's own format";
const RENDERED: &str = "Markdown that was made of a document, and says only part of it";

/// A file, its text, what it is and what to give instead.
const CASES: [(&str, &str, &str, &str); 19] = [
    (
        "a.json",
        r#"{"info": {"_postman_id": "1", "name": "a"}, "item": []}"#,
        "a Postman collection",
        SAMPLES,
    ),
    (
        "a.json",
        r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}"#,
        "a Postman collection",
        SAMPLES,
    ),
    (
        "a.har.json",
        r#"{"log": {"version": "1.2", "entries": []}}"#,
        "an HTTP archive",
        SAMPLES,
    ),
    (
        "a.yaml",
        "_type: export\n__export_format: 4\nresources: []\n",
        "an export of Insomnia",
        SAMPLES,
    ),
    (
        "a.yaml",
        "asyncapi: 3.0.0\ninfo: {title: a, version: '1'}\ncomponents: {}\n",
        "AsyncAPI",
        "give the document of the API's HTTP operations",
    ),
    (
        "a.yaml",
        "arazzo: 1.0.0\ninfo: {}\nworkflows: []\n",
        "an Arazzo description",
        "give the documents that its sourceDescriptions name",
    ),
    (
        "a.yaml",
        "overlay: 1.0.0\ninfo: {}\nactions: []\n",
        "an overlay",
        "write its changes as a correction beside the document",
    ),
    ("a.json", r#"{"openrpc": "1.2.6"}"#, "OpenRPC", CONVERT),
    (
        "a.json",
        r#"{"swaggerVersion": "1.2", "apis": []}"#,
        "Swagger 1",
        CONVERT,
    ),
    (
        "a.json",
        r#"{"kind": "discovery#restDescription", "discoveryVersion": "v1"}"#,
        "a discovery document of Google's",
        CONVERT,
    ),
    (
        "a.json",
        r#"{"data": {"__schema": {"types": []}}}"#,
        "a GraphQL schema",
        "give the document of an HTTP API",
    ),
    ("a.html", "<!DOCTYPE html>\n<html>", "a page in HTML", PAGE),
    ("a.txt", "\u{feff}\n<html lang=zh>", "a page in HTML", PAGE),
    (
        "a.wsdl",
        "<?xml version=\"1.0\"?>\n<definitions/>",
        "XML",
        CONVERT,
    ),
    ("a.raml", "#%RAML 1.0\ntitle: a\n", "RAML", CONVERT),
    ("a.apib", "FORMAT: 1A\n\n# a\n", "an API Blueprint", CONVERT),
    (
        "a.proto",
        "syntax = \"proto3\";\n",
        "a protocol of gRPC",
        CONVERT,
    ),
    (
        "a.md",
        "---\ntitle: 默认模块\ngenerator: \"@tarslib/widdershins v4.0.30\"\n\n---\n\n# 默认模块\n",
        RENDERED,
        EXPORT,
    ),
    (
        "a.md",
        "---\r\ngenerator: widdershins v4\r\n---\r\n\r\n```json\r\n{}\r\n```\r\n",
        RENDERED,
        EXPORT,
    ),
];

#[test]
fn what_is_in_another_tools_format_is_told_by_its_name() {
    for (file, text, name, instead) in CASES {
        let read = read_text(file, text).and_then(|document| forms::read(&document, true));
        let told = read.expect_err(text).to_string();
        let expected = format!(
            "1 problem in the documents:\n  {file}: is {name}, which is not read\n      {instead}"
        );
        assert_eq!(told.trim(), expected, "{text}");
    }
}

#[test]
fn a_document_with_such_members_is_none_of_them() {
    let cases = [
        (
            r#"{"type": "object", "properties": {"info": {}, "log": {}, "openrpc": {}}}"#,
            Form::Schema,
        ),
        (
            r#"{"openapi": "3.0.0", "info": {"_postman_id": "1"}, "paths": {}}"#,
            Form::OpenApi,
        ),
    ];
    for (text, form) in cases {
        let read = read_text("a.json", text).map(|document| document.form());
        assert_eq!(read.expect(text), form, "{text}");
    }
}
