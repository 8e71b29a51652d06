//! Errors as OpenAI's API reports them: <https://platform.openai.com/docs/guides/error-codes>.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

/// An error, in the shape of OpenAI's.
#[derive(Debug)]
pub struct ApiError {
    pub status: StatusCode,
    /// In how many seconds another attempt may succeed.
    pub retry_after: Option<u64>,
    /// Whether the libraries are told not to try again, which they would by the status.
    pub is_final: bool,
    /// The method that would be right.
    pub allowed: Option<Method>,
    members: Box<Members>,
}

/// What the body says.
#[derive(Debug)]
struct Members {
    kind: &'static str,
    message: String,
    param: Option<String>,
    code: String,
    /// Those that OpenAI's errors don't have.
    more: Value,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let kind = match status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            StatusCode::UNAUTHORIZED => "authentication_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        Self {
            status,
            retry_after: None,
            is_final: false,
            allowed: None,
            members: Box::new(Members {
                kind,
                message: message.into(),
                param: None,
                code: code.to_owned(),
                more: Value::Null,
            }),
        }
    }

    /// The request is wrong.
    pub fn request(code: &str, param: Option<&str>, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, code, message);
        error.members.param = param.map(str::to_owned);
        error
    }

    pub fn kind(mut self, kind: &'static str) -> Self {
        self.members.kind = kind;
        self
    }

    /// Adds members to the error.
    pub fn more(mut self, more: Value) -> Self {
        self.members.more = more;
        self
    }

    pub fn retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// Tells the libraries not to try again.
    pub fn never_again(mut self) -> Self {
        self.is_final = true;
        self
    }

    pub fn json(&self) -> Value {
        let members = &self.members;
        let mut error = json!({
            "message": members.message,
            "type": members.kind,
            "param": members.param,
            "code": members.code,
        });
        if let (Value::Object(error), Value::Object(more)) = (&mut error, &members.more) {
            error.extend(more.clone());
        }
        json!({"error": error})
    }
}
