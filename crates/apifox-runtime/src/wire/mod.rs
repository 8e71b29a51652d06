//! From a request's JSON form to the parts of an HTTP request.

mod body;
mod boundary;
mod cookie;
mod error;
mod form;
mod header;
mod multipart;
mod query;
mod request;
mod spelling;
mod template;

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

pub use error::Unsendable;

use crate::endpoint::{Location, Operation};
use crate::node::Node;
use request::Request;

/// All but what [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3) leaves
/// as it is everywhere in a URL.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The parts of an HTTP request that depend on what is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The path with its parameters filled in and the query behind it: ASCII that
    /// can be appended to a base URL as it is.
    pub path: String,
    /// The headers that the operation asks for, then those that are parameters, then
    /// `cookie`. Values are visible ASCII and spaces.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Body>,
}

/// The body of an HTTP request.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// What to send as `Content-Type`.
    pub media_type: String,
    /// What to send.
    pub bytes: Vec<u8>,
}

/// Says how many bytes there are, never which.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("media_type", &self.media_type)
            .field("bytes", &format_args!("{} bytes", self.bytes.len()))
            .finish()
    }
}

impl Operation {
    /// Writes a request, given in its JSON form, as the parts of an HTTP request.
    ///
    /// The same request is always written as the same bytes. Whether the schema allows
    /// it is not asked here; see [`check_request`](Self::check_request).
    ///
    /// # Errors
    ///
    /// When the request can't be sent as what it says: a placeholder of the path gets
    /// no value, or one that would lead elsewhere; a header's value can't stand in a
    /// header; a file is none; the request has a parameter that the operation hasn't.
    pub fn encode(&self, request: &Node<'_>) -> Result<Encoded, Unsendable> {
        let request = Request::split(self, request)?;
        let mut path = template::fill(self.path, &request.given(Location::Path))?;
        query::append(&mut path, &request.given(Location::Query));
        let mut headers = header::write(self.headers, &request.given(Location::Header))?;
        headers.extend(cookie::write(&request.given(Location::Cookie))?);
        let mut body = match (self.body, request.body) {
            (Some(media), Some(body)) => Some(body::write(media, self.files, body)?),
            _ => None,
        };
        // The body says it once, in the document's words.
        headers.retain(|(name, value)| {
            let is_of_body = name.eq_ignore_ascii_case("content-type");
            if let Some(body) = body.as_mut().filter(|_| is_of_body) {
                body.media_type.clone_from(value);
            }
            !is_of_body
        });
        Ok(Encoded {
            path,
            headers,
            body,
        })
    }
}
