//! Why a picture is not here, and whether to try again.

use std::path::Path;

use apifox_client::{
    Body, DeadlinePassed, ErrorReply, causes, excerpt, innermost_cause, retry_after,
};
use bytes::Bytes;
use reqwest::{Response, StatusCode};

use super::check::CheckError;
use super::remote::resolve::NotPublic;
use crate::error::Error;
use crate::stage::Stage;

/// As much of the body of a failure as is kept.
const LONGEST_BODY: usize = 64 << 10;

/// Why an attempt failed.
#[derive(Debug)]
pub(super) enum AttemptError {
    /// The next attempt would fail the same way.
    Final(Error),
    /// The next one may succeed.
    Retryable(Error),
}

impl From<Error> for AttemptError {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl From<CheckError> for AttemptError {
    fn from(unfit: CheckError) -> Self {
        match unfit {
            // Nobody knows where the rest was lost, and asking is free.
            CheckError::CutShort(_, error) => Self::Retryable(error),
            CheckError::Other(error) => Self::Final(error),
        }
    }
}

impl From<NotPublic> for AttemptError {
    fn from(refusal: NotPublic) -> Self {
        Self::Final(not_public(&refusal))
    }
}

pub(super) fn download(message: impl Into<String>) -> Error {
    Error::new(Stage::Download, message)
}

fn not_public(refusal: &NotPublic) -> Error {
    download(format!(
        "the picture is not fetched: {refusal}, and the API is not there"
    ))
}

/// A request for a picture was not answered, or its body broke off.
pub(super) fn broken(error: reqwest::Error) -> AttemptError {
    // A result's URL is signed: whoever has it has the picture.
    let error = error.without_url();
    let refused = causes(&error).find_map(|cause| cause.downcast_ref::<NotPublic>());
    if let Some(refusal) = refused {
        return AttemptError::Final(not_public(refusal));
    }
    let is_final = error.is_builder();
    let message = match error.is_timeout() {
        true => "the picture's server fell silent".to_owned(),
        false => format!(
            "the picture could not be fetched: {}",
            innermost_cause(&error)
        ),
    };
    let error = download(message).caused_by(error);
    match is_final {
        true => AttemptError::Final(error),
        false => AttemptError::Retryable(error),
    }
}

/// The picture came compressed, and can't be decoded.
pub(super) fn damaged(error: std::io::Error) -> AttemptError {
    let message = format!("the picture came compressed, and damaged ({error})");
    AttemptError::Retryable(download(message).caused_by(error))
}

/// The picture's server answered, and not with a picture.
pub(super) async fn unfetched(response: Response) -> AttemptError {
    let status = response.status();
    let headers = response.headers().clone();
    let body = start_of(response).await;
    let said = match body.is_empty() {
        true => String::new(),
        false => format!(": {}", excerpt(&body)),
    };
    let (stage, message) = match status.as_u16() {
        403 | 404 | 410 => (
            Stage::Expired,
            format!("the picture is no longer there; its URL was valid for 24 hours{said}"),
        ),
        _ => (
            Stage::Download,
            format!("the picture could not be fetched{said}"),
        ),
    };
    let error = Error::new(stage, message).with_reply(ErrorReply {
        status: status.as_u16(),
        retry_after: retry_after(&headers),
        headers,
        body: Body::new(body),
        ..ErrorReply::default()
    });
    match is_temporary(status) {
        true => AttemptError::Retryable(error),
        false => AttemptError::Final(error),
    }
}

fn is_temporary(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT
                | StatusCode::NOT_FOUND
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::RANGE_NOT_SATISFIABLE
        )
}

/// The start of the body, as far as it comes.
pub(crate) async fn start_of(mut response: Response) -> Bytes {
    let mut body = Vec::new();
    while body.len() < LONGEST_BODY
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(LONGEST_BODY);
    body.into()
}

pub(super) fn too_long(limit: u64) -> Error {
    download(format!(
        "the picture is too long: {limit} bytes are allowed"
    ))
}

/// The picture did not come in time; `last` is why it did not come before.
pub(super) fn late(passed: DeadlinePassed, last: Option<Error>) -> Error {
    let message = format!("{passed} before the picture was here");
    match last {
        None => download(message),
        Some(last) => download(format!("{message}; before: {last}")).caused_by(last),
    }
}

pub(super) fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Stage::File,
        format!("{} can't be written: {error}", path.display()),
    )
    .caused_by(error)
}
