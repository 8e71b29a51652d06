//! How is a request answered?

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

use crate::api::Api;
use crate::body::{self, Received};
use crate::catalog::{Catalog, Document, Route};
use crate::control::{self, Control, Form};
use crate::fault::{Fault, Kind};
use crate::id::Ids;
use crate::journal::{self, Journal, JournalEntry};
use crate::key;
use crate::order;
use crate::paint;
use crate::picture::Picture;
use crate::reply;
use crate::violation;

/// What every request shares.
pub struct Shared {
    pub catalog: Catalog,
    pub journal: Journal,
    pub ids: Ids,
    /// Where the server is when a request doesn't say under which name it was found.
    pub url: String,
    /// Pictures that may be drawn at once.
    pub easels: Semaphore,
    /// Closed when the server is to stop.
    pub running: watch::Receiver<()>,
}

pub async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let mut running = shared.running.clone();
    // A delay of minutes doesn't keep the server alive.
    tokio::select! {
        response = answer(&shared, request) => response,
        _ = running.changed() => {
            let fault = Fault::new(StatusCode::SERVICE_UNAVAILABLE, Kind::Sandbox, "stopping");
            error(Api::Gateway, &fault, &shared.ids.next())
        }
    }
}

async fn answer(shared: &Shared, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if head.method == Method::GET && path == "/_journal" {
        return json(StatusCode::OK, shared.journal.json());
    }
    if let (&Method::GET | &Method::HEAD, Some(file)) =
        (&head.method, path.strip_prefix("/_images/"))
    {
        return image(shared, &head, Picture::parse(file)).await;
    }
    let received = body::read(body).await;
    match shared.catalog.route(head.method.as_str(), path) {
        Some(route) => generation(shared, route, &head, received).await,
        None => {
            let fault = invalid_url(&head);
            record(shared, &head, &received, fault.status, false);
            error(Api::Gateway, &fault, &shared.ids.next())
        }
    }
}

/// A request to an API. It is decided and recorded at once and answered when its
/// delay is over, so that one whose client gave up is in the journal all the same.
async fn generation(
    shared: &Shared,
    route: &Route,
    head: &Parts,
    received: Received,
) -> Response<Body> {
    let request_id = shared.ids.next();
    let call = Call {
        shared,
        route,
        headers: &head.headers,
        request_id: &request_id,
    };
    let (delay, decision) = match Control::read(&head.headers) {
        Ok(control) => (control.delay, call.decide(&control, &received)),
        Err(fault) => (Default::default(), Err(fault)),
    };
    let (status, submitted) = match &decision {
        Ok(answer) => (answer.status, answer.submitted),
        Err(fault) => (fault.status, false),
    };
    record(shared, head, &received, status, submitted);
    drop(received);
    sleep(delay).await;
    let answered = match decision {
        Ok(answer) => call.finish(answer).await,
        Err(fault) => Err(fault),
    };
    let response = match answered {
        Ok(response) => response,
        Err(fault) => return error(route.api, &fault, &request_id),
    };
    with_request_id(response, route.api, &request_id)
}

struct Call<'a> {
    shared: &'a Shared,
    route: &'a Route,
    headers: &'a HeaderMap,
    request_id: &'a str,
}

/// What a request is answered with.
struct Answer {
    status: StatusCode,
    submitted: bool,
    content: Content,
}

enum Content {
    Text(String),
    Json(Value),
    /// A reply and the pictures that are still to be drawn into it.
    Base64(Value, Vec<Picture>),
}

impl Call<'_> {
    fn decide(&self, control: &Control, received: &Received) -> Result<Answer, Fault> {
        if let Some(name) = &control.example {
            return self.example(name, control.status, received);
        }
        if let Some(status) = control.status {
            let message = format!("the sandbox was asked to answer {}", status.as_u16());
            return Err(Fault::new(status, Kind::Forced, message));
        }
        if !key::has_bearer(self.headers) {
            let message = "no API key: write \"Authorization: Bearer <key>\", with any key";
            return Err(Fault::new(StatusCode::UNAUTHORIZED, Kind::Key, message));
        }
        let body = json_body(received)?;
        let document = self.route.document(body)?;
        if let Some(found) = violation::find(&document.request, body) {
            return Err(Fault::request(found.first, found.text));
        }
        let pictures = order::pictures(self.route.api, document, body)?;
        self.accept(document, pictures, control.form)
    }

    fn example(
        &self,
        name: &str,
        status: Option<StatusCode>,
        received: &Received,
    ) -> Result<Answer, Fault> {
        let document = match received {
            Received::Json(_, body) => self.route.document(body).ok(),
            _ => None,
        };
        let examples = self.shared.catalog.examples(self.route.api, document);
        let examples: Vec<_> = examples.collect();
        match examples.iter().find(|example| example.name == name) {
            Some(example) => Ok(Answer {
                status: status.unwrap_or(StatusCode::OK),
                submitted: false,
                content: Content::Text(example.data.clone()),
            }),
            None => {
                let known: Vec<_> = examples.iter().map(|each| &*each.name).collect();
                Err(control::unknown_example(name, &known))
            }
        }
    }

    fn accept(
        &self,
        document: &Document,
        pictures: Vec<Picture>,
        form: Form,
    ) -> Result<Answer, Fault> {
        let host = self.headers.get(HOST).and_then(|host| host.to_str().ok());
        let base = match host {
            Some(host) if !host.is_empty() => format!("http://{host}"),
            _ => self.shared.url.clone(),
        };
        let api = self.route.api;
        let reply = reply::build(api, document, &pictures, form, &base, self.request_id)?;
        Ok(Answer {
            status: StatusCode::OK,
            submitted: true,
            content: match form {
                Form::Url => Content::Json(reply),
                Form::Base64 => Content::Base64(reply, pictures),
            },
        })
    }

    async fn finish(&self, answer: Answer) -> Result<Response<Body>, Fault> {
        let text = match answer.content {
            Content::Text(text) => text,
            Content::Json(reply) => reply.to_string(),
            Content::Base64(mut reply, pictures) => {
                let mut base64 = Vec::with_capacity(pictures.len());
                for picture in pictures {
                    base64.push(STANDARD.encode(draw(self.shared, picture).await?));
                }
                reply::fill(&mut reply, base64);
                reply.to_string()
            }
        };
        Ok(json(answer.status, text))
    }
}

fn json_body(received: &Received) -> Result<&Value, Fault> {
    match received {
        Received::Json(_, body) => Ok(body),
        Received::Other(_, why) => Err(Fault::request("", why)),
        Received::TooLong => Err(Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Request,
            format!("the body is longer than {} bytes", body::LONGEST),
        )),
    }
}

async fn image(shared: &Shared, head: &Parts, picture: Option<Picture>) -> Response<Body> {
    let Some(picture) = picture else {
        let fault = invalid_url(head);
        record_empty(shared, head, fault.status);
        return error(Api::Gateway, &fault, &shared.ids.next());
    };
    record_empty(shared, head, StatusCode::OK);
    match draw(shared, picture).await {
        Ok(file) => response(StatusCode::OK, "image/png", file),
        Err(fault) => error(Api::Gateway, &fault, &shared.ids.next()),
    }
}

async fn draw(shared: &Shared, picture: Picture) -> Result<Vec<u8>, Fault> {
    let _easel = shared.easels.acquire().await;
    let drawn = tokio::task::spawn_blocking(move || paint::png(picture)).await;
    let failed = |error: &dyn std::fmt::Display| {
        Fault::sandbox(format!("the picture couldn't be drawn: {error}"))
    };
    match drawn {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}

fn invalid_url(head: &Parts) -> Fault {
    let message = format!("Invalid URL ({} {})", head.method, head.uri.path());
    Fault::new(StatusCode::NOT_FOUND, Kind::Url, message)
}

fn record(shared: &Shared, head: &Parts, received: &Received, status: StatusCode, submitted: bool) {
    let (model, body) = match received {
        Received::Json(text, json) => (json["model"].as_str(), journal::body(text, Some(json))),
        Received::Other(text, _) => (None, journal::body(text, None)),
        Received::TooLong => {
            let note = format!("(more than {} bytes)", body::LONGEST);
            (None, note.into())
        }
    };
    shared.journal.record(JournalEntry {
        seq: 0,
        method: journal::name(head.method.as_str()),
        path: journal::name(head.uri.path()),
        model: model.map(journal::name),
        status: status.as_u16(),
        authorized: key::has_any(&head.headers),
        body,
        submitted,
    });
}

fn record_empty(shared: &Shared, head: &Parts, status: StatusCode) {
    let nothing = Received::Other(Vec::new(), String::new());
    record(shared, head, &nothing, status, false);
}

fn error(api: Api, fault: &Fault, request_id: &str) -> Response<Body> {
    let response = json(fault.status, fault.body(api, request_id).to_string());
    with_request_id(response, api, request_id)
}

fn with_request_id(mut response: Response<Body>, api: Api, id: &str) -> Response<Body> {
    if let (Api::Gateway, Ok(id)) = (api, HeaderValue::from_str(id)) {
        response.headers_mut().insert("X-Oneapi-Request-Id", id);
    }
    response
}

fn json(status: StatusCode, text: String) -> Response<Body> {
    response(status, "application/json", text.into_bytes())
}

fn response(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
