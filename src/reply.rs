//! A reply that reports success: never thrown away, whatever is in it.

use std::{fmt, io};

use apifox_runtime::{Invalid, Violation, Warning};
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::image::{self, Image};
use crate::spool::{Spooled, Spools};

/// A reply to a request, as it came and as its document has it.
pub struct Reply<T> {
    pub(crate) received: Received,
    pub(crate) typed: Result<T, Invalid>,
    pub(crate) warnings: Vec<Warning>,
}

/// A reply as it came.
pub(crate) struct Received {
    pub attempts: u32,
    pub status: u16,
    pub headers: HeaderMap,
    pub request_id: Option<String>,
    pub body: Bytes,
    pub spools: Spools,
    pub json: Value,
}

// A body can hold pictures, and headers what is nobody's business: neither helps in
// a log.
impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("received", &self.received)
            .field("images", &self.images().len())
            .field("deviations", &self.deviations().len())
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("attempts", &self.attempts)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("bytes", &self.body.len())
            .field("spooled", &self.spools.files())
            .finish_non_exhaustive()
    }
}

impl<T> Reply<T> {
    /// How often the request was sent until this reply came, 1 unless it had to be
    /// tried again.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.received.attempts
    }

    /// The HTTP status: 200 to 299.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.received.status
    }

    /// The headers of the reply.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received.request_id.as_deref()
    }

    /// The body, byte for byte; but with a placeholder for each picture that was
    /// [spooled](Self::spooled): [`write_body`](Self::write_body) has it whole.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }

    /// The pictures that are in files instead of the body, in its order: none unless
    /// the client [spools](crate::Builder::spool).
    #[must_use]
    pub fn spooled(&self) -> &[Spooled] {
        self.received.spools.files()
    }

    /// Writes the whole body, with the pictures that were spooled in their places.
    ///
    /// It is what came, byte for byte, save that in those pictures a slash is never
    /// escaped.
    ///
    /// # Errors
    ///
    /// When it can't be written, or a file not be read.
    pub fn write_body(&self, to: &mut impl io::Write) -> io::Result<()> {
        self.restore(self.body(), to)
    }

    /// Writes a text that holds some of the [body](Self::body) or of its
    /// [JSON](Self::json), with the pictures that were spooled in their places.
    ///
    /// # Errors
    ///
    /// As [`write_body`](Self::write_body).
    pub fn restore(&self, text: &[u8], to: &mut impl io::Write) -> io::Result<()> {
        self.received.spools.restore(text, to)
    }

    /// The body as JSON, with a placeholder for each picture that was
    /// [spooled](Self::spooled).
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.received.json
    }

    /// Every picture in the reply, in order, even where the rest of it is not
    /// what the document promises.
    #[must_use]
    pub fn images(&self) -> Vec<Image> {
        image::find(&self.received.json, &self.received.spools)
    }

    /// The reply as its document has it.
    ///
    /// # Errors
    ///
    /// Where it deviates; [`json`](Self::json) and [`images`](Self::images)
    /// have what came all the same.
    pub fn typed(&self) -> Result<&T, Invalid> {
        self.typed.as_ref().map_err(Invalid::clone)
    }

    /// Where the reply deviates from its document.
    #[must_use]
    pub fn deviations(&self) -> &[Violation] {
        match &self.typed {
            Ok(_) => &[],
            Err(invalid) => invalid.violations(),
        }
    }

    /// What the request said in vain, such as a prompt that the API cuts short.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}
