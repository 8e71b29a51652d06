//! What a request is for, and whether it may be answered.

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};

use crate::serve::api_error::ApiError;
use crate::serve::callers::Caller;
use crate::serve::http::payload::Payload;
use crate::serve::images;
use crate::serve::models;
use crate::serve::pictures;
use crate::serve::reply::refuse;
use crate::serve::server::Server;

const PICTURES: &str = "/pictures/";
const MODEL: &str = "/v1/models/";

/// Answers a request.
pub async fn answer(server: &Server, request: Request<Incoming>) -> Response<Payload> {
    let (head, body) = request.into_parts();
    let answered = match permitted(server, &head) {
        Ok(caller) => route(server, caller, &head, body).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| refuse(&error))
}

/// Who sends a request, if it may be answered; a picture's address is a secret of its own.
fn permitted<'a>(server: &'a Server, head: &Parts) -> Result<Option<&'a Caller>, ApiError> {
    let names = &server.names;
    if !names.has_host(&head.headers) || !names.has_origin(&head.headers) {
        let message = "the request is not for this server: see --host in `inkstone serve --help`";
        return Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong_host",
            message,
        ));
    }
    if head.uri.path().starts_with(PICTURES) {
        return Ok(None);
    }
    server
        .callers
        .find(&head.headers)
        .map(|caller| Some(&**caller))
}

async fn route(
    server: &Server,
    caller: Option<&Caller>,
    head: &Parts,
    body: Incoming,
) -> Result<Response<Payload>, ApiError> {
    let path = head.uri.path();
    let expected = match path {
        "/v1/images/generations" | "/v1/images/edits" => Method::POST,
        "/v1/models" => Method::GET,
        _ if path.starts_with(MODEL) || path.starts_with(PICTURES) => Method::GET,
        _ => return Err(unknown(head)),
    };
    if head.method != expected {
        let message = format!("{path} takes {expected}, not {}", head.method);
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let mut error = ApiError::new(status, "method_not_allowed", message);
        error.allowed = Some(expected);
        return Err(error);
    }
    if let Some(name) = path.strip_prefix(PICTURES) {
        return pictures::answer(server, name);
    }
    match (path, caller) {
        ("/v1/models", _) => Ok(models::list(server)),
        ("/v1/images/generations", Some(caller)) => {
            images::answer(server, caller, head, body, "image_generation").await
        }
        ("/v1/images/edits", Some(caller)) => {
            images::answer(server, caller, head, body, "image_edit").await
        }
        _ => models::one(server, path.strip_prefix(MODEL).unwrap_or_default()),
    }
}

fn unknown(head: &Parts) -> ApiError {
    let message = format!("Invalid URL ({} {})", head.method, head.uri.path());
    ApiError::new(StatusCode::NOT_FOUND, "unknown_url", message)
}
