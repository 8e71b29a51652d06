//! The parts of an HTTP request.

use std::fmt;

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
