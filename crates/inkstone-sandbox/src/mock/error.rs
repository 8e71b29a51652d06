//! What is wrong with a request, in the words of the document where it has some.

use hyper::StatusCode;
use hyper::header::HeaderName;
use serde_json::{Value, json};

use crate::documents::violations::Violations;

/// What is wrong with a request.
#[derive(Debug, Clone)]
pub struct MockError {
    pub status: StatusCode,
    pub message: String,
    /// What it is about: a JSON pointer into the body, or the name of a parameter.
    pub place: String,
    pub header: Option<(HeaderName, String)>,
}

impl MockError {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            place: String::new(),
            header: None,
        }
    }

    /// The request is wrong at `place`.
    pub fn request(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            ..Self::new(StatusCode::BAD_REQUEST, message)
        }
    }

    /// What a value breaks that was sent; or that it is not judged, for which the document is to
    /// blame: its schema is at `place`, with the name of the file.
    pub fn violations(found: Violations, place: &str) -> Self {
        match found.is_judged {
            true => Self::request(found.first, found.text),
            false => {
                let message = format!("{place}: {}", found.text);
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        }
    }

    pub fn with_header(self, name: HeaderName, value: impl Into<String>) -> Self {
        Self {
            header: Some((name, value.into())),
            ..self
        }
    }

    /// The error as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) has it, where the
    /// document describes none.
    pub fn problem(&self) -> Value {
        let mut problem = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.message,
        });
        if !self.place.is_empty() {
            problem["pointer"] = self.place.as_str().into();
        }
        problem
    }

    /// The header that tells the message, in the characters that it may have.
    pub fn told(&self) -> (HeaderName, String) {
        const MOST: usize = 1_000;
        let message = self.message.chars().take(MOST);
        let escaped = message.flat_map(|c| match c {
            ' '..='~' => c.to_string().chars().collect::<Vec<_>>(),
            c => c.escape_unicode().collect(),
        });
        let name = HeaderName::from_static("x-sandbox-problem");
        (name, escaped.collect())
    }
}
