//! The body of a request: JSON, a form, or neither.

use std::future::poll_fn;
use std::pin::Pin;

use hyper::body::{Body, Bytes, Incoming};
use serde_json::Value;

use crate::http::multipart::{self, Form};

/// The longest body that is read, in bytes.
pub const LONGEST: usize = 64 << 20;
/// How much of a longer body is read and thrown away: a client that is still
/// sending does not see the answer.
const LONGEST_DISCARDED: usize = 1 << 30;

/// The body of a request.
pub enum RequestBody {
    Json(Bytes, Value),
    Form(Bytes, Form),
    /// Neither, and why.
    Unreadable(Bytes, String),
    TooLong,
}

impl RequestBody {
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Json(_, json) => json["model"].as_str(),
            Self::Form(_, form) => form.text("model"),
            Self::Unreadable(..) | Self::TooLong => None,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Json(bytes, _) | Self::Form(bytes, _) | Self::Unreadable(bytes, _) => bytes,
            Self::TooLong => &[],
        }
    }
}

pub async fn read(body: Incoming, content_type: Option<&str>) -> RequestBody {
    let bytes = match collect(body).await {
        Ok(bytes) => Bytes::from(bytes),
        Err(body) => return body,
    };
    if let Some(boundary) = content_type.and_then(multipart::boundary) {
        return match multipart::parse(bytes.clone(), boundary).await {
            Ok(form) => RequestBody::Form(bytes, form),
            Err(error) => {
                RequestBody::Unreadable(bytes, format!("the form can't be read: {error}"))
            }
        };
    }
    match serde_json::from_slice(&bytes) {
        Ok(json) => RequestBody::Json(bytes, json),
        Err(error) => RequestBody::Unreadable(bytes, format!("the body is not JSON: {error}")),
    }
}

async fn collect(mut body: Incoming) -> Result<Vec<u8>, RequestBody> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame
            .map_err(|error| broken_off(&mut bytes, &error))?
            .into_data()
        else {
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
        _ => Err(RequestBody::TooLong),
    }
}

fn broken_off(bytes: &mut Vec<u8>, error: &hyper::Error) -> RequestBody {
    let start = std::mem::take(bytes).into();
    RequestBody::Unreadable(start, format!("the body broke off: {error}"))
}
