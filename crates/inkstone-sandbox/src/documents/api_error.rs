//! An error, in the shape that each API gives it.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::documents::api::Api;

/// An error, in no API's shape yet.
#[derive(Debug)]
pub struct ApiError {
    pub status: StatusCode,
    pub kind: ErrorKind,
    pub message: String,
    /// What the error is about: a pointer or the name of a header, or nothing.
    pub param: String,
    pub overrides: Option<Box<ErrorOverride>>,
}

/// Members of an error that don't follow from its kind.
#[derive(Debug, Default)]
pub struct ErrorOverride {
    pub code: Option<Value>,
    /// The gateway's type of an error.
    pub kind: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No document has such a route.
    Url,
    Key,
    Model,
    /// The request itself is wrong.
    Request,
    /// The client asked for this status.
    Forced,
    /// The document allows what the sandbox can't do.
    Sandbox,
}

impl ApiError {
    pub fn new(status: StatusCode, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            param: String::new(),
            overrides: None,
        }
    }

    /// The request is wrong at `param`.
    pub fn request(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            param: param.into(),
            ..Self::new(StatusCode::BAD_REQUEST, ErrorKind::Request, message)
        }
    }

    /// An error with a code of its own.
    pub fn coded(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let overrides = ErrorOverride {
            code: Some(code.into()),
            kind: None,
        };
        Self {
            overrides: Some(Box::new(overrides)),
            ..Self::new(status, ErrorKind::Forced, message)
        }
    }

    /// The key is not right.
    pub fn key(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorKind::Key, message)
    }

    /// There is no key.
    pub fn no_key() -> Self {
        Self::key("no API key: write \"Authorization: Bearer <key>\", with any key")
    }

    /// The sandbox itself failed.
    pub fn sandbox(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::Sandbox,
            message,
        )
    }

    /// The error of a route that no document has.
    pub fn invalid_url(method: &Method, path: &str) -> Self {
        let message = format!("Invalid URL ({method} {path})");
        Self::new(StatusCode::NOT_FOUND, ErrorKind::Url, message)
    }

    /// The error body.
    pub fn body(&self, api: Api, request_id: &str) -> Value {
        match api {
            Api::Gateway => json!({"error": {
                "message": self.gateway_message(request_id),
                "type": self.gateway_type(),
                "param": self.param,
                "code": self.code_or(self.gateway_code()),
            }}),
            Api::DashScope => json!({
                "code": self.code_or(self.dashscope_code()),
                "message": self.message,
                "request_id": request_id,
            }),
        }
    }

    fn code_or(&self, usual: &str) -> Value {
        let given = self.overrides.as_ref().and_then(|given| given.code.clone());
        given.unwrap_or_else(|| usual.into())
    }

    fn gateway_message(&self, request_id: &str) -> String {
        match self.kind {
            ErrorKind::Url => self.message.clone(),
            _ => format!("{} (request id: {request_id})", self.message),
        }
    }

    fn gateway_type(&self) -> &str {
        let given = self
            .overrides
            .as_ref()
            .and_then(|given| given.kind.as_deref());
        given.unwrap_or(match self.kind {
            ErrorKind::Url => "invalid_request_error",
            _ => "new_api_error",
        })
    }

    fn gateway_code(&self) -> &'static str {
        match (self.kind, self.status.as_u16()) {
            (ErrorKind::Url | ErrorKind::Key, _) => "",
            (ErrorKind::Model, _) => "model_not_found",
            (ErrorKind::Request, _) | (ErrorKind::Forced, 400) => "invalid_request",
            (_, 403) => "access_denied",
            (_, 429) => "rate_limit_exceeded",
            (_, 500..) => "bad_response_status_code",
            _ => "",
        }
    }

    fn dashscope_code(&self) -> &'static str {
        match (self.kind, self.status.as_u16()) {
            (ErrorKind::Key, _) | (_, 401) => "InvalidApiKey",
            (ErrorKind::Model, _) => "ModelNotFound",
            (ErrorKind::Request, _) | (_, 400) => "InvalidParameter",
            (ErrorKind::Url, _) | (_, 404) => "NotFound",
            (_, 403) => "AccessDenied",
            (_, 408) => "RequestTimeOut",
            (_, 429) => "Throttling.RateQuota",
            (_, 503) => "ModelUnavailable",
            (_, 504) => "InternalError.Timeout",
            (_, 402..500) => "BadRequest",
            _ => "InternalError",
        }
    }
}
