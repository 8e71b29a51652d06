//! Who answers a request?

use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::admin;
use crate::api::Api;
use crate::body::{self, Received};
use crate::call::Call;
use crate::catalog::{Catalog, Role, Route};
use crate::deliver::Reply;
use crate::entry::Entry;
use crate::fault::{Fault, Kind};
use crate::id::Ids;
use crate::image;
use crate::instead;
use crate::journal::Journal;
use crate::payload::Payload;
use crate::script::{self, Asked, Script};
use crate::step::Effect;
use crate::tasks::Tasks;
use crate::wire::{Cut, Line, Place};

/// What every request shares.
pub struct Shared {
    pub catalog: Catalog,
    pub journal: Journal,
    pub script: Script,
    pub tasks: Tasks,
    pub ids: Ids,
    /// Where the server is when a request doesn't say under which name it was found.
    pub url: String,
    /// Pictures that may be drawn at once.
    pub easels: Semaphore,
    pub is_tiny: bool,
}

pub async fn handle(shared: &Shared, line: &Line, request: Request<Incoming>) -> Response<Payload> {
    let (head, body) = request.into_parts();
    if admin::is_for(&head) {
        return admin::answer(shared, &head, body).await.send();
    }
    if let Some((how, step)) = shared.script.refuses_connection() {
        let place = Place::Head(0);
        line.cut(Cut { place, how });
        Entry::new(&head).step(Some(step)).record(shared);
        return Reply::json(StatusCode::OK, String::new()).send();
    }
    let content_type = head.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let received = body::read(body, content_type).await;
    let route = shared.catalog.route(head.method.as_str(), head.uri.path());
    let effect = shared.script.take(&asked(&head, route, &received));
    let effect = effect.as_deref();
    let (reply, delay) = match route {
        Some(route) => {
            Call::new(shared, route, &head, effect)
                .answer(received)
                .await
        }
        None if image::is_for(&head) => image::answer(shared, &head, effect).await,
        None => nowhere(shared, &head, &received, effect),
    };
    sleep(delay).await;
    reply.send_as(effect, line)
}

/// A connection that ended before anything was read of it.
pub fn record_connection(shared: &Shared, step: u64) {
    Entry::default().step(Some(step)).record(shared);
}

fn asked<'a>(head: &'a Parts, route: Option<&'a Route>, received: &'a Received) -> Asked<'a> {
    let kind = match route.map(|route| route.role) {
        Some(Role::Generate) => script::Kind::Generation,
        Some(Role::Submit) => script::Kind::Submission,
        Some(Role::Query | Role::List | Role::Cancel) => script::Kind::Task,
        None if image::is_for(head) => script::Kind::Image,
        None => script::Kind::Other,
    };
    Asked {
        method: &head.method,
        path: head.uri.path(),
        template: route.map(|route| route.path.as_str()),
        kind,
        model: received.model(),
    }
}

/// What no document and nothing of the sandbox's own answers.
fn nowhere(
    shared: &Shared,
    head: &Parts,
    received: &Received,
    effect: Option<&Effect>,
) -> (Reply, Duration) {
    let request_id = shared.ids.next();
    let reply = match instead::of(effect) {
        Some((effect, instead)) => instead::reply(effect, instead, Api::Gateway, &request_id),
        None => invalid_url(head).reply(Api::Gateway, &request_id),
    };
    Entry::new(head)
        .received(received)
        .played(effect)
        .status(reply.status)
        .record(shared);
    (reply, delay_of(effect))
}

/// How long a step has the client wait.
pub fn delay_of(effect: Option<&Effect>) -> Duration {
    effect.map_or(Duration::ZERO, |effect| effect.wire.delay)
}

/// The fault of a path that nothing answers.
pub fn invalid_url(head: &Parts) -> Fault {
    let message = format!("Invalid URL ({} {})", head.method, head.uri.path());
    Fault::new(StatusCode::NOT_FOUND, Kind::Url, message)
}
