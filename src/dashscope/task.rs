//! A task of DashScope's: what a reply says of one, whatever state it is in.

use std::fmt;

use apifox_client::{Effect, ErrorReply, Key, excerpt, short_excerpt};
use serde_json::Value;

use crate::classify::classify;
use crate::error::Error;
use crate::error_body::{ErrorBody, scalar};
use crate::images::image::Image;
use crate::reply::Reply;
use crate::stage::Stage;

/// The state of a task.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// It waits for its turn; only now can it be cancelled.
    Pending,
    /// It is being carried out.
    Running,
    /// It is held up, and may go on.
    Suspended,
    /// It came to an end, with at least one picture.
    Succeeded,
    /// It came to an end, with none.
    Failed,
    /// It was cancelled.
    Canceled,
    /// There is no such task, or no more: DashScope forgets one after 24 hours.
    Unknown,
    /// What no document has: the API's own word for it.
    Other(String),
}

/// The states that have a name of their own; of two words for one, ours is the first.
const STATUSES: [(&str, TaskStatus); 8] = [
    ("PENDING", TaskStatus::Pending),
    ("RUNNING", TaskStatus::Running),
    ("SUSPENDED", TaskStatus::Suspended),
    ("SUCCEEDED", TaskStatus::Succeeded),
    ("FAILED", TaskStatus::Failed),
    ("CANCELED", TaskStatus::Canceled),
    ("CANCELLED", TaskStatus::Canceled),
    ("UNKNOWN", TaskStatus::Unknown),
];

impl TaskStatus {
    /// The state that the API's word stands for.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let known = STATUSES.into_iter().find(|(known, _)| *known == word);
        known.map_or_else(|| Self::Other(word.to_owned()), |(_, status)| status)
    }

    /// The API's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        let known = STATUSES.iter().find(|(_, status)| status == self);
        known.map_or("", |(word, _)| word)
    }

    /// Whether a task in this state can still change.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Canceled | Self::Unknown => true,
            Self::Pending | Self::Running | Self::Suspended | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for TaskStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What came of a task that is over.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Every picture was made.
    Succeeded,
    /// Some of the pictures were made; [`Task::failures`] says what became of the
    /// others.
    Partial,
    /// None was made; [`Task::failures`] says why.
    Failed,
    /// It was cancelled before it began.
    Canceled,
    /// The API knows no such task, or no more: after 24 hours it forgets it.
    Unknown,
}

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
        let Some(word) = text(reply.json(), "/output/task_status") else {
            return Err(Box::new(reply));
        };
        Ok(Self {
            id: id.to_owned(),
            status: TaskStatus::new(word),
            reply,
            key: key.cloned(),
        })
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

    /// The reply: its bytes, its pictures and its request id.
    #[must_use]
    pub fn reply(&self) -> &Reply<Value> {
        &self.reply
    }

    /// The reply alone.
    #[must_use]
    pub fn into_reply(self) -> Reply<Value> {
        self.reply
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
            verdict.once_more || stage == Stage::OutcomeUnknown,
        ),
    }
}

/// Why a task failed, in words.
fn reasons(failures: &[TaskFailure]) -> String {
    let reasons: Vec<_> = failures
        .iter()
        .map(|failure| failure.message.as_deref().unwrap_or("no reason given"))
        .map(|message| excerpt(message.as_bytes()))
        .collect();
    match reasons.is_empty() {
        true => "the task failed, and no reason was given".to_owned(),
        false => format!("the task failed: {}", reasons.join("; ")),
    }
}

fn failure(body: &Value, pointer: String) -> Option<TaskFailure> {
    let place = body.pointer(&pointer)?;
    let code = scalar(&place["code"]);
    let message = scalar(&place["message"]);
    (code.is_some() || message.is_some()).then_some(TaskFailure {
        pointer,
        code,
        message,
    })
}

/// The text at a place of a body.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = body.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// Which tasks to list: all that are left out are of no concern.
///
/// Times are in the API's form, `YYYYMMDDhhmmss`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// The page, from 1.
    pub page_no: Option<u32>,
    /// How many tasks are on a page.
    pub page_size: Option<u32>,
    /// Submitted at this time or later.
    pub start_time: Option<String>,
    /// Submitted before this time.
    pub end_time: Option<String>,
    /// Of this model.
    pub model_name: Option<String>,
    /// In this state.
    pub status: Option<TaskStatus>,
}

impl TaskFilter {
    /// The parameters of the query.
    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let parameters = [
            ("page_no", number(self.page_no)),
            ("page_size", number(self.page_size)),
            ("start_time", self.start_time.clone()),
            ("end_time", self.end_time.clone()),
            ("model_name", self.model_name.clone()),
            ("status", self.status.as_ref().map(ToString::to_string)),
        ];
        let given = parameters.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// A page of a list of tasks.
#[derive(Debug)]
pub struct TaskList {
    pub(crate) reply: Reply<Value>,
}

/// What a list says of a task.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTask {
    /// Its id.
    pub id: String,
    /// Its state.
    pub status: Option<TaskStatus>,
    /// Its model.
    pub model: Option<String>,
}

impl TaskList {
    /// The tasks, in the order of the reply, wherever they stand in it.
    #[must_use]
    pub fn tasks(&self) -> Vec<ListedTask> {
        let mut tasks = Vec::new();
        collect(self.reply.json(), &mut tasks);
        tasks
    }

    /// The reply: its bytes and its request id, and whatever else it says.
    #[must_use]
    pub fn reply(&self) -> &Reply<Value> {
        &self.reply
    }
}

fn collect(value: &Value, tasks: &mut Vec<ListedTask>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, tasks)),
        Value::Object(members) => match text(value, "/task_id") {
            Some(id) => tasks.push(ListedTask {
                id: id.to_owned(),
                status: text(value, "/status")
                    .or_else(|| text(value, "/task_status"))
                    .map(TaskStatus::new),
                model: text(value, "/model_name").map(str::to_owned),
            }),
            None => members.values().for_each(|member| collect(member, tasks)),
        },
        _ => {}
    }
}
