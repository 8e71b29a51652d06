//! The body of a request: no longer than it may be, and all of them together no more than
//! the memory that there is for them.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::serve::api_error::ApiError;
use crate::serve::openai::fields::Fields;
use crate::serve::openai::form;

/// The longest body, in bytes.
pub const LONGEST: u64 = 64 << 20;
/// The memory for all bodies together, in KiB.
const ROOM: u32 = 1 << 20;
/// How many times its length a body takes while it is read, checked and sent on.
const COPIES: u64 = 4;
/// How many values JSON may have: a short one takes many times its length.
const MOST_VALUES: usize = 100_000;
/// How long a body may take to come.
const TIME: Duration = Duration::from_secs(300);
/// How long nothing may come of it; from then on there have to be so many bytes a second, on
/// average. Others may be waiting for its room.
const PATIENCE: Duration = Duration::from_secs(30);
const LEAST_A_SECOND: u64 = 16 << 10;
/// How long a request waits for room.
const WAIT: Duration = Duration::from_secs(60);

/// The memory for bodies.
pub struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM as usize)))
    }
}

impl Room {
    /// Reads what a request asks for, once there is room for it, which is taken until the
    /// permit is dropped.
    pub async fn read(
        &self,
        headers: &HeaderMap,
        body: Incoming,
    ) -> Result<(Fields, OwnedSemaphorePermit), ApiError> {
        let content_type = headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok());
        if boundary.is_none() && !content_type.is_some_and(is_json) {
            let message = "the content type is neither application/json nor multipart/form-data";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "unsupported_media_type", message));
        }
        let length = announced(headers).unwrap_or(LONGEST);
        if length > LONGEST {
            return Err(too_long());
        }
        let taken = kib(length);
        let permit = timeout(WAIT, self.0.clone().acquire_many_owned(taken)).await;
        let mut permit = permit.ok().and_then(Result::ok).ok_or_else(no_room)?;
        let read = timeout(TIME, collect(body, length)).await;
        let bytes = read.map_err(|_| broken_off("it took too long"))??;
        // A length that was not announced may have been any.
        let surplus = taken.saturating_sub(kib(bytes.len() as u64));
        drop(permit.split(surplus as usize));
        let fields = match boundary {
            Some(boundary) => form::read(bytes, boundary).await?,
            None => Fields::read(json(&bytes)?)?,
        };
        Ok((fields, permit))
    }
}

fn json(bytes: &[u8]) -> Result<Value, ApiError> {
    let separators = bytes.iter().filter(|byte| b",[{".contains(byte));
    if separators.count() > MOST_VALUES {
        let message = format!("the body has more than {MOST_VALUES} values");
        return Err(ApiError::request("invalid_json", None, message));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("the body is not JSON: {error}");
        ApiError::request("invalid_json", None, message)
    })
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The room that a body of this length takes, in KiB.
fn kib(length: u64) -> u32 {
    u32::try_from(length * COPIES / 1024 + 1).unwrap_or(ROOM)
}

async fn collect(mut body: Incoming, longest: u64) -> Result<Bytes, ApiError> {
    let start = Instant::now();
    // In one piece: chunks may have a byte each.
    let mut bytes = BytesMut::new();
    loop {
        let frame = timeout(PATIENCE, body.frame()).await;
        let frame = frame.map_err(|_| broken_off("nothing more came"))?;
        let Some(frame) = frame else {
            return Ok(bytes.freeze());
        };
        let frame = frame.map_err(|error| broken_off(&error.to_string()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        bytes.extend_from_slice(&data);
        let came = bytes.len() as u64;
        let late = start.elapsed().saturating_sub(PATIENCE);
        if came > longest {
            return Err(too_long());
        }
        if came < late.as_secs() * LEAST_A_SECOND {
            return Err(broken_off("it came too slowly"));
        }
    }
}

fn no_room() -> ApiError {
    let message = "too many long requests are under way; nothing was ordered: try again";
    let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message);
    error.retry_after(Some(10))
}

fn too_long() -> ApiError {
    let message = format!("the body is longer than {} MiB", LONGEST >> 20);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "request_too_large", message)
}

fn broken_off(why: &str) -> ApiError {
    ApiError::request(
        "incomplete_body",
        None,
        format!("the body broke off: {why}"),
    )
}
