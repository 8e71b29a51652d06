//! A whole reply: status, headers and body.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-oneapi-request-id");

/// A whole reply, before a script changes how it is sent.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn new(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
        }
        .with_header(CONTENT_TYPE, kind)
    }

    pub fn json(status: StatusCode, text: String) -> Self {
        Self::new(status, "application/json", text.into_bytes())
    }

    /// An error in the shape of its API.
    pub fn error(error: &ApiError, api: Api, request_id: &str) -> Self {
        let body = error.body(api, request_id).to_string();
        Self::json(error.status, body).with_request_id(api, request_id)
    }

    /// With a header, unless its value can't be one.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// With the header in which the gateway gives the request's id.
    pub fn with_request_id(self, api: Api, request_id: &str) -> Self {
        match api {
            Api::Gateway => self.with_header(REQUEST_ID, request_id),
            Api::DashScope => self,
        }
    }
}
