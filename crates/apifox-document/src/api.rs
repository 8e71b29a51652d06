//! What a document says, in whatever form it came: operations, and the schemas
//! that they share.
//!
//! Every form has a reader of its own in `forms/`; code that uses a document knows only
//! this model. A schema is named by its place, a JSON pointer into
//! [`Api::json`]: the document, with its schemas in plain JSON Schema.

use std::collections::BTreeMap;
use std::fmt;

use apifox_runtime::{Location, Serialization};
use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::moves::Moves;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

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
    /// The operations that the API calls and others serve: webhooks, and callbacks. The last of
    /// their `names` is the `operationId`, where they have one. Their `path` says what they are:
    /// `webhook newPet`, or the operation, the callback's name and the expression of its URL, as
    /// `POST /pets onSold {$request.body#/url}`.
    pub incoming: Vec<Endpoint>,
    /// Where the API can be reached, where an operation says nothing else.
    pub servers: Vec<Server>,
    /// The schemas that others refer to, by their place.
    pub models: BTreeMap<String, Model>,
    /// Whether references start from the document; otherwise from each schema.
    pub is_shared: bool,
    /// Whether this is a document of many operations, each with a module of its own.
    pub is_collection: bool,
    /// The numbers that 64 bits or a double do not keep: as they are written, by their place.
    pub inexact: BTreeMap<String, String>,
    /// Where schemas are that stood elsewhere in the document.
    pub moves: Moves,
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
    /// Whether the document says that it is deprecated.
    pub is_deprecated: bool,
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
    /// The credentials that a request needs: all of any one of these sets. Empty where the
    /// document does not mention any. An empty set says that a request may do without; alone,
    /// that none are wanted.
    pub security: Vec<Vec<Requirement>>,
    /// Where it can be reached, as its path, or else the document, says.
    pub servers: Vec<Server>,
    /// Which callback it is of, if it is of one.
    pub callback: Option<Callback>,
    /// Its place in the document.
    pub pointer: String,
}

/// What an operation that the API calls back is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// The method and the path of the operation that it belongs to.
    pub of: (String, String),
    /// The key under `callbacks`, which says nothing of what is sent.
    pub label: String,
    /// The expression of its URL.
    pub expression: String,
}

/// A server of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Its URL, with variables as `{name}`.
    pub url: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The variables of its URL.
    pub variables: Vec<ServerVariable>,
}

/// A variable in the URL of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name.
    pub name: String,
    /// Its value unless a caller chooses another.
    pub default: String,
    /// The values that it may have; any where there are none.
    pub allowed: Vec<String>,
    /// What the document says of it.
    pub description: Option<String>,
}

/// A credential that an operation requires, and what it has to permit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The credential.
    pub credential: Credential,
    /// The scopes of OAuth 2 and OpenID Connect, or the roles, that it has to cover.
    pub scopes: Vec<String>,
}

impl From<Credential> for Requirement {
    fn from(credential: Credential) -> Self {
        Self {
            credential,
            scopes: Vec::new(),
        }
    }
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

impl Requirement {
    /// Sets of credentials in words.
    pub fn list(sets: &[Vec<Self>]) -> String {
        let describe = |set: &Vec<Self>| {
            let all: Vec<String> = set.iter().map(ToString::to_string).collect();
            match all.is_empty() {
                true => "nothing".to_owned(),
                false => all.join(" and "),
            }
        };
        let sets: Vec<String> = sets.iter().map(describe).collect();
        sets.join(", or ")
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.credential.fmt(f)?;
        match &self.scopes[..] {
            [] => Ok(()),
            scopes => write!(f, " (with {})", scopes.join(", ")),
        }
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
    /// How its value is written.
    pub serialization: Serialization,
    /// What the document says of it.
    pub description: Option<String>,
    /// Whether the document says that it is deprecated.
    pub is_deprecated: bool,
    /// The place of its schema.
    pub schema: String,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether a request has to have it.
    pub required: bool,
    /// What it may be sent as; the first is preferred. Never empty.
    pub contents: Vec<MediaType<Content>>,
}

/// What a body is where it has this media type.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaType<C> {
    /// The media type, as the document writes it.
    pub name: String,
    /// Whether types are made of it: of the preferred one, and of others that a caller may
    /// choose for a request since their values are of another type.
    pub is_used: bool,
    /// What the body is made of.
    pub content: C,
}

/// What a request's body is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// JSON by the schema at this place.
    Json(String),
    /// A form of these fields.
    Fields {
        /// How the form is sent.
        kind: FormKind,
        /// The fields.
        fields: Vec<Part>,
        /// How fields are written, where the document says so.
        encoding: Vec<FieldEncoding>,
    },
    /// A form by a schema that is more than a plain list of fields.
    Form {
        /// How the form is sent.
        kind: FormKind,
        /// The place of the schema.
        schema: String,
        /// The names of the fields that it lists, each once.
        fields: Vec<String>,
        /// How fields are written, where the document says so.
        encoding: Vec<FieldEncoding>,
    },
    /// Text of this media type.
    Text {
        /// The media type.
        media: String,
        /// The place of the schema of the text; `None` where any text will do.
        schema: Option<String>,
    },
    /// Values in JSON, one after the other.
    Sequence {
        /// The media type.
        media: String,
        /// What the values are.
        values: Sequence,
    },
    /// Bytes of this media type.
    Binary(String),
}

/// How a form is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// As `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// As `multipart/form-data`.
    FormData,
    /// As this kind of multipart, such as `multipart/related`: a part for each field, in the
    /// order of the schema.
    Multipart(String),
}

/// Where the schema of a sequence of values is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// The schema at this place is of each value.
    Each(String),
    /// The schema at this place is of the array of all values.
    All(String),
}

/// How a field of a form is written, as in OpenAPI's
/// [Encoding Object](https://spec.openapis.org/oas/v3.1.1.html#encoding-object).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldEncoding {
    /// The field's name.
    pub name: String,
    /// The style of its text, where the document states one.
    pub serialization: Option<Serialization>,
    /// The media types that it may be sent as; unless the document says so, the value
    /// decides.
    pub media: Vec<String>,
    /// The headers of its part, as far as they have one value only.
    pub headers: Vec<(String, String)>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Whether a form has to have it.
    pub required: bool,
    /// What the document says of it.
    pub description: Option<String>,
    /// Whether the document says that it is deprecated.
    pub is_deprecated: bool,
    /// What it holds.
    pub value: PartValue,
}

/// What a field of a form holds.
#[derive(Clone, Debug, PartialEq)]
pub enum PartValue {
    /// A value by the schema at this place.
    Schema(String),
    /// A file.
    File,
    /// So many files.
    Files(FileCount),
}

/// How many files a field of a form holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileCount {
    /// At least.
    pub at_least: u64,
    /// At most; any number where there is none.
    pub at_most: Option<u64>,
}

impl FileCount {
    /// As many as either allows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let most = self.at_most.zip(other.at_most);
        Self {
            at_least: self.at_least.min(other.at_least),
            at_most: most.map(|(one, other)| one.max(other)),
        }
    }
}

impl fmt::Display for FileCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.at_least, self.at_most) {
            (0, None) => f.write_str("any number of files"),
            (least, None) => write!(f, "{least} or more files"),
            (0, Some(most)) => write!(f, "up to {most} files"),
            (least, Some(most)) => write!(f, "{least} to {most} files"),
        }
    }
}

/// A reply that the document describes.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status; 0 for the one that stands for all others. Of a range it is the first.
    pub status: u16,
    /// Whether it stands for all statuses of its hundred, as `2XX` does, that have none of
    /// their own.
    pub is_range: bool,
    /// What the document calls it.
    pub name: Option<String>,
    /// What its body may come as; the first is preferred. Empty where the document describes
    /// no body.
    pub contents: Vec<MediaType<Reply>>,
    /// Its headers, each as a parameter in a header is described.
    pub headers: Vec<Parameter>,
    /// Its place in the document.
    pub pointer: String,
}

/// What the body of a reply is.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// JSON, by the schema at this place where there is one.
    Json(Option<String>),
    /// Text of this media type.
    Text {
        /// The media type.
        media: String,
        /// The place of the schema of the text; `None` where it may be any.
        schema: Option<String>,
    },
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

impl<C> MediaType<C> {
    /// The only media type of a body.
    pub fn only(name: impl Into<String>, content: C) -> Self {
        Self {
            name: name.into(),
            is_used: true,
            content,
        }
    }
}

impl Content {
    /// The place of its schema: of its JSON, form or text, or of its values.
    pub fn schema(&self) -> Option<&String> {
        match self {
            Self::Json(schema) | Self::Form { schema, .. } => Some(schema),
            Self::Text { schema, .. } => schema.as_ref(),
            Self::Sequence { values, .. } => match values {
                Sequence::Each(schema) | Sequence::All(schema) => Some(schema),
            },
            Self::Fields { .. } | Self::Binary(_) => None,
        }
    }
}

impl Reply {
    /// The place of its schema: of its JSON, of its text, or of each event.
    pub fn schema(&self) -> Option<&String> {
        match self {
            Self::Json(schema) | Self::Text { schema, .. } => schema.as_ref(),
            Self::Events { schema, .. } => Some(schema),
            Self::Binary(_) => None,
        }
    }
}

impl Body {
    /// What it is sent as unless a caller chooses otherwise.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        Some(&self.contents.first()?.content)
    }
}

impl Api {
    /// The id that the document gives an operation.
    #[must_use]
    pub fn operation_id(&self, endpoint: &Endpoint) -> Option<&str> {
        let operation = self.json.value_at(&endpoint.pointer)?;
        let id = operation.get("operationId")?.as_str()?.trim();
        (!id.is_empty()).then_some(id)
    }
}

impl Endpoint {
    /// The method and the path: `POST /pets`.
    #[must_use]
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether a reply may report success: by its status, or because it stands for all statuses
    /// where the document describes neither a success nor a redirect.
    #[must_use]
    pub fn may_succeed(&self, reply: &Response) -> bool {
        let mut statuses = self.responses.iter().map(|one| one.status);
        let is_alone = reply.status == 0 && !statuses.any(|status| (1..400).contains(&status));
        reply.succeeds() || is_alone
    }

    /// The response that one of an Apifox operation's `responseExamples` belongs to, by the id
    /// that it names: a number, or the same as text. 0 stands for the only response, or for the
    /// first that reports success. `document` is the one that the operation was read from.
    #[must_use]
    pub fn response_of_example(&self, document: &Value, example: &Value) -> Option<&Response> {
        let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let id = text(example.get("responseId")?);
        let has_id = |response: &&Response| {
            let own = document.pointer(&response.pointer.child("id"));
            own.is_some_and(|own| text(own) == id)
        };
        let by_default = || match &self.responses[..] {
            [single] => Some(single),
            all => all.iter().find(|response| response.succeeds()),
        };
        let by_id = self.responses.iter().find(has_id);
        by_id.or_else(|| (id == "0").then(by_default)?)
    }
}

impl Response {
    /// Whether its status reports success.
    #[must_use]
    pub fn succeeds(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What its body is; JSON of any kind where the document describes none.
    #[must_use]
    pub fn content(&self) -> &Reply {
        const UNDESCRIBED: &Reply = &Reply::Json(None);
        let preferred = self.contents.first();
        preferred.map_or(UNDESCRIBED, |media| &media.content)
    }

    /// All that the document describes for `status` as [`for_status`](Self::for_status) does: there
    /// may be several of one status.
    #[must_use]
    pub fn all_for_status(responses: &[Self], status: u16) -> Vec<&Self> {
        let Some(first) = Self::for_status(responses, status) else {
            return Vec::new();
        };
        let of = |response: &Self| (response.status, response.is_range);
        let all = responses.iter();
        all.filter(|response| of(response) == of(first)).collect()
    }

    /// What the document describes for `status`, of all of `responses`.
    #[must_use]
    pub fn for_status(responses: &[Self], status: u16) -> Option<&Self> {
        let own = |response: &&Self| response.status == status && !response.is_range;
        let range = |response: &&Self| response.is_range && response.status / 100 == status / 100;
        let all = responses.iter();
        let found = all.clone().find(own).or_else(|| all.clone().find(range));
        found.or_else(|| responses.iter().find(|response| response.status == 0))
    }
}
