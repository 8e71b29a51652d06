//! Reads what comes back, and says what it means.

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::deadline::{Deadline, DeadlinePassed};
use super::offload::offload;
use super::retry_after::retry_after;
use crate::api::{Api, Failure, RawReply, ReplyHead};
use crate::body::{Body, BodyReader};
use crate::effect::Effect;
use crate::error::{Error, ErrorReply};
use crate::excerpt::excerpt_without;
use crate::key::Key;
use crate::reply::Received;
use crate::stage::Stage;

/// What holds for the reply to one request.
pub(crate) struct Terms<'a> {
    pub api: &'a dyn Api,
    pub effect: Effect,
    /// Whether the body of a reply that reports success has to be JSON.
    pub expects_json: bool,
    pub deadline: Deadline,
    /// The most bytes of a body that are taken in.
    pub largest: usize,
    pub key: Option<&'a Key>,
}

impl Terms<'_> {
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

    fn secret(&self) -> &str {
        self.key.map(Key::text).unwrap_or_default()
    }
}

/// The innermost cause says most.
fn innermost_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The reply, if it reports success and can be read.
pub(crate) async fn receive(response: Response, terms: &Terms<'_>) -> Result<Received, Error> {
    let status = response.status();
    let headers = response.headers().clone();
    let mut reader = terms.api.body_reader(&ReplyHead {
        status: status.as_u16(),
        headers: &headers,
        expects_json: terms.expects_json,
    });
    let (length, cut) = read(response, &mut *reader, terms).await;
    tracing::debug!(%status, bytes = length, cut = cut.is_some(), "received");
    let body = reader.finish();
    let is_readable = cut.is_none() || !status.is_success();
    let bytes = is_readable.then(|| body.bytes.clone());
    let (json, cut) = match parsed(bytes, terms).await {
        Ok(json) => (json, cut),
        Err(passed) => (None, Some(Cut::Late(passed))),
    };
    let arrived = Arrived {
        status: status.as_u16(),
        json,
        headers,
        body,
    };
    match cut {
        // The status alone says that it failed, wherever the body broke off.
        _ if !status.is_success() => Err(arrived.refused(terms)),
        Some(cut) => Err(arrived.cut(cut, length, terms)),
        None => arrived.accepted(terms),
    }
}

/// The JSON of a body that is worth reading.
async fn parsed(
    bytes: Option<Bytes>,
    terms: &Terms<'_>,
) -> Result<Option<serde_json::Result<Value>>, DeadlinePassed> {
    let Some(bytes) = bytes else {
        return Ok(None);
    };
    let parse = offload(bytes.len(), move || serde_json::from_slice(&bytes));
    terms.deadline.run(parse).await.map(Some)
}

/// Why a body is not whole.
enum Cut {
    Broken(reqwest::Error),
    Late(DeadlinePassed),
    TooLong,
}

/// Reads the body. How long it was, and why it is not whole if it isn't: what came is kept
/// in any case.
async fn read(
    mut response: Response,
    reader: &mut dyn BodyReader,
    terms: &Terms<'_>,
) -> (usize, Option<Cut>) {
    let mut length = 0;
    loop {
        match terms.deadline.run(response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                let taken = chunk.len().min(terms.largest - length);
                reader.take(&chunk[..taken]);
                length += taken;
                if taken < chunk.len() {
                    return (length, Some(Cut::TooLong));
                }
            }
            Ok(Ok(None)) => return (length, None),
            Ok(Err(error)) => return (length, Some(Cut::Broken(error))),
            Err(passed) => return (length, Some(Cut::Late(passed))),
        }
    }
}

/// A reply, as much of it as came.
struct Arrived {
    status: u16,
    headers: HeaderMap,
    body: Body,
    /// `None` where the body is not worth reading: its end is missing.
    json: Option<serde_json::Result<Value>>,
}

impl Arrived {
    fn json(&self) -> Option<&Value> {
        self.json.as_ref()?.as_ref().ok()
    }

    fn raw(&self) -> RawReply<'_> {
        RawReply {
            status: self.status,
            headers: &self.headers,
            retry_after: retry_after(&self.headers),
            body: &self.body,
            json: self.json(),
        }
    }

    /// What an error keeps of it.
    fn into_error_reply(self, terms: &Terms<'_>) -> ErrorReply {
        ErrorReply {
            status: self.status,
            request_id: terms.api.request_id(&self.raw()),
            retry_after: retry_after(&self.headers),
            headers: self.headers,
            body: self.body,
            ..ErrorReply::default()
        }
    }

    /// A whole reply whose status reports success.
    fn accepted(self, terms: &Terms<'_>) -> Result<Received, Error> {
        // 204 promises that there is no body, whatever the document says of others.
        if let Some(Err(error)) = &self.json
            && terms.expects_json
            && self.status != 204
        {
            let excerpt = excerpt_without(&self.body.bytes, terms.secret());
            let message = format!("the reply reports success but is not JSON ({error}): {excerpt}");
            let error = Error::new(Stage::Unreadable, message);
            return Err(error.with_reply(self.into_error_reply(terms)));
        }
        if let Some(failure) = terms.api.failure(&self.raw()) {
            return Err(self.failed(failure, terms));
        }
        // An id is shown, and an API may quote the key wherever it likes.
        let redacted = |id: String| terms.key.map(|key| key.redact(&id)).unwrap_or(id);
        Ok(Received {
            attempts: 1,
            status: self.status,
            request_id: terms.api.request_id(&self.raw()).map(redacted),
            headers: self.headers,
            body: self.body,
            json: self.json.and_then(Result::ok).unwrap_or_default(),
        })
    }

    /// The error of a reply that reports success in its status, and has no end.
    fn cut(self, cut: Cut, length: usize, terms: &Terms<'_>) -> Error {
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
            Cut::TooLong => {
                let largest = terms.largest;
                let message = format!(
                    "the reply reports success but is longer than the {largest} bytes that are allowed"
                );
                Error::new(Stage::Unreadable, message)
            }
        };
        error.with_reply(self.into_error_reply(terms))
    }

    /// The error of a reply whose status reports a failure.
    fn refused(self, terms: &Terms<'_>) -> Error {
        let failure = terms.api.failure(&self.raw());
        let failure = failure.unwrap_or_else(|| Failure::from_status(self.status));
        self.failed(failure, terms)
    }

    fn failed(self, failure: Failure, terms: &Terms<'_>) -> Error {
        let message = self.wording(&failure, terms);
        let json = self.json().cloned();
        let reply = self.into_error_reply(terms);
        Error::new(failure.stage, message)
            .with_json(json)
            .with_reply(ErrorReply {
                code: failure.code,
                request_id: failure.request_id.or(reply.request_id),
                retry_once: failure.retry_once,
                ..reply
            })
    }

    /// What is said of a reply that reports a failure.
    fn wording(&self, failure: &Failure, terms: &Terms<'_>) -> String {
        let body = &self.body.bytes;
        let said = match &failure.message {
            Some(message) => excerpt_without(message.as_bytes(), terms.secret()),
            None if body.is_empty() => "an empty body".to_owned(),
            None => excerpt_without(body, terms.secret()),
        };
        let doubt = terms.effect.doubt();
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
