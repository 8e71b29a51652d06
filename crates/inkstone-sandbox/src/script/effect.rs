//! What a step of a script does to a reply.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue};
use serde_json::Value;

use crate::pictures::encoding::PictureEncoding;
use crate::script::byte_edits::ByteEdits;
use crate::script::edit::Edit;
use crate::tasks::stages::Stage;

/// The longest delay that a client can ask for, in milliseconds.
pub const LONGEST_DELAY: u64 = 600_000;

/// What a step does to the reply: by default, nothing.
#[derive(Debug, Default)]
pub struct Effect {
    /// The step's number in the script, if there is a step, and the step as it was written.
    pub number: Option<u64>,
    pub json: Value,
    pub override_reply: Option<Override>,
    pub status: Option<StatusCode>,
    pub headers: HeaderMap,
    pub retry_after: Option<RetryAfter>,
    pub submitted: Option<bool>,
    pub encoding: PictureEncoding,
    pub metadata: Option<Metadata>,
    pub edits: Vec<Edit>,
    pub bytes: ByteEdits,
    pub truncate: Option<u64>,
    pub padding: Option<u64>,
    pub stages: Option<Vec<Stage>>,
    pub no_ranges: bool,
    pub transport: Transport,
}

/// What a step does to the bytes of the reply on their way.
#[derive(Debug, Default)]
pub struct Transport {
    pub delay: Duration,
    pub cut: Option<ScriptedCut>,
    pub is_chunked: bool,
    pub stall: Option<u64>,
    /// How many bytes are sent at a time, and how long the pause between is.
    pub drip: Option<(u64, Duration)>,
}

/// What is answered in place of the right reply.
#[derive(Debug)]
pub enum Override {
    Error(ScriptedError),
    Bytes(Vec<u8>),
    /// A proxy's page, behind which the API went on working.
    Page(Vec<u8>),
    Redirect,
    Expired,
}

impl Override {
    /// Whether the API did the work before this was answered, as far as a client can know.
    pub fn is_after_work(&self) -> bool {
        match self {
            Self::Bytes(_) | Self::Page(_) => true,
            Self::Error(_) | Self::Redirect | Self::Expired => false,
        }
    }
}

/// An error, to be answered in the shape of the route's API.
#[derive(Debug, Default)]
pub struct ScriptedError {
    pub status: StatusCode,
    pub code: Option<Value>,
    pub kind: Option<String>,
    pub message: String,
}

#[derive(Debug)]
pub enum RetryAfter {
    Text(HeaderValue),
    /// A date so far from now.
    Date(Duration),
}

/// How the upstream's raw reply is included in the gateway's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Metadata {
    Object,
    Text,
}

/// Where and how a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptedCut {
    pub at: CutAt,
    pub kind: CutKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutAt {
    /// Before a byte of the request is read.
    Accept,
    /// When the request was read, before a byte of the reply.
    Request,
    /// After so many bytes of the reply's head.
    Head(u64),
    /// After so many bytes of its body, or after half of it.
    Body(Option<u64>),
    /// After the whole reply.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutKind {
    /// The stream ends, as if the server had no more to send.
    Close,
    /// The connection is reset: RST instead of FIN.
    Reset,
}

impl Effect {
    /// How the connection ends, if that happens before a request is read.
    pub fn cut_before_request(&self) -> Option<CutKind> {
        let cut = self.transport.cut?;
        (cut.at == CutAt::Accept).then_some(cut.kind)
    }
}
