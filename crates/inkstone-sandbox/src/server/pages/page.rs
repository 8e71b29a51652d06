//! What a page asks for, and what it gets.

use hyper::http::request::Parts;
use serde_json::Value;

/// What a page asks for.
#[derive(Debug)]
pub struct PageRequest {
    /// The method: `GET` or `POST`.
    pub method: String,
    /// The path, `/` or below `/_studio/`.
    pub path: String,
    /// The JSON that a `POST` sends; null for a `GET`.
    pub body: Value,
    /// The address of the server, as the browser has it.
    pub url: String,
}

/// What a page gets.
#[derive(Debug)]
pub struct PageReply {
    /// The status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// What the browser is to keep, as the header `Set-Cookie` has it.
    pub cookie: Option<String>,
}

/// Answers requests of pages: those for `/` and below `/_studio/`.
pub trait Pages: Send + Sync {
    /// The reply to a request of someone who may not ask, before its body is read; `None` where it
    /// is to be answered, as all are by default. It is also asked of requests for the journal, the
    /// counts and the script. `url` is the address of the server, as the browser has it.
    fn refuse(&self, head: &Parts, url: &str) -> Option<PageReply> {
        let _ = (head, url);
        None
    }

    /// The reply to a request; `None` where there is no such page. It may take its time: it
    /// runs on a thread of its own.
    fn answer(&self, request: PageRequest) -> Option<PageReply>;
}
