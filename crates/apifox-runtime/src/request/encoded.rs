//! The parts of an HTTP request.

use std::fmt;

/// The parts of an HTTP request that depend on the request's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The path with its parameters filled in and the query behind it: ASCII that
    /// can be appended to a base URL as it is.
    pub path: String,
    /// The headers that the operation requires, then those that are parameters, then
    /// `cookie`. Values are visible ASCII and spaces.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Body>,
}

/// The body of an HTTP request.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The value of `Content-Type`.
    pub media_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Shows how many bytes there are, but not the bytes.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("media_type", &self.media_type)
            .field("bytes", &format_args!("{} bytes", self.bytes.len()))
            .finish()
    }
}
