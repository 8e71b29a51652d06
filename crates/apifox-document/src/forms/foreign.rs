//! Formats of other tools, which are told by their names: as what they are not, a document or a
//! JSON Schema, they would be refused member by member.

use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::document::{Document, no_document};

/// A format that is not read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreign {
    name: &'static str,
    /// What to give in its place.
    instead: &'static str,
}

/// What to do with what has samples where schemas are needed.
const SAMPLES: &str = "it holds samples, and no schemas: import it into Apifox, complete it there, \
                       and export OpenAPI";

/// What to do with what Apifox reads.
const IMPORT: &str = "import it into Apifox, and export OpenAPI";

const CONVERT: &str = "convert it to OpenAPI 3";

/// Whether the members of its root tell that a document is in a format.
type IsFormat = fn(&Value) -> bool;

/// The formats that are told by the members of their root.
const FORMATS: [(IsFormat, Foreign); 12] = [
    (
        |json| {
            let info = &json["info"];
            let schema = info["schema"].as_str();
            info.get("_postman_id").is_some()
                || schema.is_some_and(|schema| schema.contains("postman.com/json/collection"))
        },
        Foreign::new("a Postman collection", SAMPLES),
    ),
    (
        |json| json["log"]["entries"].is_array(),
        Foreign::new("an HTTP archive", SAMPLES),
    ),
    (
        |json| json["_type"] == "export" && json["resources"].is_array(),
        Foreign::new("an export of Insomnia", SAMPLES),
    ),
    (
        |json| json["asyncapi"].is_string(),
        Foreign::new("AsyncAPI", "give the document of the API's HTTP operations"),
    ),
    (
        |json| json["arazzo"].is_string(),
        Foreign::new(
            "an Arazzo description",
            "give the documents that its sourceDescriptions name",
        ),
    ),
    (
        |json| json["overlay"].is_string() && json["actions"].is_array(),
        Foreign::new(
            "an overlay",
            "write its changes as a correction beside the document",
        ),
    ),
    (
        |json| json["openrpc"].is_string(),
        Foreign::new("OpenRPC", CONVERT),
    ),
    (
        |json| json["swaggerVersion"].is_string(),
        Foreign::new("Swagger 1", CONVERT),
    ),
    (
        |json| json["discoveryVersion"].is_string(),
        Foreign::new("a discovery document of Google's", CONVERT),
    ),
    (
        |json| json["__schema"].is_object() || json["data"]["__schema"].is_object(),
        Foreign::new("a GraphQL schema", "give the document of an HTTP API"),
    ),
    (is_yapi, Foreign::new("an export of YApi", IMPORT)),
    (is_apidoc, Foreign::new("an export of apiDoc", IMPORT)),
];

const HTML: Foreign = Foreign::new(
    "a page in HTML",
    "copy the text that a browser shows, or export OpenAPI",
);

/// How a text begins that is in none of the formats that are read.
const TEXTS: [(&str, Foreign); 6] = [
    ("<!doctype html", HTML),
    ("<html", HTML),
    ("<?xml", Foreign::new("XML", CONVERT)),
    ("#%raml", Foreign::new("RAML", CONVERT)),
    ("format: 1a", Foreign::new("an API Blueprint", CONVERT)),
    (
        "syntax = \"proto",
        Foreign::new("a protocol of gRPC", CONVERT),
    ),
];

/// What Apifox and others write into Markdown that is made of a document.
const WIDDERSHINS: &str = "widdershins";

impl Foreign {
    const fn new(name: &'static str, instead: &'static str) -> Self {
        Self { name, instead }
    }

    /// The format of another tool that a document is in.
    pub(crate) fn of(json: &Value) -> Option<Self> {
        let found = FORMATS.iter().find(|(is_format, _)| is_format(json));
        found.map(|(_, format)| *format)
    }

    /// The same of a text that can't be read.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let begins = |beginning: &str| {
            let start = text.get(..beginning.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        if is_rendered(text) {
            return Some(Self::new(
                "Markdown that was made of a document, and says only part of it",
                "export the project from Apifox as OpenAPI 3.0 or 3.1, or in Apifox's own format",
            ));
        }
        let found = TEXTS.iter().find(|(beginning, _)| begins(beginning));
        found.map(|(_, format)| *format)
    }

    /// That a document in this format is not read.
    pub(crate) fn refused(self, file: &str) -> Diagnostic {
        let message = format!("is {}, which is not read", self.name);
        Diagnostic::new(file, "", message, self.instead)
    }
}

/// Whether a list is one of YApi's categories, with the endpoints of each.
fn is_yapi(json: &Value) -> bool {
    let categories = json.as_array().into_iter().flatten();
    let mut endpoints = categories.filter_map(|category| category["list"].as_array());
    let is_endpoint = |endpoint: &Value| {
        let is_own = endpoint["query_path"].is_object() || endpoint["req_query"].is_array();
        is_own && endpoint["path"].is_string()
    };
    endpoints.any(|list| list.iter().any(is_endpoint))
}

/// Whether a list is one of apiDoc's endpoints.
fn is_apidoc(json: &Value) -> bool {
    let is_endpoint = |endpoint: &Value| {
        let mut members = ["type", "url", "group"].iter();
        members.all(|member| endpoint[member].is_string())
    };
    json.as_array()
        .is_some_and(|all| all.iter().any(is_endpoint))
}

/// Why a document in another tool's format is not read.
pub(crate) fn refusal(document: &Document) -> Diagnostic {
    match Foreign::of(&document.json) {
        Some(format) => format.refused(&document.file),
        None => no_document(&document.file),
    }
}

/// Whether the lines at the head of a page in Markdown say that widdershins made it.
fn is_rendered(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next().is_some_and(|line| line.trim_end() == "---")
        && lines
            .take_while(|line| line.trim_end() != "---")
            .any(|line| line.starts_with("generator:") && line.contains(WIDDERSHINS))
}
