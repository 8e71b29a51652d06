//! Answers a request for a document that was given to the sandbox beside its own.

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;

use crate::documents::api::Api;
use crate::documents::path_template;
use crate::http::control_headers::Control;
use crate::http::reply::Reply;
use crate::http::request_body::RequestBody;
use crate::journal::recorder::Recorded;
use crate::mock::document::{Lookup, Mock};
use crate::mock::error::MockError;
use crate::mock::operation::{Found, Operation};
use crate::mock::refusal;
use crate::mock::reply::{Content, MockReply, Request};
use crate::script::effect::{Effect, Override};
use crate::server::override_reply;
use crate::server::state::State;

/// The first document that has an operation for a request.
pub fn find<'m>(state: &'m State, head: &Parts) -> Option<(&'m Mock, Found<'m>)> {
    let query = head.uri.query().unwrap_or_default();
    state.mocks.iter().find_map(|mock| {
        match mock.find(head.method.as_str(), head.uri.path(), query) {
            Lookup::Found(found) => Some((mock, found)),
            _ => None,
        }
    })
}

/// The reply, and how long the client is to wait for it.
pub fn answer(
    state: &State,
    (mock, found): (&Mock, &Found<'_>),
    head: &Parts,
    body: &RequestBody,
    effect: &Effect,
) -> (Reply, Duration) {
    let request = Request {
        mock,
        found,
        head,
        body,
    };
    let control = Control::read(&head.headers)
        .map_err(|error| MockError::request(error.param, error.message));
    let delay = control
        .as_ref()
        .map_or(Duration::ZERO, |control| control.delay);
    let replaced = replaced(state, (mock, found.operation), effect);
    let reply = replaced.unwrap_or_else(|| {
        let answered = control.and_then(|control| request.answer(&control));
        let reply = answered
            .unwrap_or_else(|error| refusal::error(Some(mock), Some(found.operation), &error));
        finished(reply, effect)
    });
    let recorded = Recorded::new(head, Some(body));
    let (reply, scripted) = recorded.answered(reply, effect, &state.journal);
    (reply, delay + scripted)
}

/// The answer where a document has the path but not the method; or, without documents of
/// the sandbox's own, not even the path.
pub fn not_found(
    state: &State,
    head: &Parts,
    body: &RequestBody,
    effect: &Effect,
) -> Option<(Reply, Duration)> {
    let (method, path) = (head.method.as_str(), head.uri.path());
    let query = head.uri.query().unwrap_or_default();
    let mut lookups = state
        .mocks
        .iter()
        .map(|mock| (mock, mock.find(method, path, query)));
    let other = lookups.find(|(_, lookup)| matches!(lookup, Lookup::OtherMethods(_)));
    let (mock, lookup) = other.or_else(|| {
        let first = state.mocks.first().filter(|_| state.catalog.is_empty())?;
        Some((first, Lookup::None))
    })?;
    let error = refusal::not_found(&lookup, method, &path_template::readable(path));
    let reply = finished(refusal::error(Some(mock), None, &error), effect);
    Some(Recorded::new(head, Some(body)).answered(reply, effect, &state.journal))
}

/// What a script answers in place of the right reply: an error is one of the document's.
fn replaced(
    state: &State,
    (mock, operation): (&Mock, &Operation),
    effect: &Effect,
) -> Option<Reply> {
    if let Override::Error(error) = effect.override_reply.as_ref()? {
        let error = MockError::new(error.status, error.message.clone());
        let reply = refusal::error(Some(mock), Some(operation), &error);
        return Some(finished(reply, effect));
    }
    // DashScope's replies have no header of their own.
    let request_id = state.request_ids.next();
    override_reply::build(effect, Api::DashScope, &request_id)
}

/// The bytes of a reply, with the changes of a script.
fn finished(mut reply: MockReply, effect: &Effect) -> Reply {
    let status = effect.status.filter(|_| reply.status.is_success());
    if let Content::Json(json) = &mut reply.content {
        effect.edits.iter().for_each(|edit| edit.apply(json));
    }
    let body = match reply.content {
        Content::None => Vec::new(),
        Content::Json(json) => json.to_string().into_bytes(),
        Content::Text(text) => text.into_bytes(),
        Content::Bytes(bytes) => bytes,
    };
    let mut sent = Reply::new(status.unwrap_or(reply.status), "application/json", body);
    match HeaderValue::from_str(&reply.media) {
        Ok(media) if !reply.media.is_empty() => drop(sent.headers.insert(CONTENT_TYPE, media)),
        _ => drop(sent.headers.remove(CONTENT_TYPE)),
    }
    for (name, value) in reply.headers {
        sent = sent.with_header(name, &value);
    }
    sent
}
