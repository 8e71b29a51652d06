//! What did the client send?

use std::future::poll_fn;
use std::pin::Pin;

use hyper::body::{Body, Bytes, Incoming};
use serde_json::Value;

use crate::multipart::{self, Form};

/// The longest body that is read.
pub const LONGEST: usize = 64 << 20;
/// How much of a longer one is read and thrown away, since a client that is
/// still sending doesn't see an answer.
const LONGEST_DISCARDED: usize = 1 << 30;

/// The body of a request.
pub enum Received {
    Json(Bytes, Value),
    Form(Bytes, Form),
    /// Why it is neither.
    Other(Bytes, String),
    TooLong,
}

impl Received {
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Json(_, json) => json["model"].as_str(),
            Self::Form(_, form) => form.text("model"),
            Self::Other(..) | Self::TooLong => None,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Json(bytes, _) | Self::Form(bytes, _) | Self::Other(bytes, _) => bytes,
            Self::TooLong => &[],
        }
    }
}

pub async fn read(body: Incoming, content_type: Option<&str>) -> Received {
    let bytes = match collect(body).await {
        Ok(bytes) => Bytes::from(bytes),
        Err(received) => return received,
    };
    if let Some(boundary) = content_type.and_then(multipart::boundary) {
        return match multipart::parse(bytes.clone(), boundary).await {
            Ok(form) => Received::Form(bytes, form),
            Err(error) => Received::Other(bytes, format!("the form can't be read: {error}")),
        };
    }
    match serde_json::from_slice(&bytes) {
        Ok(json) => Received::Json(bytes, json),
        Err(error) => Received::Other(bytes, format!("the body is not JSON: {error}")),
    }
}

async fn collect(mut body: Incoming) -> Result<Vec<u8>, Received> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| {
            let start = std::mem::take(&mut bytes).into();
            Received::Other(start, format!("the body broke off: {error}"))
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length <= LONGEST {
            bytes.extend_from_slice(&data);
        } else if length <= LONGEST_DISCARDED {
            bytes = Vec::new();
        } else {
            break;
        }
    }
    match length {
        0..=LONGEST => Ok(bytes),
        _ => Err(Received::TooLong),
    }
}
