//! The events of a reply, each as soon as it is there.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::io;
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
use crate::call::{
    Deadline, DeadlinePassed, Decoder, Opened, Transport, error_reply, failed_reply, raw_reply,
    said,
};
use crate::effect::Effect;
use crate::error::{Error, innermost_cause};
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
    deadline: Deadline,
    passed: Pin<Box<dyn Future<Output = DeadlinePassed> + Send>>,
    /// The deadline passed while bytes came: nothing more is taken.
    late: Option<DeadlinePassed>,
    /// What came and is still to be decoded.
    undecoded: Bytes,
    decoder: Decoder,
    parser: Parser,
    ready: VecDeque<RawEvent>,
    /// How many events were handed out.
    count: usize,
    is_over: bool,
    /// Why it is over, to be told after the events that are ready.
    failed: Option<Error>,
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
    request_id: Option<String>,
}

impl Head {
    /// What an API is shown: the reply with so much of its body.
    fn raw<'a>(&'a self, body: &'a Body, json: Option<&'a Value>) -> RawReply<'a> {
        raw_reply(self.status, &self.headers, body, json)
    }
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
        let decoder = Decoder::new(&mut headers);
        let framing = Framing::of(&headers).unwrap_or(Framing::ServerSent);
        let keys = &transport.keys;
        keys.blank_reply(&mut Bytes::new(), None, &mut headers);
        let mut head = Head {
            status: response.status().as_u16(),
            attempts,
            headers,
            request_id: None,
        };
        let request_id = transport.api.request_id(&head.raw(&Body::default(), None));
        head.request_id = request_id.map(|id| transport.keys.redact(id));
        Self {
            head,
            bytes: Box::pin(response.bytes_stream()),
            deadline,
            passed: Box::pin(deadline.passed()),
            late: None,
            undecoded: Bytes::new(),
            decoder,
            parser: Parser::new(framing),
            ready: VecDeque::new(),
            count: 0,
            is_over: false,
            failed: None,
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
            return None;
        }
        self.count += 1;
        let data = raw.data.take().unwrap_or_default();
        let mut json = serde_json::from_str(&data).unwrap_or(Value::String(data.clone()));
        let mut data = Bytes::from(data);
        let keys = &self.transport.keys;
        keys.blank_reply(&mut data, Some(&mut json), &mut HeaderMap::new());
        raw.name = raw.name.map(|name| keys.redact(name));
        raw.id = raw.id.map(|id| keys.redact(id));
        raw.data = Some(String::from_utf8_lossy(&data).into_owned());
        match self.failure(data, &json) {
            Some(error) => Some(Err(error)),
            None => Some(Ok(Event::new(raw, json))),
        }
    }

    /// The failure that an event reports, by what the API says of replies.
    fn failure(&self, data: Bytes, json: &Value) -> Option<Error> {
        let body = Body::new(data);
        let raw = self.head.raw(&body, Some(json));
        let api = &*self.transport.api;
        let failure = api.failure(&raw)?;
        let said = said(&failure, &body, &self.transport.keys);
        let message = format!("the API reports a failure in event {}: {said}", self.count);
        let error = Error::new(failure.stage, message);
        Some(self.noted(error.with_reply(failed_reply(api, &raw, failure))))
    }

    fn noted(&self, error: Error) -> Error {
        let error = self.transport.keys.redact_error(error);
        error.after_attempts(self.effect, self.head.attempts)
    }

    /// The error of a reply that has no end.
    fn broken_off(&self, why: &str) -> Error {
        let (count, doubt) = (self.count + self.ready.len(), self.effect.doubt());
        let noun = if count == 1 { "event" } else { "events" };
        let message = format!("{why} after {count} {noun}{doubt}");
        let reply = error_reply(&*self.transport.api, &self.head.raw(&Body::default(), None));
        Error::new(Stage::OutcomeUnknown, message).with_reply(reply)
    }

    /// The error of a reply that can't be decoded.
    fn damaged(&self, error: io::Error) -> Error {
        let why = format!("the reply is compressed, and damaged ({error})");
        self.broken_off(&why).caused_by(error)
    }

    /// Takes in a piece of what came.
    fn take(&mut self) -> Result<(), Error> {
        let decoded = match self.decoder.decode(&mut self.undecoded) {
            Ok(decoded) => decoded,
            Err(error) => {
                let (left, _) = self.decoder.finish();
                self.ready.extend(self.parser.take(&left));
                return Err(self.damaged(error));
            }
        };
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
        finished.map_err(|error| self.damaged(error))
    }

    /// Takes in the bytes that come next.
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(match self.bytes.as_mut().poll_next(context) {
            // What came by the time that it is found to be late counts.
            Poll::Ready(Some(Ok(bytes))) if self.late.is_none() => {
                self.late = self.deadline.passed_by_now();
                self.undecoded = bytes;
                Ok(())
            }
            Poll::Ready(None) => self.finish(),
            Poll::Ready(Some(Err(error))) => {
                let error = error.without_url();
                let cause = innermost_cause(&error);
                let broken = self.broken_off(&format!("the reply broke off ({cause})"));
                Err(broken.caused_by(error))
            }
            Poll::Ready(Some(Ok(_))) | Poll::Pending => {
                let passed = match self.late {
                    Some(passed) => passed,
                    None => ready!(self.passed.as_mut().poll(context)),
                };
                Err(self.broken_off(&passed.to_string()))
            }
        })
    }

    /// Ends it, whatever was still to come.
    fn end(&mut self) {
        self.is_over = true;
        self.failed = None;
        self.ready.clear();
        self.undecoded.clear();
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

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id.as_deref()
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
                if !matches!(event, Some(Ok(_))) {
                    self.end();
                }
                return Poll::Ready(event);
            }
            if self.is_over {
                return Poll::Ready(self.failed.take().map(Err));
            }
            let taken = match self.undecoded.is_empty() {
                true => ready!(self.poll_bytes(context)),
                false => self.take(),
            };
            if let Err(error) = taken {
                self.is_over = true;
                self.failed = Some(self.noted(error));
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::{Duration, Instant};

    use bytes::Bytes;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use futures_core::Stream;
    use serde_json::Value;

    use super::Events;
    use crate::api::{Api, Failure, RawReply};
    use crate::call::{Deadline, Opened};
    use crate::client::Client;
    use crate::effect::Effect;
    use crate::error::Error;
    use crate::limit::Permit;

    /// A body that is never waited for: it has its next piece at once.
    struct Pieces<F>(F);

    impl<F: FnMut() -> Option<Bytes> + Unpin> Stream for Pieces<F> {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready((self.0)().map(Ok))
        }
    }

    /// An API whose events report a failure where they are `null`.
    struct Null;

    impl Api for Null {
        fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
            reply.json?.is_null().then(Failure::default)
        }
    }

    const LARGEST: usize = 64 << 20;
    const LIMIT: Duration = Duration::from_millis(50);

    /// The events of such a body.
    fn events<F>(encoding: &str, pieces: F) -> Events<Value>
    where
        F: FnMut() -> Option<Bytes> + Unpin + Send + 'static,
    {
        let client = Client::builder("https://shop.example")
            .api(Null)
            .largest_reply(LARGEST);
        let client = client.build().expect("a client");
        let response = http::Response::builder()
            .header("content-type", "text/event-stream")
            .header("content-encoding", encoding)
            .header("x-request-id", "r-7");
        let body = reqwest::Body::wrap_stream(Pieces(pieces));
        let opened = Opened {
            response: response.body(body).expect("a reply").into(),
            attempts: 1,
            deadline: Deadline::after(Some(LIMIT)),
        };
        let (transport, permit) = (client.transport, Permit::default());
        Events::new(opened, transport, Effect::Safe, permit, Vec::new())
    }

    /// The same of a body that comes in one piece.
    fn at_once(encoding: &str, body: impl Into<Bytes>) -> Events<Value> {
        let mut piece = Some(body.into());
        events(encoding, move || piece.take())
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(text).expect("written");
        gzip.finish().expect("gzip")
    }

    /// What events bring, and the error after them.
    async fn all(mut events: Events<Value>) -> (Vec<String>, Option<Error>) {
        let (mut found, mut error) = (Vec::new(), None);
        while let Some(event) = events.next().await {
            assert!(error.is_none(), "more comes after an error");
            match event {
                Ok(event) => found.push(event.data().to_owned()),
                Err(failed) => error = Some(failed),
            }
        }
        (found, error)
    }

    #[tokio::test]
    async fn a_stream_that_never_pauses_ends_at_its_deadline() {
        // Events, and what is none.
        for piece in ["data: 1\n\n", ": nothing\n\n"] {
            let start = Instant::now();
            let endless = events("identity", move || {
                assert!(start.elapsed() < 100 * LIMIT, "it outlasts its deadline");
                Some(Bytes::from_static(piece.as_bytes()))
            });
            let (_, error) = all(endless).await;
            let error = error.expect("late");
            let message = error.message();
            assert!(
                message.starts_with("the deadline of 50ms passed after"),
                "{error}"
            );
            assert_eq!(error.request_id(), Some("r-7"));
        }
    }

    #[tokio::test]
    async fn what_came_is_told_before_why_no_more_comes() {
        let text = "data: 1\n\ndata: 2\n\n";
        let whole = gzip(text.as_bytes());
        let mut damaged = gzip(text.repeat(10_000).as_bytes());
        let middle = damaged.len() / 2;
        damaged[middle..].fill(0xff);
        let cases = [
            (
                "gzip",
                whole[..whole.len() - 3].to_vec(),
                Some(2),
                "and damaged",
            ),
            ("gzip", damaged, None, "and damaged"),
            (
                "identity",
                [text.as_bytes(), b"data: ", &vec![b'x'; LARGEST]].concat(),
                Some(2),
                "an event is longer than",
            ),
        ];
        for (encoding, body, count, why) in cases {
            let (found, error) = all(at_once(encoding, body)).await;
            let error = error.expect("an error");
            assert!(error.message().contains(why), "{error}");
            assert!(count.is_none_or(|count| count == found.len()), "{found:?}");
            let told = format!("after {} events", found.len());
            assert!(
                !found.is_empty() && error.message().contains(&told),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn nothing_comes_after_the_end() {
        for (end, fails) in [("[DONE]", false), ("null", true)] {
            let body = format!("data: 1\n\ndata: {end}\n\ndata: 2\n\n");
            let (found, error) = all(at_once("identity", body)).await;
            assert_eq!((found.len(), error.is_some()), (1, fails), "{end}");
        }
    }

    #[tokio::test]
    async fn what_stands_for_a_lot_is_decoded_as_it_is_asked_for() {
        let event = format!("data: {}\n\n", "x".repeat(100_000));
        let body = gzip(event.repeat(1000).as_bytes());
        let mut events = at_once("gzip", body);
        assert!(!events.headers().contains_key("content-encoding"));
        assert_eq!(events.request_id(), Some("r-7"));
        let event = events.next().await.expect("an event");
        assert_eq!(event.expect("an event").data().len(), 100_000);
        assert!(events.ready.len() < 200, "{}", events.ready.len());
        let (rest, error) = all(events).await;
        assert!(error.is_none());
        assert_eq!(rest.len(), 999);
    }
}
