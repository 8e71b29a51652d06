//! `/v1/images/generations` and `/v1/images/edits`: orders of pictures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::body::Incoming;
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};

use crate::ledger::LedgerError;
use crate::ledger::answer::{Answer, Failure};
use crate::ledger::claim::{Claimed, Identity};
use crate::ledger::running::{self, Attachment, Awaited};
use crate::orders::dispatcher::Dispatcher;
use crate::orders::order::{Order, OrderPrice};
use crate::serve::api_error::ApiError;
use crate::serve::callers::Caller;
use crate::serve::http::payload::{Part, Payload};
use crate::serve::openai::answer::{self, Shelf};
use crate::serve::openai::check::check;
use crate::serve::openai::fields::{Fields, Format};
use crate::serve::receipt::Receipt;
use crate::serve::reply::{refuse, reply};
use crate::serve::server::Server;

/// The caller's own id of an order.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The number of an attempt, as OpenAI's libraries count them from 0 on.
const RETRY_COUNT: &str = "x-stainless-retry-count";
/// Says that the answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("inkstone-replayed");
/// The number of the order in the ledger, where OpenAI's libraries look for an id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 255;

/// Answers a request for pictures. `operation` is what the events of a stream are called by.
pub async fn answer(
    server: &Server,
    caller: &Caller,
    head: &Parts,
    body: Incoming,
    operation: &'static str,
) -> Result<Response<Payload>, ApiError> {
    caller.count_request()?;
    let identity = identity(&head.headers)?;
    let turn = match &caller.concurrent {
        // It is never closed.
        Some(turns) => turns.clone().acquire_owned().await.ok(),
        None => None,
    };
    let (fields, room) = server.room.read(&head.headers, body).await?;
    let checked = check(&fields, &server.dispatcher.targets)?;
    let dispatcher = &server.dispatcher;
    let quote = dispatcher.quote(checked.operation, &checked.model, &checked.body);
    let order = Order {
        caller: caller.name.clone(),
        identity,
        budget: caller.budget.clone(),
        operation: checked.operation,
        model: checked.model,
        body: checked.body,
        inputs: Vec::new(),
        price: OrderPrice::new(&quote),
        leaves_task: false,
        _permits: turn.into_iter().chain([room]).collect(),
    };
    let reply = Reply {
        dispatcher: dispatcher.clone(),
        shelf_url: shelf_url(server, &head.headers),
        receipt: head.extensions.get().cloned().unwrap_or_default(),
        operation,
        format: fields.format,
    };
    reply
        .respond(dispatcher.receive(order).await, &fields)
        .await
}

/// How an order is known again.
fn identity(headers: &HeaderMap) -> Result<Identity, ApiError> {
    if let Some(key) = headers.get(IDEMPOTENCY_KEY) {
        let key = key.to_str().ok().map(str::trim);
        let key = key.filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
        return key.map(|key| Identity::Key(key.to_owned())).ok_or_else(|| {
            let message = format!("Idempotency-Key: is not 1 to {LONGEST_KEY} visible characters");
            ApiError::request("invalid_idempotency_key", None, message)
        });
    }
    Ok(Identity::Attempt(
        headers.get(RETRY_COUNT).map_or(0, attempt),
    ))
}

/// The number of an attempt. One that can't be read is no first attempt: taken for one, it would
/// be paid for again.
fn attempt(count: &HeaderValue) -> u32 {
    let count = count.to_str().ok();
    let count = count.and_then(|count| count.trim().parse().ok());
    count.unwrap_or(1)
}

/// Where the caller fetches pictures: at the public address, or at the host that it has reached.
fn shelf_url(server: &Server, headers: &HeaderMap) -> String {
    if let Some(public) = &server.public_url {
        return format!("{public}/pictures");
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    format!("http://{}/pictures", host.unwrap_or("localhost"))
}

/// How a reply is made of an answer.
struct Reply {
    dispatcher: Arc<Dispatcher>,
    shelf_url: String,
    /// Of the connection.
    receipt: Receipt,
    operation: &'static str,
    format: Format,
}

impl Reply {
    async fn respond(
        self,
        received: Result<Claimed, LedgerError>,
        fields: &Fields,
    ) -> Result<Response<Payload>, ApiError> {
        match received.map_err(|LedgerError(why)| broken(&why))? {
            Claimed::Conflict => Err(conflict()),
            Claimed::OverBudget(why) => Err(over_budget(why)),
            Claimed::NoRoom(why) => Err(no_room(&why)),
            Claimed::Answered(answer, attachment) => {
                let mut response = match fields.stream {
                    true => self.stream(std::future::ready(answer), attachment),
                    false => self.whole(&answer, attachment),
                };
                response
                    .headers_mut()
                    .insert(REPLAYED, HeaderValue::from_static("true"));
                Ok(response)
            }
            Claimed::UnderWay(awaited, attachment) => Ok(match fields.stream {
                true => self.stream(wait(awaited), attachment),
                false => {
                    let answer = wait(awaited).await;
                    self.whole(&answer, attachment)
                }
            }),
        }
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            directory: &self.dispatcher.out,
            url: &self.shelf_url,
        }
    }

    /// The reply in one piece.
    fn whole(self, answer: &Answer, attachment: Attachment) -> Response<Payload> {
        let replied = answer::reply(answer, self.format, &self.shelf());
        let is_given = replied.is_ok() || answer.failure.is_some();
        let response = match replied {
            Ok(parts) => reply(StatusCode::OK, "application/json", parts),
            Err(error) => refuse(&error),
        };
        self.noted(response, attachment, &Arc::new(is_given.into()))
    }

    /// A stream of events, which begins before there is an answer.
    fn stream(
        self,
        answer: impl Future<Output = Arc<Answer>> + Send + 'static,
        attachment: Attachment,
    ) -> Response<Payload> {
        let shelf_url = self.shelf_url.clone();
        let (dispatcher, operation) = (self.dispatcher.clone(), self.operation);
        let is_given = Arc::<AtomicBool>::default();
        let given = is_given.clone();
        let events = Part::later(async move {
            let answer = answer.await;
            let shelf = Shelf {
                directory: &dispatcher.out,
                url: &shelf_url,
            };
            let (events, is_given) = answer::events(&answer, operation, &shelf);
            given.store(is_given, Ordering::Relaxed);
            events
        });
        let response = reply(StatusCode::OK, "text/event-stream", vec![events]);
        self.noted(response, attachment, &is_given)
    }

    /// A reply whose arrival is noted, if the answer is given with it. Where it does not get
    /// through to its end, the caller is gone, and the answer waits for its next attempt, as it
    /// does where pictures that were made can't be given.
    fn noted(
        self,
        mut response: Response<Payload>,
        attachment: Attachment,
        is_given: &Arc<AtomicBool>,
    ) -> Response<Payload> {
        let is_given = is_given.clone();
        let id = format!("order-{}", attachment.seq);
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let (dispatcher, receipt) = (self.dispatcher, self.receipt);
        response.map(|payload| {
            payload.at_end(move || {
                if is_given.load(Ordering::Relaxed) {
                    receipt.sent(dispatcher, attachment);
                }
            })
        })
    }
}

/// Waits for an answer.
async fn wait(awaited: Awaited) -> Arc<Answer> {
    let given_up = || Failure::unknown("the order was given up");
    let answer = running::answer(awaited).await;
    answer.unwrap_or_else(|| Arc::new(Answer::failed(given_up())))
}

fn conflict() -> ApiError {
    let message = "another request was sent with this Idempotency-Key";
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    ApiError::new(status, "idempotency_key_reused", message).kind("idempotency_error")
}

fn over_budget(why: String) -> ApiError {
    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "insufficient_quota", why);
    error.kind("insufficient_quota").never_again()
}

fn no_room(why: &str) -> ApiError {
    let message = format!("nothing was sent, for there is no room for pictures: {why}");
    ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "no_room", message)
}

fn broken(why: &str) -> ApiError {
    let message = format!("nothing was sent, for the order can't be noted: {why}");
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "ledger_unwritable",
        message,
    )
}
