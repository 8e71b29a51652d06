//! What does an error look like in each API?

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::api::Api;
use crate::deliver::Reply;

/// An error, before it is put in an API's words.
#[derive(Debug)]
pub struct Fault {
    pub status: StatusCode,
    pub kind: Kind,
    pub message: String,
    /// What is wrong: a pointer or a header, or nothing.
    pub param: String,
    pub given: Option<Box<Given>>,
}

/// What an error says of itself, where that doesn't follow from its kind.
#[derive(Debug, Default)]
pub struct Given {
    pub code: Option<Value>,
    /// The gateway's type of an error.
    pub kind: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No document has such a route.
    Url,
    Key,
    Model,
    /// The request itself is wrong.
    Request,
    /// The client asked for this status.
    Forced,
    /// The sandbox can't do what the document allows.
    Sandbox,
}

impl Fault {
    pub fn new(status: StatusCode, kind: Kind, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            param: String::new(),
            given: None,
        }
    }

    pub fn request(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            param: param.into(),
            ..Self::new(StatusCode::BAD_REQUEST, Kind::Request, message)
        }
    }

    /// An error whose code is known.
    pub fn coded(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let given = Given {
            code: Some(code.into()),
            kind: None,
        };
        Self {
            given: Some(Box::new(given)),
            ..Self::new(status, Kind::Forced, message)
        }
    }

    pub fn sandbox(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Kind::Sandbox, message)
    }

    /// The reply that says so.
    pub fn reply(&self, api: Api, request_id: &str) -> Reply {
        let body = self.body(api, request_id).to_string();
        Reply::json(self.status, body).identified(api, request_id)
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
        let given = self.given.as_ref().and_then(|given| given.code.clone());
        given.unwrap_or_else(|| usual.into())
    }

    fn gateway_message(&self, request_id: &str) -> String {
        match self.kind {
            Kind::Url => self.message.clone(),
            _ => format!("{} (request id: {request_id})", self.message),
        }
    }

    fn gateway_type(&self) -> &str {
        let given = self.given.as_ref().and_then(|given| given.kind.as_deref());
        given.unwrap_or(match self.kind {
            Kind::Url => "invalid_request_error",
            _ => "new_api_error",
        })
    }

    fn gateway_code(&self) -> &'static str {
        match (self.kind, self.status.as_u16()) {
            (Kind::Url | Kind::Key, _) => "",
            (Kind::Model, _) => "model_not_found",
            (Kind::Request, _) | (Kind::Forced, 400) => "invalid_request",
            (_, 403) => "access_denied",
            (_, 429) => "rate_limit_exceeded",
            (_, 500..) => "bad_response_status_code",
            _ => "",
        }
    }

    fn dashscope_code(&self) -> &'static str {
        match (self.kind, self.status.as_u16()) {
            (Kind::Key, _) | (_, 401) => "InvalidApiKey",
            (Kind::Model, _) => "ModelNotFound",
            (Kind::Request, _) | (_, 400) => "InvalidParameter",
            (Kind::Url, _) | (_, 404) => "NotFound",
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
