//! Reads what comes back, and says what it means.

use std::io;
use std::sync::Arc;

use apifox_runtime::{is_bodiless_status, media_type};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, Url};
use serde_json::Value;

use super::deadline::{Deadline, DeadlinePassed};
use super::inflate::Decoder;
use super::offload::{is_large, offload};
use super::retry_after::retry_after;
use crate::api::{Api, Failure, RawReply, ReplyHead};
use crate::body::{Body, BodyReader};
use crate::effect::Effect;
use crate::error::{Error, ErrorReply, innermost_cause};
use crate::events::Framing;
use crate::excerpt::excerpt_without;
use crate::key::Keys;
use crate::lenient;
use crate::reply::Received;
use crate::stage::Stage;

/// What holds for the reply to one request.
#[derive(Clone)]
pub(crate) struct Terms {
    pub api: Arc<dyn Api>,
    pub effect: Effect,
    /// Whether the body of a reply that reports success has to be JSON.
    pub expects_json: bool,
    /// The statuses for which that does not hold.
    pub bodiless: &'static [u16],
    /// Whether a reply that is a stream is left to be read as it comes.
    pub is_stream: bool,
    pub deadline: Deadline,
    /// The most bytes of a body that are taken in.
    pub largest: usize,
    /// The most values of a body that a tree is made of.
    pub most_values: usize,
    pub keys: Arc<Keys>,
}

impl Terms {
    /// The error of a deadline that passed before a reply came; `unsent` if nothing of the
    /// request had left this machine.
    pub fn late(&self, passed: DeadlinePassed, unsent: bool) -> Error {
        if unsent {
            let message = format!("{passed} before anything was sent");
            return Error::new(Stage::NotSent, message);
        }
        let doubt = self.effect.doubt();
        let message = format!("{passed} before a reply came{doubt}");
        Error::new(Stage::OutcomeUnknown, message)
    }

    /// The error of a request without a reply; `unsent` if nothing of it had left this
    /// machine.
    pub fn unanswered(&self, error: reqwest::Error, unsent: bool) -> Error {
        // The URL of an error is the API's, without the key; shorter without it.
        let error = error.without_url();
        let cause = innermost_cause(&error);
        let doubt = self.effect.doubt();
        let (stage, message) = if error.is_connect() || unsent {
            let message = format!("the API can't be reached: {cause}");
            (Stage::NotSent, message)
        } else if error.is_timeout() {
            let message = format!("no reply came in time{doubt}");
            (Stage::OutcomeUnknown, message)
        } else {
            let message = format!("the connection broke before a reply came{doubt}: {cause}");
            (Stage::OutcomeUnknown, message)
        };
        Error::new(stage, message).caused_by(error)
    }

    fn excerpt(&self, text: &[u8]) -> String {
        excerpt_without(text, &self.keys.secrets())
    }
}

/// What came of a request.
pub(crate) enum Answer {
    /// The whole reply.
    Whole(Received),
    /// A reply that reports success and is a stream, of which nothing is read yet.
    Open(Opened),
}

/// A reply that is read as it comes.
pub(crate) struct Opened {
    pub response: Response,
    pub attempts: u32,
    pub deadline: Deadline,
}

impl Answer {
    pub fn after_attempts(self, attempts: u32) -> Self {
        match self {
            Self::Whole(received) => Self::Whole(Received {
                attempts,
                ..received
            }),
            Self::Open(opened) => Self::Open(Opened { attempts, ..opened }),
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Whole(received) => received.status,
            Self::Open(opened) => opened.response.status().as_u16(),
        }
    }
}

/// The reply, if it reports success and can be read.
pub(crate) async fn receive(response: Response, terms: &Terms) -> Result<Answer, Error> {
    let is_open = terms.is_stream && response.status().is_success();
    if is_open && Framing::of(response.headers()).is_some() {
        return Ok(Answer::Open(Opened {
            response,
            attempts: 1,
            deadline: terms.deadline,
        }));
    }
    read_whole(response, terms).await.map(Answer::Whole)
}

/// The whole reply, if it reports success and can be read.
pub(crate) async fn read_whole(response: Response, terms: &Terms) -> Result<Received, Error> {
    let status = response.status();
    let url = response.url().clone();
    let mut headers = response.headers().clone();
    let decoder = Decoder::new(&mut headers);
    let is_bodiless =
        is_bodiless_status(status.as_u16()) || terms.bodiless.contains(&status.as_u16());
    let expects_json = terms.expects_json && !is_bodiless;
    let is_json_meant = expects_json || !status.is_success();
    let decoder = match is_json_meant {
        true => decoder.or_unannounced(),
        false => decoder,
    };
    let mut reader = terms.api.body_reader(&ReplyHead {
        status: status.as_u16(),
        headers: &headers,
        expects_json,
    });
    let (length, cut) = read(response, decoder, &mut *reader, terms).await;
    tracing::debug!(%status, bytes = length, cut = cut.is_some(), "received");
    let body = reader.finish();
    let arrived = Arrived {
        url,
        status: status.as_u16(),
        expects_json,
        json: None,
        flaw: None,
        headers,
        body,
    };
    if !is_large(arrived.body.bytes.len()) {
        return arrived.judged(cut, length, terms);
    }
    let (unread, judged) = (arrived.clone(), terms.clone());
    let body = unread.body.bytes.clone();
    let judging = offload(&body, move || arrived.judged(cut, length, &judged));
    match terms.deadline.run(judging).await {
        Ok(judged) => judged,
        Err(passed) => Err(unread.unread(passed, length, terms)),
    }
}

/// The body as JSON; or what could be read of it where JSON is meant, and what is wrong with it.
fn parse(text: &[u8], is_json_meant: bool, most: usize) -> (Option<Value>, Option<String>) {
    // What is a picture, say, is not JSON at its first byte, and has no values to be counted.
    let start = text.trim_ascii_start().first();
    let is_nearly = start.is_some_and(|byte| b"{[\"-tfn".contains(byte) || byte.is_ascii_digit());
    let flaw = match is_nearly && lenient::has_more_values(text, most) {
        true => format!("has more than {most} values, which are not all read"),
        false => match serde_json::from_slice(text) {
            Ok(json) => return (Some(json), None),
            Err(error) => format!("is not JSON ({error})"),
        },
    };
    let read = is_json_meant.then(|| lenient::value(text, most)).flatten();
    (read, Some(flaw))
}

/// Why a body is not whole.
enum Cut {
    Broken(reqwest::Error),
    Late(DeadlinePassed),
    TooLong,
    /// It is compressed, and can't be decoded.
    Damaged(io::Error),
}

/// Reads the body. How long it was, and why it is not whole if it isn't: what came is kept
/// in any case.
async fn read(
    mut response: Response,
    mut decoder: Decoder,
    reader: &mut dyn BodyReader,
    terms: &Terms,
) -> (usize, Option<Cut>) {
    let mut length = 0;
    let mut take = |length: &mut usize, bytes: &[u8]| {
        let taken = bytes.len().min(terms.largest - *length);
        reader.take(&bytes[..taken]);
        *length += taken;
        taken < bytes.len()
    };
    let cut = 'reading: loop {
        let mut chunk = match terms.deadline.run(response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(Cut::Broken(error)),
            Err(passed) => break Some(Cut::Late(passed)),
        };
        while !chunk.is_empty() {
            match decoder.decode(&mut chunk) {
                Ok(decoded) if take(&mut length, &decoded) => {
                    return (length, Some(Cut::TooLong));
                }
                Ok(_) => {}
                Err(error) => break 'reading Some(Cut::Damaged(error)),
            }
        }
    };
    let (left, finished) = decoder.finish();
    let is_too_long = take(&mut length, &left);
    let cut = cut.or_else(|| match (is_too_long, finished) {
        (true, _) => Some(Cut::TooLong),
        (false, Err(error)) => Some(Cut::Damaged(error)),
        (false, Ok(())) => None,
    });
    (length, cut)
}

/// What an API is shown of a reply.
pub(crate) fn raw_reply<'a>(
    status: u16,
    headers: &'a HeaderMap,
    body: &'a Body,
    json: Option<&'a Value>,
) -> RawReply<'a> {
    RawReply {
        status,
        headers,
        retry_after: retry_after(headers),
        body,
        json,
    }
}

/// What an error keeps of a reply.
pub(crate) fn error_reply(api: &dyn Api, raw: &RawReply<'_>) -> ErrorReply {
    ErrorReply {
        status: raw.status,
        request_id: api.request_id(raw),
        retry_after: raw.retry_after,
        brings_result: api.salvages(raw),
        headers: raw.headers.clone(),
        body: raw.body.clone(),
        ..ErrorReply::default()
    }
}

/// What an error keeps of a reply that reports this failure.
pub(crate) fn failed_reply(api: &dyn Api, raw: &RawReply<'_>, failure: Failure) -> ErrorReply {
    let reply = error_reply(api, raw);
    ErrorReply {
        code: failure.code,
        request_id: failure.request_id.or(reply.request_id),
        retry_once: failure.retry_once,
        ..reply
    }
}

/// What the API says of a failure in words, or else the start of the body.
pub(crate) fn said(failure: &Failure, body: &Body, keys: &Keys) -> String {
    let secrets = keys.secrets();
    match &failure.message {
        Some(message) => excerpt_without(message.as_bytes(), &secrets),
        None if body.bytes.is_empty() => "an empty body".to_owned(),
        None => excerpt_without(&body.bytes, &secrets),
    }
}

/// The path of a URL, with or without the slash at its end.
fn path(url: &Url) -> &str {
    url.path().trim_end_matches('/')
}

/// What a reply says in words of a failure where its media type is that of
/// [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), whatever its document says of it: the title
/// of the problem, and what is to say of this one.
fn problem_details(headers: &HeaderMap, json: Option<&Value>) -> Option<String> {
    let media = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if media_type::plain(media) != "application/problem+json" {
        return None;
    }
    let text = |name: &str| {
        let text = json?.get(name)?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    };
    match (text("title"), text("detail")) {
        (Some(title), Some(detail)) if detail != title => Some(format!("{title}: {detail}")),
        (title, detail) => title.or(detail).map(str::to_owned),
    }
}

/// A reply, as much of it as came.
#[derive(Clone)]
struct Arrived {
    /// What was asked for.
    url: Url,
    status: u16,
    /// Whether the body has to be JSON if the status reports success.
    expects_json: bool,
    headers: HeaderMap,
    body: Body,
    /// The body as JSON, as far as it can be read.
    json: Option<Value>,
    /// What is wrong with the body as JSON.
    flaw: Option<String>,
}

impl Arrived {
    fn raw(&self) -> RawReply<'_> {
        raw_reply(self.status, &self.headers, &self.body, self.json.as_ref())
    }

    /// What came of the request. All that is done with a body of any length is done here.
    fn judged(mut self, cut: Option<Cut>, length: usize, terms: &Terms) -> Result<Received, Error> {
        let is_success = self.is_success();
        let is_json_meant = self.expects_json || !is_success;
        (self.json, self.flaw) = parse(&self.body.bytes, is_json_meant, terms.most_values);
        let (keys, json) = (&terms.keys, self.json.as_mut());
        keys.blank_reply(&mut self.body.bytes, json, &mut self.headers);
        match cut {
            // The status alone says that it failed, wherever the body broke off.
            _ if !is_success => Err(self.refused(terms)),
            Some(cut) => self.cut(cut, length, terms),
            None => self.accepted(terms),
        }
    }

    /// The error of a reply that was still being read when the deadline passed. No tree is made of
    /// it, for that takes as long: what it says of the request is not known, whatever its status.
    fn unread(mut self, passed: DeadlinePassed, length: usize, terms: &Terms) -> Error {
        let keys = &terms.keys;
        keys.blank_reply(&mut self.body.bytes, None, &mut self.headers);
        let doubt = terms.effect.doubt();
        let status = self.status;
        let message = match self.is_success() {
            true => format!("{passed} after {length} bytes of the reply{doubt}"),
            false => format!("{passed} after {length} bytes of a reply with HTTP {status}{doubt}"),
        };
        let stage = match terms.effect {
            Effect::Safe if !self.is_success() => Stage::from_status(status),
            _ => Stage::OutcomeUnknown,
        };
        let raw = self.raw();
        // Nor is it searched: nothing is tried again once the deadline has passed.
        Error::new(stage, message).with_reply(ErrorReply {
            status: raw.status,
            request_id: terms.api.request_id(&raw),
            retry_after: raw.retry_after,
            headers: raw.headers.clone(),
            body: raw.body.clone(),
            ..ErrorReply::default()
        })
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A whole reply whose status reports success.
    fn accepted(self, terms: &Terms) -> Result<Received, Error> {
        if let Some(flaw) = &self.flaw
            && self.expects_json
            && !terms.api.salvages(&self.raw())
        {
            let excerpt = terms.excerpt(&self.body.bytes);
            let message = format!("the reply reports success but {flaw}: {excerpt}");
            let error = Error::new(Stage::Unreadable, message);
            return Err(error.with_reply(error_reply(&*terms.api, &self.raw())));
        }
        self.accepted_whole(terms)
    }

    /// A reply whose body could be read.
    fn accepted_whole(self, terms: &Terms) -> Result<Received, Error> {
        if let Some(failure) = terms.api.failure(&self.raw()) {
            return Err(self.failed(failure, terms));
        }
        // An id is shown, and an API may quote the key wherever it likes.
        let redacted = |id| terms.keys.redact(id);
        Ok(Received {
            attempts: 1,
            status: self.status,
            request_id: terms.api.request_id(&self.raw()).map(redacted),
            headers: self.headers,
            body: self.body,
            json: self.json.unwrap_or_default(),
            flaw: self.flaw.filter(|_| self.expects_json),
        })
    }

    /// A reply that reports success in its status, and has no end: an error, unless a whole
    /// document came, and only more was announced.
    fn cut(mut self, cut: Cut, length: usize, terms: &Terms) -> Result<Received, Error> {
        let is_whole = match &self.json {
            Some(Value::Object(_) | Value::Array(_)) => self.flaw.is_none(),
            _ => false,
        };
        if is_whole && self.expects_json && matches!(cut, Cut::Broken(_)) {
            self.flaw = Some(format!(
                "is whole after {length} bytes, and more were announced"
            ));
            return self.accepted_whole(terms);
        }
        Err(self.broken_off(cut, length, terms))
    }

    /// The error of a reply that reports success in its status, and has no end.
    fn broken_off(self, cut: Cut, length: usize, terms: &Terms) -> Error {
        let doubt = terms.effect.doubt();
        let error = match cut {
            Cut::Broken(error) => {
                let error = error.without_url();
                let cause = innermost_cause(&error);
                let message = format!("the reply broke off after {length} bytes{doubt}: {cause}");
                Error::new(Stage::OutcomeUnknown, message).caused_by(error)
            }
            Cut::Late(passed) => {
                let message = format!("{passed} after {length} bytes of the reply{doubt}");
                Error::new(Stage::OutcomeUnknown, message)
            }
            Cut::Damaged(error) => {
                let message = format!(
                    "the reply is compressed, which nobody asked for, and damaged after \
                     {length} bytes{doubt}: {error}"
                );
                Error::new(Stage::OutcomeUnknown, message).caused_by(error)
            }
            Cut::TooLong => {
                let largest = terms.largest;
                let message = format!(
                    "the reply reports success but is longer than the {largest} bytes that are allowed"
                );
                Error::new(Stage::Unreadable, message)
            }
        };
        error.with_reply(error_reply(&*terms.api, &self.raw()))
    }

    /// The error of a reply whose status reports a failure.
    fn refused(self, terms: &Terms) -> Error {
        let failure = terms.api.failure(&self.raw());
        let is_own = failure.is_some();
        let mut failure = failure.unwrap_or_else(|| Failure::from_status(self.status));
        // It asks for the same request elsewhere, and says nothing else: nothing was done.
        let is_moved = self.is_moved() && failure.message.is_none();
        // What an API says itself of a request that may be sent again holds: it may know that
        // it never redirects, so that somebody else did.
        let is_final = match terms.effect {
            Effect::Safe => self.is_redirect() && !is_own,
            effect => is_moved && !(is_own && effect.is_repeatable()),
        };
        if is_final && failure.stage == Stage::OutcomeUnknown {
            failure.stage = Stage::Refused;
        }
        self.failed(failure, terms)
    }

    fn failed(self, mut failure: Failure, terms: &Terms) -> Error {
        // What an API knows of its own errors says more.
        failure.message = failure
            .message
            .or_else(|| problem_details(&self.headers, self.json.as_ref()));
        let message = self.wording(&failure, terms);
        Error::new(failure.stage, message)
            .with_reply(failed_reply(&*terms.api, &self.raw(), failure))
            .with_json(self.json)
    }

    /// Whether the same request is wanted elsewhere. 301 and 302 may lead to what came of this one
    /// instead, as servers wrote it before there was 303: only the same path and query at another
    /// host, or by another scheme, or with or without a slash at the end, are the same request.
    fn is_moved(&self) -> bool {
        let location = self.headers.get(LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        let Some(location) = location else {
            return false;
        };
        let is_same = |elsewhere: Url| {
            let is_elsewhere =
                elsewhere.origin() != self.url.origin() || elsewhere.path() != self.url.path();
            is_elsewhere
                && path(&elsewhere) == path(&self.url)
                && elsewhere.query() == self.url.query()
        };
        match self.status {
            301 | 302 => self.url.join(location).is_ok_and(is_same),
            307 | 308 => true,
            _ => false,
        }
    }

    /// Where a redirect leads.
    fn location(&self, terms: &Terms) -> Option<String> {
        let location = self.headers.get(LOCATION)?;
        let said = || terms.excerpt(location.as_bytes());
        self.is_redirect().then(said)
    }

    fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status)
    }

    /// What is said of a reply that reports a failure.
    fn wording(&self, failure: &Failure, terms: &Terms) -> String {
        let said = said(failure, &self.body, &terms.keys);
        let doubt = terms.effect.doubt();
        if self.is_redirect() {
            let doubt = match failure.stage {
                Stage::OutcomeUnknown => doubt,
                _ => "",
            };
            if let Some(location) = self.location(terms) {
                return format!(
                    "the API redirects to {location}, where nothing was sent{doubt}: {said}"
                );
            }
            if failure.message.is_none() {
                return match self.status {
                    304 => format!("the API says that nothing has changed{doubt}: {said}"),
                    _ => format!("the API redirects, and does not say where to{doubt}: {said}"),
                };
            }
        }
        match failure.stage {
            Stage::Account => format!("the API refused the key or the account: {said}"),
            Stage::Throttled => {
                format!("the API has too much to do and did not take the request: {said}")
            }
            Stage::OutcomeUnknown if self.status == 524 => {
                format!("a proxy before the API gave up waiting{doubt}: {said}")
            }
            Stage::OutcomeUnknown => format!("the API failed{doubt}: {said}"),
            Stage::Unreadable => format!("the reply reports success but can't be read: {said}"),
            _ if (200..300).contains(&self.status) => {
                format!("the API refused the request, under a status that reports success: {said}")
            }
            _ => format!("the API refused the request: {said}"),
        }
    }
}
