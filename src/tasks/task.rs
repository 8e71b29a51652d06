//! A task: what a reply says of one, whatever state it is in.

use std::collections::HashSet;
use std::fmt;

use apifox_client::{Effect, ErrorReply, Key, excerpt, short_excerpt};
use serde_json::Value;

use crate::classify::classify;
use crate::error::Error;
use crate::error_body::{ErrorBody, scalar};
use crate::images::image::Image;
use crate::reply::Reply;
use crate::stage::Stage;
use crate::tasks::place::{self, OUTPUT};
use crate::tasks::status::{Outcome, TaskStatus};

/// Why a task, or one picture of it, failed.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailure {
    /// JSON pointer to it in the reply's body.
    pub pointer: String,
    /// The API's code for the error.
    pub code: Option<String>,
    /// What the API says.
    pub message: Option<String>,
}

impl fmt::Display for TaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.as_deref().unwrap_or("no reason given"))?;
        match &self.code {
            Some(code) => write!(f, " (code {code})"),
            None => Ok(()),
        }
    }
}

/// A task, as the API reported it: [`reply`](Self::reply) has all that it said.
#[derive(Debug)]
pub struct Task {
    id: String,
    status: TaskStatus,
    /// Where it is in the reply.
    place: &'static str,
    reply: Reply<Value>,
    /// Which no error may show, should the API have quoted it.
    key: Option<Key>,
}

impl Task {
    /// The task that a reply reports on, or the reply where it reports on none.
    pub(crate) fn read(
        id: &str,
        reply: Reply<Value>,
        key: Option<&Key>,
    ) -> Result<Self, Box<Reply<Value>>> {
        let Some((place, word)) = place::status(reply.json()) else {
            return Err(Box::new(reply));
        };
        Ok(Self {
            id: id.to_owned(),
            status: TaskStatus::new(word),
            place,
            reply,
            key: key.cloned(),
        })
    }

    /// A task that the API knows nothing of, as its reply says.
    pub(crate) fn unknown(id: &str, reply: Reply<Value>, key: Option<&Key>) -> Self {
        Self {
            id: id.to_owned(),
            status: TaskStatus::Unknown,
            place: "",
            reply,
            key: key.cloned(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its state.
    #[must_use]
    pub fn status(&self) -> &TaskStatus {
        &self.status
    }

    /// What came of it; `None` while it is not over.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.status {
            TaskStatus::Succeeded if self.failures().is_empty() => Some(Outcome::Succeeded),
            TaskStatus::Succeeded => Some(Outcome::Partial),
            TaskStatus::Failed => Some(Outcome::Failed),
            TaskStatus::Canceled => Some(Outcome::Canceled),
            TaskStatus::Unknown => Some(Outcome::Unknown),
            _ => None,
        }
    }

    /// The pictures that were made, in order.
    #[must_use]
    pub fn images(&self) -> Vec<Image> {
        self.reply.images()
    }

    /// Why the task failed, or pictures of it.
    #[must_use]
    pub fn failures(&self) -> Vec<TaskFailure> {
        if self.place != OUTPUT {
            return self.reason().into_iter().collect();
        }
        let body = self.reply.json();
        let results = body.pointer("/output/results").and_then(Value::as_array);
        let pictures =
            (0..results.map_or(0, Vec::len)).map(|index| format!("/output/results/{index}"));
        let task = ["".to_owned(), "/output".to_owned()].into_iter();
        let found = task
            .chain(pictures)
            .filter_map(|place| failure(body, place));
        // What went well may have a message to go with it, but no code.
        let counts =
            |failure: &TaskFailure| failure.code.is_some() || self.status == TaskStatus::Failed;
        found.filter(counts).collect()
    }

    /// Why a gateway's task failed, which says so in one way or another.
    fn reason(&self) -> Option<TaskFailure> {
        let own = self.place;
        let mut places = [format!("{own}/error"), own.to_owned(), "/error".to_owned()].into_iter();
        let has_failed = self.status == TaskStatus::Failed;
        has_failed.then(|| places.find_map(|place| failure(self.reply.json(), place)))?
    }

    /// The reply: its bytes, its pictures and its request id.
    #[must_use]
    pub fn reply(&self) -> &Reply<Value> {
        &self.reply
    }

    /// The reply with the pictures, of which there is at least one: [`failures`] says
    /// whether there should be more.
    ///
    /// # Errors
    ///
    /// Where no picture came of it. A task that failed is not billed: its code says at
    /// which stage, [`Stage::Account`], [`Stage::Throttled`], else [`Stage::Refused`],
    /// which is retryable where the fault was on the API's side. A
    /// cancelled task is [`Stage::Refused`]. [`Stage::OutcomeUnknown`] where the API does not
    /// know the task, or no longer; [`Stage::Unreadable`] where it succeeded without a picture;
    /// [`Stage::Unfinished`] while it is not over. The error has the task's id.
    ///
    /// [`failures`]: Self::failures
    pub fn into_pictures(self) -> Result<Reply<Value>, Error> {
        if !self.images().is_empty() {
            return Ok(self.reply);
        }
        let failures = self.failures();
        let NoPictures {
            stage,
            retry_once,
            message,
        } = self.no_pictures(&failures);
        let received = self.reply.into_received();
        let attempts = received.attempts;
        let reply = ErrorReply {
            code: failures.into_iter().find_map(|failure| failure.code),
            retry_once,
            ..received.into()
        };
        let error = Error::new(stage, message).with_reply(reply);
        let error = error.after_attempts(Effect::MayCost, attempts);
        Err(error.without(self.key.as_ref()).about_task(&self.id))
    }

    /// Why there are none, in a task without pictures.
    fn no_pictures(&self, failures: &[TaskFailure]) -> NoPictures {
        let because = |stage, message: &str| NoPictures {
            stage,
            retry_once: false,
            message: message.to_owned(),
        };
        match (self.outcome(), failures.first()) {
            (None, _) => {
                let status = short_excerpt(self.status.as_str());
                let message = format!("the task is not over: it is {status}");
                because(Stage::Unfinished, &message)
            }
            (Some(Outcome::Canceled), _) => because(Stage::Refused, "the task was cancelled"),
            (Some(Outcome::Unknown), _) => because(
                Stage::OutcomeUnknown,
                "the API knows no such task, or no more: it forgets a task after 24 hours; it \
                 may have been billed",
            ),
            (Some(Outcome::Succeeded), _) | (Some(Outcome::Partial), None) => because(
                Stage::Unreadable,
                "the task succeeded and holds no picture; it may have been billed",
            ),
            (Some(Outcome::Failed | Outcome::Partial), first) => {
                let (stage, retry_once) = failed_at(first);
                NoPictures {
                    stage,
                    retry_once,
                    message: reasons(failures),
                }
            }
        }
    }
}

/// Why no picture came of a task.
struct NoPictures {
    stage: Stage,
    retry_once: bool,
    message: String,
}

/// At which stage a task failed, and whether another might not. That it failed is
/// certain, whatever its code leaves open otherwise.
fn failed_at(first: Option<&TaskFailure>) -> (Stage, bool) {
    const REFUSED: u16 = 400;
    let error = ErrorBody {
        code: first.and_then(|failure| failure.code.clone()),
        message: first.and_then(|failure| failure.message.clone()),
        ..ErrorBody::default()
    };
    let verdict = classify(&error, REFUSED, None);
    match verdict.stage.into() {
        stage @ (Stage::Account | Stage::Throttled) => (stage, false),
        stage => (
            Stage::Refused,
            verdict.retry_once || stage == Stage::OutcomeUnknown,
        ),
    }
}

/// Why a task failed, in words: each reason once, and no more of them than are read.
fn reasons(failures: &[TaskFailure]) -> String {
    const SHOWN: usize = 3;
    let mut seen = HashSet::new();
    let mut distinct = failures
        .iter()
        .map(|failure| failure.message.as_deref().unwrap_or("no reason given"))
        .filter(|reason| seen.insert(*reason));
    let shown: Vec<String> = distinct
        .by_ref()
        .take(SHOWN)
        .map(|reason| excerpt(reason.as_bytes()))
        .collect();
    let (shown, more) = (shown.join("; "), distinct.count());
    match (failures.is_empty(), more) {
        (true, _) => "the task failed, and no reason was given".to_owned(),
        (false, 0) => format!("the task failed: {shown}"),
        (false, more) => format!("the task failed: {shown}, and {more} more"),
    }
}

fn failure(body: &Value, pointer: String) -> Option<TaskFailure> {
    let place = body.pointer(&pointer)?;
    let code = scalar(&place["code"]);
    // Some have nothing but a text.
    let texts = [&place["message"], &place["fail_reason"], place];
    let message = texts.into_iter().find_map(scalar);
    (code.is_some() || message.is_some()).then_some(TaskFailure {
        pointer,
        code,
        message,
    })
}
