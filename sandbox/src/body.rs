//! What did the client send?

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use serde_json::Value;

/// The longest body that is read.
pub const LONGEST: usize = 64 << 20;
/// How much of a longer one is read and thrown away, since a client that is
/// still sending doesn't see an answer.
const LONGEST_DISCARDED: usize = 1 << 30;

/// The body of a request.
pub enum Received {
    Json(Vec<u8>, Value),
    /// Why it isn't JSON.
    Other(Vec<u8>, String),
    TooLong,
}

pub async fn read(mut body: Body) -> Received {
    let mut bytes = Vec::new();
    let mut length = 0;
    loop {
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        match frame {
            None => break,
            Some(Err(error)) => {
                return Received::Other(bytes, format!("the body broke off: {error}"));
            }
            Some(Ok(frame)) => {
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
        }
    }
    if length > LONGEST {
        return Received::TooLong;
    }
    match serde_json::from_slice(&bytes) {
        Ok(json) => Received::Json(bytes, json),
        Err(error) => Received::Other(bytes, format!("the body is not JSON: {error}")),
    }
}
