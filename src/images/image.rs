//! A picture of a reply, and where its bytes are.

use bytes::Bytes;

use super::spool::Spooled;

/// A picture of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// JSON pointer to it in the reply's body; empty where the body is the picture.
    pub pointer: String,
    /// Where its bytes are.
    pub source: Source,
}

/// Where the bytes of a picture are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// On a server, for about 24 hours.
    Url(String),
    /// In the reply, encoded as base64, of either alphabet, with or without padding, in a line or
    /// in many.
    Base64(String),
    /// The reply itself, which is no text.
    Bytes(Bytes),
    /// In a file, since it was long: see [`Builder::spool`](crate::Builder::spool).
    Spooled(Spooled),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            // A picture in a log helps nobody.
            Self::Base64(text) => write!(f, "Base64({} characters)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Spooled(spooled) => spooled.fmt(f),
        }
    }
}
