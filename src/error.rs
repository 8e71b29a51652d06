//! The one error: at which stage a call failed, and all that came back.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use apifox_runtime::Invalid;
use bytes::Bytes;

/// How far a call got.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The client is set up wrong: no key, an address that can't be, plain http
    /// to another machine. Nothing was sent.
    Configuration,
    /// The request breaks rules of its document. Nothing was sent.
    Invalid,
    /// The API could not be reached: no address, no connection, no TLS.
    NotSent,
    /// The API refused the request: sending it again would not help.
    Refused,
    /// The API refused the key or the account: unknown, not allowed, out of credit.
    Account,
    /// The API had too much to do, and did not take the request.
    Throttled,
    /// The request was sent, and what became of it can't be told: no reply came,
    /// or one that reports a failure on the API's side. It may have been billed.
    OutcomeUnknown,
    /// A reply that reports success came, and can't be read. It was likely billed;
    /// [`Error::body`] has what came.
    Unreadable,
    /// A picture could not be fetched or decoded; its source is still there.
    Download,
    /// A picture is not on its server any more: its URL was valid for 24 hours.
    Expired,
    /// A picture could not be written to disk; its source is still there.
    File,
}

/// Why a call failed.
///
/// `Display` says what happened in a line or two, with the body cut to 512
/// bytes; nothing here ever shows the key.
pub struct Error {
    stage: Stage,
    message: String,
    reply: Option<Box<ErrorReply>>,
    invalid: Option<Invalid>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What came back with an error.
#[derive(Debug, Default)]
pub(crate) struct ErrorReply {
    pub status: u16,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub retry_after: Option<Duration>,
    pub body: Bytes,
}

impl Error {
    pub(crate) fn new(stage: Stage, message: impl Into<String>) -> Self {
        Self {
            stage,
            message: message.into(),
            reply: None,
            invalid: None,
            source: None,
        }
    }

    pub(crate) fn invalid(operation: &str, invalid: Invalid) -> Self {
        let message = format!("the request breaks the rules of {operation}: {invalid}");
        Self {
            invalid: Some(invalid),
            ..Self::new(Stage::Invalid, message)
        }
    }

    pub(crate) fn with_reply(mut self, reply: ErrorReply) -> Self {
        self.reply = Some(Box::new(reply));
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Blanks a secret that an API or a proxy may have quoted.
    pub(crate) fn without(mut self, secret: &str) -> Self {
        self.message = self.message.replace(secret, "…");
        self
    }

    /// How far the call got.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The HTTP status of the reply, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.reply.as_ref().map(|reply| reply.status)
    }

    /// The API's own code for the error; a number is given as its digits.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.reply.as_ref()?.code.as_deref()
    }

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.reply.as_ref()?.request_id.as_deref()
    }

    /// The whole body of the reply, where one came.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.reply.as_ref().map(|reply| &reply.body)
    }

    /// The rules that the request breaks, at [`Stage::Invalid`].
    #[must_use]
    pub fn violations(&self) -> &[apifox_runtime::Violation] {
        self.invalid.as_ref().map_or(&[], Invalid::violations)
    }

    /// Whether the same request may be sent again without being billed twice,
    /// and with a chance to succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.stage, Stage::NotSent | Stage::Throttled)
    }

    /// How long the API asks to wait, from its header `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply.as_ref()?.retry_after
    }

    /// Whether the request may have been billed although this error came.
    #[must_use]
    pub fn may_have_been_billed(&self) -> bool {
        match self.stage {
            Stage::OutcomeUnknown
            | Stage::Unreadable
            | Stage::Download
            | Stage::Expired
            | Stage::File => true,
            Stage::Configuration
            | Stage::Invalid
            | Stage::NotSent
            | Stage::Refused
            | Stage::Account
            | Stage::Throttled => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let Some(reply) = &self.reply else {
            return Ok(());
        };
        write!(f, " (HTTP {}", reply.status)?;
        if let Some(code) = &reply.code {
            write!(f, ", code {code}")?;
        }
        if let Some(id) = &reply.request_id {
            write!(f, ", request id {id}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("stage", &self.stage)
            .field("message", &self.to_string())
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// The start of a body as text fit for an error.
pub(crate) fn excerpt(body: &[u8]) -> String {
    const LONGEST: usize = 512;
    let text = String::from_utf8_lossy(&body[..body.len().min(LONGEST)]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let printable: String = text.chars().map(shown).collect();
    if body.len() <= LONGEST {
        printable
    } else {
        format!("{printable}… ({} bytes in all)", body.len())
    }
}
