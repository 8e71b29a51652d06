//! What generated code tells a transport about an operation.

use serde::Serialize;

use crate::decode::Decode;
use crate::node::Node;
use crate::report::{Invalid, Report};

/// A request that can be sent.
///
/// The generator implements it for the request type of every operation; a
/// transport needs to know nothing else about one.
pub trait Endpoint: Serialize + Decode {
    /// The body of a reply that reports success.
    type Response: Decode + Serialize;
    /// The body of a reply that reports a failure.
    type Error: Decode;
    /// The HTTP method.
    const METHOD: &'static str;
    /// The path, to be appended to the base URL of the API.
    const PATH: &'static str;
    /// The operation as a value, for those who pick one at run time.
    const OPERATION: &'static Operation;
}

/// An operation of an API, and what its document says of its bodies.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The API: the folders that the document lies in, joined by `/`.
    pub api: &'static str,
    /// The document's name: its file's, without the ending.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, to be appended to the base URL of the API.
    pub path: &'static str,
    /// The values that the request's field `model` may have; none where it has
    /// no such field, or one that takes any string.
    pub models: &'static [&'static str],
    /// The corrected document, as JSON.
    pub document: &'static str,
    /// Checks the body of a request.
    pub check_request: Check,
    /// Checks the body of a reply that reports success.
    pub check_response: Check,
    /// Checks the body of a reply that reports a failure.
    pub check_error: Check,
    /// What the body of a request encodes to once it is decoded.
    pub recode_request: Recode,
    /// What the body of a reply encodes to once it is decoded.
    pub recode_response: Recode,
}

/// A corrected document, of an operation or of an API's error body.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// The API: the folders that the document lies in, joined by `/`.
    pub api: &'static str,
    /// The document's name: its file's, without the ending.
    pub name: &'static str,
    /// The corrected document, as JSON.
    pub json: &'static str,
}

/// Looks for violations and warnings in a body.
pub type Check = fn(&Node<'_>) -> Report;

/// Decodes a body and encodes it again.
pub type Recode = fn(&Node<'_>) -> Result<Node<'static>, Invalid>;
