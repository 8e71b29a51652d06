//! Pages for a browser, which a program may serve beside the APIs.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::http::reply::Reply;
use crate::http::request_body::{self, RequestBody};
use crate::server::pages::page::{PageReply, PageRequest, Pages};
use crate::server::state::State;

/// The folder of what pages ask for; the page itself is at `/`.
const FOLDER: &str = "/_studio/";

/// Only what this server sends itself: no other place is asked, and nothing is embedded.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Whether a request is for a page; the journal leaves such requests out. What is posted to
/// `/` is a file for the temporary storage.
pub fn is_for(state: &State, head: &Parts) -> bool {
    let path = head.uri.path();
    let is_page = path == "/" && [Method::GET, Method::HEAD].contains(&head.method);
    state.pages.is_some() && (is_page || path.starts_with(FOLDER))
}

/// Whether a browser sends a request for a page of another site, which it says in these
/// headers. What is no browser sends neither.
pub fn is_foreign(headers: &HeaderMap, own: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_other = header("origin").is_some_and(|origin| !origin.eq_ignore_ascii_case(own));
    let site = header("sec-fetch-site");
    is_other || site.is_some_and(|site| !["same-origin", "none"].contains(&site))
}

/// The reply to a request of someone who may not ask what pages ask.
pub fn refused(state: &State, head: &Parts, url: &str) -> Option<Reply> {
    let reply = state.pages.as_ref()?.refuse(head, url)?;
    Some(finished(reply_of(reply)))
}

pub async fn answer(state: &State, head: &Parts, body: Incoming, url: String) -> Reply {
    let Some(pages) = state.pages.clone() else {
        return refusal(StatusCode::NOT_FOUND, "there are no pages");
    };
    // Anyone may lead to the page; only the page asks for more.
    if head.uri.path() != "/" && is_foreign(&head.headers, &url) {
        return refusal(
            StatusCode::FORBIDDEN,
            "only this server's own page may ask for this",
        );
    }
    if let Some(reply) = refused(state, head, &url) {
        return reply;
    }
    let body = match body_of(head, body).await {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let request = PageRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        body,
        url,
    };
    finished(run(state, pages, request).await)
}

async fn run(state: &State, pages: Arc<dyn Pages>, request: PageRequest) -> Reply {
    // As many at once as pictures may be drawn: both are work for a processor.
    let _permit = state.page_permits.acquire().await;
    let (path, method) = (request.path.clone(), request.method.clone());
    match spawn_blocking(move || pages.answer(request)).await {
        Ok(Some(reply)) => reply_of(reply),
        Ok(None) => refusal(StatusCode::NOT_FOUND, &format!("no page: {method} {path}")),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn reply_of(reply: PageReply) -> Reply {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let made = Reply::new(status, reply.content_type, reply.body);
    match reply.cookie {
        Some(cookie) => made.with_header(SET_COOKIE, &cookie),
        None => made,
    }
}

/// The JSON of a request that sends some. A form of another site can't have its type.
async fn body_of(head: &Parts, body: Incoming) -> Result<Value, Reply> {
    if [Method::GET, Method::HEAD].contains(&head.method) {
        return Ok(Value::Null);
    }
    let kind = head
        .headers
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    if kind.is_none_or(|kind| !kind.starts_with("application/json")) {
        return Err(refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/json",
        ));
    }
    match request_body::read(body, None).await {
        RequestBody::Json(_, json) => Ok(json),
        RequestBody::Unreadable(_, why) => Err(refusal(StatusCode::BAD_REQUEST, &why)),
        _ => Err(refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too long",
        )),
    }
}

fn refusal(status: StatusCode, message: &str) -> Reply {
    finished(Reply::json(
        status,
        serde_json::json!({"error": message}).to_string(),
    ))
}

fn finished(reply: Reply) -> Reply {
    let same_origin = HeaderName::from_static("cross-origin-resource-policy");
    let mut reply = reply
        .with_header(CACHE_CONTROL, "no-store")
        .with_header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .with_header(REFERRER_POLICY, "no-referrer")
        .with_header(same_origin, "same-origin");
    reply
        .headers
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_other_sites_are_known() {
        let own = "http://127.0.0.1:1";
        let cases = [
            ("origin", "http://127.0.0.1:1", false),
            ("origin", "http://127.0.0.1:2", true),
            ("origin", "null", true),
            ("sec-fetch-site", "same-origin", false),
            ("sec-fetch-site", "none", false),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "cross-site", true),
            ("accept", "*/*", false),
        ];
        for (name, value, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
            assert_eq!(is_foreign(&headers, own), expected, "{name}: {value}");
        }
    }
}
