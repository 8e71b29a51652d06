//! Reads what comes back, and says what it means.

use std::path::Path;

use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::codes;
use crate::deadline::{Deadline, Passed};
use crate::error::{Error, ErrorReply, Nature, Stage, excerpt_without, redacted};
use crate::fault::{self, Fault};
use crate::image;
use crate::reply::Received;
use crate::retry_after::retry_after;
use crate::spool::Intake;

/// The headers in which one API or the other gives the id of a request.
const REQUEST_ID_HEADERS: [&str; 3] = [
    "x-oneapi-request-id",
    "x-request-id",
    "x-dashscope-request-id",
];

/// What holds for reading a reply.
pub(crate) struct Terms<'a> {
    pub nature: Nature,
    /// Whether the body of a reply has to be JSON.
    pub json: bool,
    pub deadline: Deadline,
    /// How many bytes of a body are taken in.
    pub largest: usize,
    /// Where long pictures go as they come.
    pub spool: Option<&'a Path>,
    pub key: &'a str,
}

impl Terms<'_> {
    /// What a failure after sending means for who pays.
    fn doubt(&self) -> &'static str {
        match self.nature {
            Nature::Submission => "; the request may have been carried out and billed",
            Nature::Command => "; the request may have been carried out",
            Nature::Query | Nature::Wait => "",
        }
    }

    /// The deadline passed before a reply came; `unsent` if nothing had left.
    pub fn late(&self, passed: Passed, unsent: bool) -> Error {
        if unsent {
            let message = format!("{passed} before anything was sent");
            return Error::new(Stage::NotSent, message);
        }
        let message = format!("{passed} before a reply came{}", self.doubt());
        Error::new(Stage::OutcomeUnknown, message)
    }

    /// No reply came; `unsent` if nothing had left.
    pub fn unanswered(&self, error: reqwest::Error, unsent: bool) -> Error {
        // The URL of an error is the API's, without the key; shorter without it.
        let error = error.without_url();
        let why = causes(&error);
        let doubt = self.doubt();
        let (stage, message) = if error.is_connect() || unsent {
            let message = format!("the API can't be reached: {why}");
            (Stage::NotSent, message)
        } else if error.is_timeout() {
            let message = format!("no reply came in time{doubt}");
            (Stage::OutcomeUnknown, message)
        } else {
            let message = format!("the connection broke before a reply came{doubt}: {why}");
            (Stage::OutcomeUnknown, message)
        };
        Error::new(stage, message).caused_by(error)
    }
}

/// The innermost cause says most.
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The reply, if it reports success and can be read.
pub(crate) async fn receive(response: Response, terms: &Terms<'_>) -> Result<Received, Error> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let is_success = response.status().is_success();
    // What reports a failure is short, or no picture.
    let directory = terms.spool.filter(|_| is_success && terms.json);
    let mut intake = Intake::new(directory);
    let cut = read(response, &mut intake, terms).await;
    let arrived = intake.arrived();
    tracing::debug!(status, bytes = arrived, cut = cut.is_some(), "received");
    let (body, spools) = intake.finish();
    let reply = ErrorReply {
        status,
        request_id: request_id(&headers),
        retry_after: retry_after(&headers),
        body,
        spools,
        ..ErrorReply::default()
    };
    if !is_success {
        // The status alone says that it failed, wherever the body broke off.
        let json = serde_json::from_slice(&reply.body).ok();
        return Err(refused(reply, json.as_ref(), terms));
    }
    match cut {
        Some(cut) => Err(cut.into_error(reply, arrived, terms)),
        None => accepted(reply, headers, terms),
    }
}

/// A whole reply whose status reports success.
fn accepted(reply: ErrorReply, headers: HeaderMap, terms: &Terms<'_>) -> Result<Received, Error> {
    let json = match serde_json::from_slice::<Value>(&reply.body) {
        Ok(json) => json,
        Err(_) if !terms.json => Value::Null,
        Err(error) => {
            let excerpt = excerpt_without(&reply.body, terms.key);
            let message = format!("the reply reports success but is no JSON ({error}): {excerpt}");
            return Err(Error::new(Stage::Unreadable, message).with_reply(reply));
        }
    };
    // What was paid for is kept, even if the reply reports an error beside it.
    let has_task = json.pointer("/output/task_status").is_some();
    if fault::read(&json).is_some() && !has_task && image::find(&json, &reply.spools).is_empty() {
        return Err(refused(reply, Some(&json), terms));
    }
    let in_body = json.get("request_id").and_then(Value::as_str);
    Ok(Received {
        attempts: 1,
        status: reply.status,
        headers,
        // An id is shown, and an API may quote the key wherever it likes.
        request_id: in_body
            .or(reply.request_id.as_deref())
            .map(|id| redacted(id, terms.key)),
        body: reply.body,
        spools: reply.spools,
        json,
    })
}

/// Why a body is not whole.
enum Cut {
    Broken(reqwest::Error),
    Late(Passed),
    TooLong,
}

impl Cut {
    /// The error of a reply that reports success in its status, and has no end.
    fn into_error(self, reply: ErrorReply, length: u64, terms: &Terms<'_>) -> Error {
        let doubt = terms.doubt();
        match self {
            Self::Broken(error) => {
                let error = error.without_url();
                let why = causes(&error);
                let message = format!("the reply broke off after {length} bytes{doubt}: {why}");
                Error::new(Stage::OutcomeUnknown, message)
                    .with_reply(reply)
                    .caused_by(error)
            }
            Self::Late(passed) => {
                let message = format!("{passed} after {length} bytes of the reply{doubt}");
                Error::new(Stage::OutcomeUnknown, message).with_reply(reply)
            }
            Self::TooLong => {
                let largest = terms.largest;
                let message = format!(
                    "the reply reports success but is longer than the {largest} bytes that are allowed"
                );
                Error::new(Stage::Unreadable, message).with_reply(reply)
            }
        }
    }
}

/// Reads the body, and says why it is not whole if it isn't: what came is kept in any
/// case.
async fn read(mut response: Response, intake: &mut Intake<'_>, terms: &Terms<'_>) -> Option<Cut> {
    let mut room = terms.largest;
    loop {
        match terms.deadline.keep(response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                intake.take(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    return Some(Cut::TooLong);
                }
                room -= chunk.len();
            }
            Ok(Ok(None)) => return None,
            Ok(Err(error)) => return Some(Cut::Broken(error)),
            Err(passed) => return Some(Cut::Late(passed)),
        }
    }
}

/// The error for a reply that reports a failure.
fn refused(mut reply: ErrorReply, json: Option<&Value>, terms: &Terms<'_>) -> Error {
    let fault = json.and_then(fault::read).unwrap_or_default();
    let verdict = codes::classify(&fault, reply.status, reply.retry_after);
    let message = wording(verdict.stage, &fault, &reply, terms);
    reply.code = fault.code;
    reply.request_id = fault.request_id.or(reply.request_id);
    reply.once_more = verdict.once_more;
    Error::new(verdict.stage, message).with_reply(reply)
}

/// What is said of a reply that reports a failure.
fn wording(stage: Stage, fault: &Fault, reply: &ErrorReply, terms: &Terms<'_>) -> String {
    let said = match &fault.message {
        Some(message) => excerpt_without(message.as_bytes(), terms.key),
        None if reply.body.is_empty() => "an empty body".to_owned(),
        None => excerpt_without(&reply.body, terms.key),
    };
    let doubt = terms.doubt();
    match stage {
        Stage::Account => format!("the API refused the key or the account: {said}"),
        Stage::Throttled => {
            format!("the API has too much to do and did not take the request: {said}")
        }
        Stage::OutcomeUnknown if reply.status == 524 => {
            format!("a proxy before the API gave up waiting{doubt}: {said}")
        }
        Stage::OutcomeUnknown => format!("the API failed{doubt}: {said}"),
        _ if (200..300).contains(&reply.status) => {
            format!("the API refused the request, under a status that reports success: {said}")
        }
        _ => format!("the API refused the request: {said}"),
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS
        .iter()
        .find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
}
