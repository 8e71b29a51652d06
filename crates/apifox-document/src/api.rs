//! What a document says, in whatever form it came: operations, and the schemas
//! that they share.
//!
//! Every form has a reader of its own in `forms/`; code that uses a document knows only
//! this model. A schema is named by its place, a JSON pointer into
//! [`Api::json`]: the document, with its schemas in plain JSON Schema.

use std::collections::BTreeMap;
use std::fmt;

use apifox_runtime::{Location, Style};
use serde_json::Value;

use crate::diagnostics::Diagnostic;

/// A document, read.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The document; every place below is in it.
    pub json: Value,
    /// What the document calls itself.
    pub title: Option<String>,
    /// What the document says of itself.
    pub description: Option<String>,
    /// Its operations, in the order of the document.
    pub operations: Vec<Endpoint>,
    /// The schemas that others refer to, by their place.
    pub models: BTreeMap<String, Model>,
    /// Whether references start from the document; otherwise from each schema.
    pub is_shared: bool,
    /// Whether this is a document of many operations, each with a module of its own.
    pub is_collection: bool,
    /// What is wrong in the document and was skipped.
    pub skipped: Vec<Diagnostic>,
    /// What is not supported, though it is correct.
    pub unsupported: Vec<Diagnostic>,
}

/// A schema that others refer to.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the document calls it.
    pub name: String,
}

/// An operation as its document describes it.
#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    /// What its module may be called, the best first.
    pub names: Vec<String>,
    /// What the document calls it.
    pub title: Option<String>,
    /// What the document says of it.
    pub description: Option<String>,
    /// Its tags, and in a project export the folders around it.
    pub tags: Vec<String>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with parameters as `{name}`.
    pub path: String,
    /// The parameters beside the body.
    pub parameters: Vec<Parameter>,
    /// The body of a request; `None` where it has none.
    pub body: Option<Body>,
    /// The replies that the document describes, in its order.
    pub responses: Vec<Response>,
    /// The credentials that a request needs: all of any one of these sets.
    pub security: Vec<Vec<Credential>>,
    /// Its place in the document.
    pub pointer: String,
}

/// A credential that a caller sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A token as `Authorization: Bearer …`.
    Bearer,
    /// A user and a password as `Authorization: Basic …`.
    Basic,
    /// A key in the header of this name.
    Header(String),
    /// A key in the query, under this name.
    Query(String),
    /// A key in the cookie of this name.
    Cookie(String),
    /// Something else, by what the document calls it.
    Other(String),
}

impl Credential {
    /// Whether one key, sent in a header, is all that a set asks for.
    pub fn are_one_key(set: &[Self]) -> bool {
        matches!(set, [Self::Bearer | Self::Basic | Self::Header(_)])
    }

    /// Sets of credentials in words.
    pub fn list(sets: &[Vec<Self>]) -> String {
        let describe = |set: &Vec<Self>| {
            let all: Vec<String> = set.iter().map(ToString::to_string).collect();
            all.join(" and ")
        };
        let sets: Vec<String> = sets.iter().map(describe).collect();
        sets.join(", or ")
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => f.write_str("a token as `Authorization: Bearer`"),
            Self::Basic => f.write_str("user and password as `Authorization: Basic`"),
            Self::Header(name) => write!(f, "a key in the header `{name}`"),
            Self::Query(name) => write!(f, "a key in the query as `{name}`"),
            Self::Cookie(name) => write!(f, "a key in the cookie `{name}`"),
            Self::Other(name) => write!(f, "what the document calls `{name}`"),
        }
    }
}

/// A parameter beside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Whether it is in the path, the query, a header or a cookie.
    pub location: Location,
    /// Its name.
    pub name: String,
    /// Whether a request has to have it.
    pub required: bool,
    /// How arrays and objects are written.
    pub style: Style,
    /// What the document says of it.
    pub description: Option<String>,
    /// The place of its schema.
    pub schema: String,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// What it is made of.
    pub content: Content,
    /// The media type to send it as, where that is not the usual one of its content.
    pub media: Option<String>,
    /// Whether a request has to have it.
    pub required: bool,
}

/// What a request's body is made of.
#[derive(Clone, Debug)]
pub enum Content {
    /// JSON by the schema at this place.
    Json(String),
    /// A form of these fields, sent as `multipart/form-data` or else as
    /// `application/x-www-form-urlencoded`.
    Fields {
        /// Whether it is sent as `multipart/form-data`.
        multipart: bool,
        /// The fields.
        fields: Vec<Part>,
    },
    /// A form by a schema that is more than a plain list of fields.
    Form {
        /// Whether it is sent as `multipart/form-data`.
        multipart: bool,
        /// The place of the schema.
        schema: String,
    },
    /// Text of this media type.
    Text(String),
    /// Bytes of this media type.
    Binary(String),
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Whether a form has to have it.
    pub required: bool,
    /// What the document says of it.
    pub description: Option<String>,
    /// What it holds.
    pub value: PartValue,
}

/// What a field of a form holds.
#[derive(Clone, Debug)]
pub enum PartValue {
    /// A value by the schema at this place.
    Schema(String),
    /// A file.
    File,
    /// Any number of files.
    Files,
}

/// A reply that the document describes.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status; 0 for the one that stands for all others.
    pub status: u16,
    /// What the document calls it.
    pub name: Option<String>,
    /// What its body is.
    pub content: Reply,
    /// Its place in the document.
    pub pointer: String,
}

/// What the body of a reply is.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// JSON, by the schema at this place where there is one.
    Json(Option<String>),
    /// Text of this media type.
    Text(String),
    /// Bytes of this media type.
    Binary(String),
    /// One value after the other in a text.
    Events {
        /// The media type of the text.
        media: String,
        /// The place of the schema of each value.
        schema: String,
    },
}

impl Reply {
    /// Events of this media type. The schema `described`, at the place `schema`, is about each
    /// event; a schema of a string is about the whole text, which is then not split.
    pub fn from_events(media: String, described: Option<&Value>, schema: Option<String>) -> Self {
        let is_text = described.is_some_and(|schema| schema["type"] == "string");
        match schema.filter(|_| !is_text) {
            Some(schema) => Self::Events { media, schema },
            None => Self::Text(media),
        }
    }

    /// The place of the schema of its JSON, or of each event.
    pub fn schema(&self) -> Option<&String> {
        match self {
            Self::Json(schema) => schema.as_ref(),
            Self::Events { schema, .. } => Some(schema),
            Self::Text(_) | Self::Binary(_) => None,
        }
    }
}

impl Response {
    /// Whether its status reports success.
    #[must_use]
    pub fn succeeds(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
