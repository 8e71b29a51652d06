//! Operations: what a transport knows about one.

use serde::Serialize;
use serde_json::Value;

use crate::decode::decoding::{Decode, check};
use crate::request::parameters::serialization::{Serialization, Style};
use crate::request::server::Server;
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;

/// A request that can be sent.
///
/// Generated for the request type of every operation; a transport needs nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the request of an operation",
    label = "this can't be sent",
    note = "send the `Request` of an operation's module that apifox-build generated, such as \
            `api::shop::add_pet::Request`; what the build omitted it names in its warnings",
    note = "the API itself sends webhooks and callbacks, and with `Builder::operations(false)` \
            there are only types"
)]
pub trait Endpoint: Serialize + Decode {
    /// The body of a reply that reports success.
    type Response: Decode + Serialize + Send + 'static;
    /// The body of a reply that reports a failure.
    type Error: Decode;
    /// The HTTP method.
    const METHOD: &'static str = Self::OPERATION.method;
    /// The path, to be appended to the base URL of the API.
    const PATH: &'static str = Self::OPERATION.path;
    /// The operation as a value, for choosing one at run time.
    const OPERATION: &'static Operation;
}

/// A request whose reply may come as events, one after the other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the request of an operation whose reply may come as events",
    label = "no stream of events is described for this",
    note = "read the reply as a whole with `Client::send`; for a stream its document has to \
            describe `text/event-stream`, or JSON a line such as `application/x-ndjson`"
)]
pub trait EventEndpoint: Endpoint {
    /// What each event brings.
    type Event: Decode + Send + 'static;
}

/// An operation of an API.
///
/// The JSON form of a request is its body if it has no parameters
/// ([`parameters`](Self::parameters) is `None`). Otherwise it is an object with the members
/// `path`, `query`, `header` and `cookie`, each an object of parameters, and `body`; those
/// that the operation does not have are missing.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The API: the folders that the document is in, joined by `/`; for a document of many
    /// operations, followed by its name.
    pub api: &'static str,
    /// The operation's name: that of the document's file without its extension, or the
    /// operation's own in a document of many.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, to be appended to the base URL of the API, with `{name}` in place of
    /// parameters.
    pub path: &'static str,
    /// The request's parameters beside its body; `None` where the request is
    /// its body.
    pub parameters: Option<&'static [Parameter]>,
    /// Headers that every request must have. `Content-Type` is among them where JSON has a
    /// media type of its own.
    pub headers: &'static [(&'static str, &'static str)],
    /// The credentials that a request needs: all those of any one of these sets. Empty
    /// where the document does not mention any. An empty set says that a request may do
    /// without; alone, that none are wanted.
    pub security: &'static [&'static [Credential]],
    /// The scopes of OAuth 2 and OpenID Connect, or the roles, that the credentials of each set
    /// of [`security`](Self::security) have to cover, in the same order. Empty where no set asks
    /// for any.
    pub scopes: &'static [&'static [&'static str]],
    /// The media type of a request's body; `None` where it has none.
    pub body: Option<Media>,
    /// The members of a form that are [`File`](crate::File)s or arrays of them.
    pub files: &'static [&'static str],
    /// How the fields of a form are written, where the document says so.
    pub encoding: &'static [FieldEncoding],
    /// The media type of the body of a reply that reports success.
    pub reply: Media,
    /// The media types to ask for: those that a reply which reports success is read as, of
    /// streams too. Empty where it may be of any.
    pub accept: &'static [&'static str],
    /// Where it can be reached, as the document says.
    pub servers: &'static [Server],
    /// The values that the request's field `model` may have; none where there is no such
    /// field, or where it may be any string.
    pub models: &'static [&'static str],
    /// The corrected document, as JSON.
    pub document: &'static str,
    /// The operation's place in the document, as a JSON pointer.
    pub pointer: &'static str,
    /// Checks a request.
    pub check_request: Check,
    /// Checks the body of a reply that reports success.
    pub check_response: Check,
    /// Checks the body of a reply that reports a failure.
    pub check_error: Check,
    /// Decodes a request and encodes it again; `None` without the feature `recode`.
    pub recode_request: Option<Recode>,
    /// Decodes the body of a reply and encodes it again; `None` without the feature
    /// `recode`.
    pub recode_response: Option<Recode>,
    /// Every reply that the document describes with a schema, in the document's order.
    pub responses: &'static [Response],
    /// The statuses that report success and are described without a body, or with one that is not
    /// JSON, where others have JSON.
    pub bodiless: &'static [u16],
    /// The statuses, each from a first to a last, that report no success and are described
    /// without a schema, where their hundred or the default has one.
    pub schemaless: &'static [(u16, u16)],
}

impl Operation {
    /// An operation without a method, whose request is empty and whose reply may be anything:
    /// what an operation is that says no more of itself.
    pub const ANY: Self = Self {
        api: "",
        name: "",
        method: "",
        path: "",
        parameters: None,
        headers: &[],
        security: &[],
        scopes: &[],
        body: None,
        files: &[],
        encoding: &[],
        reply: Media::Json,
        accept: &[],
        servers: &[],
        models: &[],
        document: "",
        pointer: "",
        check_request: check::<Value>,
        check_response: check::<Value>,
        check_error: check::<Value>,
        recode_request: None,
        recode_response: None,
        responses: &[],
        bodiless: &[],
        schemaless: &[],
    };
}

/// How a request is authenticated, as in the
/// [security schemes](https://spec.openapis.org/oas/v3.1.1.html#security-scheme-object)
/// of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A token as `Authorization: Bearer …`, also for OAuth 2 and OpenID Connect.
    Bearer,
    /// A user and a password as `Authorization: Basic …`.
    Basic,
    /// A key in the header of this name.
    Header(&'static str),
    /// A key in the query, under this name.
    Query(&'static str),
    /// A key in the cookie of this name.
    Cookie(&'static str),
    /// Something else, by the document's name for it.
    Other(&'static str),
}

impl Parameter {
    /// The parameter of this name.
    #[must_use]
    pub const fn new(location: Location, name: &'static str, serialization: Serialization) -> Self {
        Self {
            location,
            name,
            serialization,
        }
    }
}

/// A parameter of a request, beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Where it goes.
    pub location: Location,
    /// Its name.
    pub name: &'static str,
    /// How its value is written.
    pub serialization: Serialization,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// Into the path, in place of `{name}`.
    Path,
    /// Behind the path, after `?`.
    Query,
    /// A header of its own.
    Header,
    /// Into the header `Cookie`.
    Cookie,
}

impl Location {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Cookie];

    /// The location that documents call so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|location| location.name() == name)
    }

    /// The request's member that holds the parameters of this location.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// How a parameter is written here unless a document says otherwise.
    #[must_use]
    pub const fn default_serialization(self) -> Serialization {
        match self {
            Self::Path | Self::Header => Style::Simple.joined(),
            Self::Query | Self::Cookie => Style::Form.exploded(),
        }
    }
}

/// The kind of a body's media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`, from an object; its files are
    /// [`File`](crate::File)s, sent as base64.
    Form,
    /// `multipart/form-data`, from an object; its files are [`File`](crate::File)s.
    Multipart,
    /// Another kind of multipart, such as `multipart/related`, from an object.
    Parts(&'static str),
    /// Text of this media type, from a string, a number or a boolean.
    Text(&'static str),
    /// Values in JSON one after the other, as this media type, from an array.
    Sequence(&'static str),
    /// Bytes of this media type, from a [`File`](crate::File).
    Binary(&'static str),
}

/// How a field of a form is written, as in OpenAPI's
/// [Encoding Object](https://spec.openapis.org/oas/v3.1.1.html#encoding-object).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldEncoding {
    /// The field's name.
    pub name: &'static str,
    /// The style of its text; without one its value or its media type decides.
    pub serialization: Option<Serialization>,
    /// The media types that it may be sent as; any where there are none.
    pub media: &'static [&'static str],
    /// The headers of its part.
    pub headers: &'static [(&'static str, &'static str)],
}

/// A reply that a document describes.
#[derive(Clone, Copy, Debug)]
pub struct Response {
    /// The HTTP status; 0 for the default that stands for all others. Of a range it is the
    /// first.
    pub status: u16,
    /// Whether it stands for all statuses of its hundred that have none of their own.
    pub is_range: bool,
    /// The document's name for it.
    pub name: &'static str,
    /// Its place in the document, as a JSON pointer.
    pub pointer: &'static str,
    /// Whether its body is text; its schema is of what that stands for.
    pub is_text: bool,
    /// Checks its body.
    pub check: Check,
}

/// A corrected document, of an operation or of an API's error body.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// The API: the folders that the document is in, joined by `/`.
    pub api: &'static str,
    /// The document's name: that of its file, without the extension.
    pub name: &'static str,
    /// The corrected document, as JSON.
    pub json: &'static str,
}

/// Finds the violations and warnings of a body.
pub type Check = fn(&Node<'_>) -> Report;

/// Decodes a body and encodes it again.
pub type Recode = fn(&Node<'_>) -> Result<Node<'static>, Invalid>;
