//! The download of a picture, whole or in part.

use std::time::Duration;

use hyper::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::http::byte_range::{self, ByteRange};
use crate::http::reply::Reply;
use crate::journal::recorder::Recorded;
use crate::pictures::picture::Picture;
use crate::script::effect::Effect;
use crate::server::override_reply;
use crate::server::render;
use crate::server::state::State;

const FOLDER: &str = "/_images/";

pub fn is_for(head: &Parts) -> bool {
    let is_read = head.method == Method::GET || head.method == Method::HEAD;
    is_read && head.uri.path().starts_with(FOLDER)
}

pub async fn answer(state: &State, head: &Parts, effect: &Effect) -> (Reply, Duration) {
    let request_id = state.request_ids.next();
    let reply = match override_reply::build(effect, Api::DashScope, &request_id) {
        Some(reply) => reply,
        None => match picture(state, head, effect).await {
            Ok(reply) => reply,
            Err(error) => Reply::error(&error, Api::Gateway, &request_id),
        },
    };
    Recorded::new(head, None).answered(reply, effect, &state.journal)
}

async fn picture(state: &State, head: &Parts, effect: &Effect) -> Result<Reply, ApiError> {
    let path = head.uri.path();
    let name = path.strip_prefix(FOLDER).unwrap_or_default();
    let picture = Picture::parse(name);
    let picture = picture.ok_or_else(|| ApiError::invalid_url(&head.method, path))?;
    let file = render::png(state, picture).await?;
    let status = effect.status.unwrap_or(StatusCode::OK);
    if effect.no_ranges {
        return Ok(Reply::new(status, "image/png", file));
    }
    // The name says all that the picture is drawn from, so it can be the ETag.
    let etag = format!("\"{name}\"");
    let range = byte_range::requested(&head.headers, &etag, file.len());
    let reply = ranged(range, status, file);
    Ok(reply
        .with_header(ACCEPT_RANGES, "bytes")
        .with_header(ETAG, &etag))
}

fn ranged(range: ByteRange, status: StatusCode, mut file: Vec<u8>) -> Reply {
    let length = file.len();
    match range {
        ByteRange::Whole => Reply::new(status, "image/png", file),
        ByteRange::Part(range) => {
            let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            file.truncate(range.end);
            file.drain(..range.start);
            Reply::new(StatusCode::PARTIAL_CONTENT, "image/png", file)
                .with_header(CONTENT_RANGE, &shown)
        }
        ByteRange::Unsatisfiable => {
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let shown = format!("bytes */{length}");
            Reply::new(status, "text/plain", Vec::new()).with_header(CONTENT_RANGE, &shown)
        }
    }
}
