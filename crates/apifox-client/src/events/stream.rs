//! The events of a reply, each as soon as it is there.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use apifox_runtime::{Decode, Invalid, Node, Warning};
use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::framing::{Framing, Parser, RawEvent};
use crate::api::RawReply;
use crate::body::Body;
use crate::call::{DeadlinePassed, Decoder, Opened, Transport};
use crate::effect::Effect;
use crate::error::{Error, ErrorReply, innermost_cause};
use crate::limit::Permit;
use crate::stage::Stage;

/// What OpenAI and those who do as it does send when nothing more comes.
const DONE: &str = "[DONE]";

/// An event of a reply.
#[derive(Clone, Debug)]
pub struct Event<T> {
    raw: RawEvent,
    json: Value,
    typed: Result<T, Invalid>,
}

/// The events of a reply, each as soon as it is there: a [`Stream`] of `Result<Event<T>,
/// Error>`.
///
/// It ends where the reply does, at an event `[DONE]`, and after an error. What the reply
/// reports as a failure is an error, too, if the API says how
/// ([`Api::failure`](crate::Api::failure)).
pub struct Events<T> {
    head: Head,
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    passed: Pin<Box<dyn Future<Output = DeadlinePassed> + Send>>,
    decoder: Decoder,
    parser: Parser,
    ready: VecDeque<RawEvent>,
    /// How many events there were.
    count: usize,
    is_over: bool,
    transport: Transport,
    effect: Effect,
    warnings: Vec<Warning>,
    _permit: Permit,
    event: PhantomData<fn() -> T>,
}

/// What came before the events.
struct Head {
    status: u16,
    attempts: u32,
    headers: HeaderMap,
}

impl<T> Event<T> {
    /// What the event is called, where it says so.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.raw.name.as_deref()
    }

    /// The last id that an event gave.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.raw.id.as_deref()
    }

    /// Its `data`, as it came.
    #[must_use]
    pub fn data(&self) -> &str {
        self.raw.data.as_deref().unwrap_or_default()
    }

    /// Its data as JSON; a string where it is not JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Its data as the type that the document describes.
    ///
    /// # Errors
    ///
    /// Where it deviates; [`data`](Self::data) has what came all the same.
    pub fn typed(&self) -> Result<&T, Invalid> {
        self.typed.as_ref().map_err(Invalid::clone)
    }

    /// Its data as the type that the document describes.
    ///
    /// # Errors
    ///
    /// As [`typed`](Self::typed).
    pub fn into_typed(self) -> Result<T, Invalid> {
        self.typed
    }
}

impl<T: Decode> Event<T> {
    /// A document describes what the data is, or, as OpenAPI 3.2 has it, an object of all
    /// fields of the event.
    fn new(raw: RawEvent, json: Value) -> Self {
        let typed = T::decode_root(&Node::from(&json)).or_else(|invalid| {
            let mut fields = json!({"data": raw.data});
            for (name, value) in [("event", &raw.name), ("id", &raw.id)] {
                if let Some(value) = value {
                    fields[name] = value.as_str().into();
                }
            }
            T::decode_root(&Node::from(&fields)).map_err(|_| invalid)
        });
        Self { raw, json, typed }
    }
}

impl<T: Decode> Events<T> {
    pub(crate) fn new(
        opened: Opened,
        transport: Transport,
        effect: Effect,
        permit: Permit,
        warnings: Vec<Warning>,
    ) -> Self {
        let Opened {
            response,
            attempts,
            deadline,
        } = opened;
        let mut headers = response.headers().clone();
        let decoder = Decoder::new(&headers);
        let framing = Framing::of(&headers).unwrap_or(Framing::ServerSent);
        if let Some(key) = &transport.key {
            key.blank_reply(&mut Bytes::new(), None, &mut headers);
        }
        Self {
            head: Head {
                status: response.status().as_u16(),
                attempts,
                headers,
            },
            bytes: Box::pin(response.bytes_stream()),
            passed: Box::pin(deadline.passed()),
            decoder,
            parser: Parser::new(framing),
            ready: VecDeque::new(),
            count: 0,
            is_over: false,
            transport,
            effect,
            warnings,
            _permit: permit,
            event: PhantomData,
        }
    }

    /// The next event; `None` where no more come.
    ///
    /// # Errors
    ///
    /// That the reply broke off, or the deadline passed, or that the API reports a failure.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The event that is there, as a type; an error if it reports a failure.
    fn event(&mut self, raw: RawEvent) -> Option<Result<Event<T>, Error>> {
        let mut raw = raw;
        if raw.data.as_deref() == Some(DONE) {
            self.is_over = true;
            return None;
        }
        self.count += 1;
        let data = raw.data.take().unwrap_or_default();
        let mut json = serde_json::from_str(&data).unwrap_or(Value::String(data.clone()));
        let mut data = Bytes::from(data);
        if let Some(key) = &self.transport.key {
            key.blank_reply(&mut data, Some(&mut json), &mut HeaderMap::new());
            for text in [&mut raw.name, &mut raw.id].into_iter().flatten() {
                *text = key.redact(text);
            }
        }
        raw.data = Some(String::from_utf8_lossy(&data).into_owned());
        if let Some(error) = self.failure(data, &json) {
            self.is_over = true;
            return Some(Err(error));
        }
        Some(Ok(Event::new(raw, json)))
    }

    /// The failure that an event reports, by what the API says of replies.
    fn failure(&self, data: Bytes, json: &Value) -> Option<Error> {
        let body = Body::new(data);
        let reply = RawReply {
            status: self.head.status,
            headers: &self.head.headers,
            retry_after: None,
            body: &body,
            json: Some(json),
        };
        let failure = self.transport.api.failure(&reply)?;
        let said = failure.message.as_deref().unwrap_or("without a message");
        let message = format!("the API reports a failure in event {}: {said}", self.count);
        let error = Error::new(failure.stage, message).with_reply(ErrorReply {
            code: failure.code,
            request_id: failure.request_id,
            retry_once: failure.retry_once,
            ..self.reply(body)
        });
        Some(self.noted(error))
    }

    /// What an error keeps of the reply.
    fn reply(&self, body: Body) -> ErrorReply {
        ErrorReply {
            status: self.head.status,
            headers: self.head.headers.clone(),
            body,
            ..ErrorReply::default()
        }
    }

    fn noted(&self, error: Error) -> Error {
        let error = self.transport.redacted(error);
        error.after_attempts(self.effect, self.head.attempts)
    }

    /// The error of a reply that has no end.
    fn broken_off(&self, why: &str) -> Error {
        let (count, doubt) = (self.count, self.effect.doubt());
        let noun = if count == 1 { "event" } else { "events" };
        let message = format!("{why} after {count} {noun}{doubt}");
        let error = Error::new(Stage::OutcomeUnknown, message);
        self.noted(error.with_reply(self.reply(Body::default())))
    }

    /// Takes in what came next.
    fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let decoded = match self.decoder.is_plain() {
            true => Ok(bytes.to_vec()),
            false => self.decoder.decode(bytes),
        };
        let decoded = decoded.map_err(|error| {
            self.broken_off(&format!("the reply is compressed, and damaged ({error})"))
        })?;
        self.ready.extend(self.parser.take(&decoded));
        match self.parser.pending > self.transport.largest_reply {
            true => {
                let largest = self.transport.largest_reply;
                let why = format!("an event is longer than the {largest} bytes that are allowed,");
                Err(self.broken_off(&why))
            }
            false => Ok(()),
        }
    }

    /// Takes in that nothing more comes.
    fn finish(&mut self) -> Result<(), Error> {
        self.is_over = true;
        let (left, finished) = self.decoder.finish();
        self.ready.extend(self.parser.take(&left));
        self.ready.extend(self.parser.finish());
        finished.map_err(|error| {
            self.broken_off(&format!("the reply is compressed, and damaged ({error})"))
        })
    }
}

impl<T> Events<T> {
    /// The HTTP status: 200 to 299.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// The headers of the reply.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// How often the request was sent until this reply came.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// What the request said in vain, such as a text that the API cuts short.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl<T: Decode> Stream for Events<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(raw) = self.ready.pop_front() {
                let event = self.event(raw);
                if event.is_none() {
                    self.ready.clear();
                }
                return Poll::Ready(event);
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            // What came before the deadline counts.
            let taken = match self.bytes.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => self.take(&bytes),
                Poll::Ready(None) => self.finish(),
                Poll::Ready(Some(Err(error))) => {
                    let error = error.without_url();
                    let cause = innermost_cause(&error);
                    let broken = self.broken_off(&format!("the reply broke off ({cause})"));
                    Err(broken.caused_by(error))
                }
                Poll::Pending => {
                    let passed = ready!(self.passed.as_mut().poll(context));
                    Err(self.broken_off(&passed.to_string()))
                }
            };
            if let Err(error) = taken {
                self.is_over = true;
                self.ready.clear();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("status", &self.head.status)
            .field("count", &self.count)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
