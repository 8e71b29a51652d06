//! Decides who answers a request.

use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use tokio::time::sleep;

use crate::documents::api::Api;
use crate::documents::api_error::{ApiError, ErrorKind};
use crate::documents::role::Role;
use crate::documents::route::Route;
use crate::http::cut_stream::{Cut, CutHandle, CutPoint};
use crate::http::delivery;
use crate::http::own_host;
use crate::http::payload::Payload;
use crate::http::region;
use crate::http::reply::Reply;
use crate::http::request_body::{self, RequestBody};
use crate::journal::recorder::Recorded;
use crate::mock::operation::Operation;
use crate::script::effect::{CutKind, Effect};
use crate::script::step::{RequestFacts, RequestKind};
use crate::server::answers::picture_download;
use crate::server::call::Call;
use crate::server::override_reply;
use crate::server::pages::serve;
use crate::server::respond;
use crate::server::routes::admin;
use crate::server::routes::mock_call;
use crate::server::routes::models;
use crate::server::state::State;

pub async fn handle(
    state: &State,
    connection: &CutHandle,
    request: Request<Incoming>,
) -> Response<Payload> {
    let (mut head, body) = request.into_parts();
    region::take(&state.regions, &mut head);
    let refused = |status, message: &str| {
        let error = ApiError::new(status, ErrorKind::Request, message);
        delivery::send(Reply::error(
            &error,
            Api::Gateway,
            &state.request_ids.next(),
        ))
    };
    if !own_host::is_own(&head.headers) {
        let message = "the host of this request is not this server: use its address, or localhost";
        return refused(StatusCode::MISDIRECTED_REQUEST, message);
    }
    if serve::is_for(state, &head) {
        let url = state.url_for(&head);
        return delivery::send(serve::answer(state, &head, body, url).await);
    }
    if admin::is_for(&head) {
        let url = state.url_for(&head);
        if serve::is_foreign(&head.headers, &url) {
            let message = "a page of another site may not ask for this";
            return refused(StatusCode::FORBIDDEN, message);
        }
        if let Some(reply) = serve::refused(state, &head, &url) {
            return delivery::send(reply);
        }
        return delivery::send(admin::answer(state, &head, body).await);
    }
    if let Some((kind, step)) = state.script.take_connection_cut() {
        return cut_unread(state, connection, &head, kind, step);
    }
    let content_type = head.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let body = request_body::read(body, content_type).await;
    let mocked = mock_call::find(state, &head);
    let route = match mocked {
        Some(_) => None,
        None => state.catalog.route(head.method.as_str(), head.uri.path()),
    };
    let own = mocked.as_ref().map(|(_, found)| found.operation);
    let effect = state.script.take(&facts(&head, route, own, &body));
    let (reply, delay) = match (route, &mocked) {
        (_, Some((mock, found))) => mock_call::answer(state, (mock, found), &head, &body, &effect),
        (Some(route), None) => {
            respond::respond(&Call::new(state, route, &head, &effect), body).await
        }
        (None, None) if models::is_for(&head) => models::answer(state, &head, &effect),
        (None, None) if picture_download::is_for(&head) => {
            picture_download::answer(state, &head, &effect).await
        }
        (None, None) => not_found(state, &head, &body, &effect),
    };
    sleep(delay).await;
    delivery::send_as(reply, &effect, connection)
}

/// Ends the connection of a request whose body is not read.
fn cut_unread(
    state: &State,
    connection: &CutHandle,
    head: &Parts,
    kind: CutKind,
    step: Option<u64>,
) -> Response<Payload> {
    let point = CutPoint::Head(0);
    connection.cut(Cut { point, kind });
    let recorded = Recorded {
        step,
        ..Recorded::new(head, None)
    };
    recorded.record(&state.journal);
    delivery::send(Reply::json(StatusCode::OK, String::new()))
}

fn facts<'a>(
    head: &'a Parts,
    route: Option<&'a Route>,
    mocked: Option<&'a Operation>,
    body: &'a RequestBody,
) -> RequestFacts<'a> {
    let kind = match route.map(|route| route.role_for(body.model())) {
        Some(Role::Generate) => RequestKind::Generation,
        Some(Role::Submit) => RequestKind::Submission,
        Some(Role::Query | Role::List | Role::Cancel) => RequestKind::Task,
        Some(Role::Models | Role::Policy | Role::Store) => RequestKind::Other,
        None if mocked.is_some() => RequestKind::Operation,
        None if picture_download::is_for(head) => RequestKind::Image,
        None => RequestKind::Other,
    };
    RequestFacts {
        method: &head.method,
        path: head.uri.path(),
        template: route
            .map(|route| route.path.as_str())
            .or_else(|| mocked.map(|operation| operation.template.text.as_str())),
        kind,
        model: body.model(),
    }
}

/// The answer where there is no such route.
fn not_found(
    state: &State,
    head: &Parts,
    body: &RequestBody,
    effect: &Effect,
) -> (Reply, Duration) {
    if let Some(answer) = mock_call::not_found(state, head, body, effect) {
        return answer;
    }
    let (api, request_id) = (Api::Gateway, state.request_ids.next());
    let reply = override_reply::build(effect, api, &request_id).unwrap_or_else(|| {
        let error = ApiError::invalid_url(&head.method, head.uri.path());
        Reply::error(&error, api, &request_id)
    });
    Recorded::new(head, Some(body)).answered(reply, effect, &state.journal)
}
