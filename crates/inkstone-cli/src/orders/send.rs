//! Sends an order and saves its pictures.

use std::path::Path;
use std::time::SystemTime;

use inkstone::{Client, Error, Operation, Submission, Task};
use serde_json::Value;

use crate::client::client_setup::Target;
use crate::client::interrupt::Interrupt;
use crate::client::outcome::{self, Outcome};
use crate::client::progress::Progress;
use crate::error::{CallFacts, CliError};
use crate::ledger::answer::{Answer, Ending, Failure, Picture};
use crate::ledger::clock::now;
use crate::output::arrived::Arrived;
use crate::output::kept_reply;
use crate::output::names::safe_stem;
use crate::output::names::stamp::Stamp;
use crate::output::outcome::{SaveOutcome, Unsaved};
use crate::output::request_context::RequestContext;
use crate::output::save_pictures;
use crate::output::sidecar;
use crate::request::document;
use crate::request::picture_count::asked;
use crate::request::upload;

/// An order that is sent.
pub struct Sending<'a> {
    pub target: &'a Target,
    pub operation: &'a Operation,
    pub model: &'a str,
    pub body: &'a Value,
    pub out: &'a Path,
    /// Makes the names of its pictures ones that nobody guesses.
    pub token: &'a str,
    /// Whether a file beside each picture says how it was made.
    pub keep: bool,
}

/// What came of it.
pub struct Sent {
    pub ending: Ending,
    pub answer: Answer,
    /// How many pictures were made; `None` where nobody knows.
    pub made: Option<u32>,
}

/// An order that became a task.
pub enum Started {
    /// It is under way. As long as this is kept, it counts with the limit on running tasks.
    Task(String, Option<Box<Submission<Value>>>),
    /// It ended at once.
    Sent(Box<Sent>),
}

impl Sending<'_> {
    fn client(&self) -> Client {
        self.target.client.with_tasks_of(self.operation)
    }

    /// The body with the pictures in the API's temporary storage that are too long for a
    /// request; `None` where it stays as it is.
    pub async fn upload(&self) -> Result<Option<Value>, Sent> {
        let Some(longest) = upload::longest_kept(self.operation, self.body, false) else {
            return Ok(None);
        };
        let mut body = self.body.clone();
        let client = self.client();
        match client.upload_all(&mut body, self.model, longest).await {
            Ok(_) => Ok(Some(body)),
            Err(error) => Err(self.failed(&outcome::of_error(&error), &error, None).await),
        }
    }

    /// Sends it to an operation that answers at once.
    pub async fn send(&self) -> Sent {
        let json = document::request(self.operation, self.body);
        match self.client().send_json(self.operation, &json).await {
            Ok(reply) => self.arrived(&reply, None).await,
            Err(error) => match outcome::of_error(&error) {
                Outcome::Task(task_id) => self.wait(&task_id).await,
                outcome => self.failed(&outcome, &error, None).await,
            },
        }
    }

    /// Submits it as a task.
    pub async fn submit(&self) -> Started {
        let client = self.client();
        match client.submit_json(self.operation, self.body).await {
            Ok(submission) => {
                let task_id = submission.task_id().to_owned();
                Started::Task(task_id, Some(Box::new(submission)))
            }
            Err(error) => match outcome::of_error(&error) {
                Outcome::Task(task_id) => Started::Task(task_id, None),
                outcome => Started::Sent(Box::new(self.failed(&outcome, &error, None).await)),
            },
        }
    }

    /// Waits for a task and saves its pictures.
    pub async fn wait(&self, task_id: &str) -> Sent {
        match self.client().wait(task_id).await {
            Ok(task) => self.ended(task, task_id).await,
            // The question failed; the task goes on.
            Err(error) => self.failed(&Outcome::Unknown, &error, Some(task_id)).await,
        }
    }

    async fn ended(&self, task: Task, task_id: &str) -> Sent {
        match task.into_pictures() {
            Ok(reply) => self.arrived(&reply, Some(task_id)).await,
            Err(error) => {
                let outcome = outcome::of_error(&error);
                self.failed(&outcome, &error, Some(task_id)).await
            }
        }
    }

    fn context<'b>(&'b self, task_id: Option<&'b str>) -> RequestContext<'b> {
        let stamp = Stamp::new(SystemTime::now(), self.model);
        let name = match task_id {
            // Whoever waits for it again finds its pictures.
            Some(task_id) => format!("task-{}", safe_stem::stem(task_id)),
            None => stamp.stem,
        };
        RequestContext {
            api: self.operation.api,
            document: Some(self.operation.name),
            model: Some(self.model),
            body: self.body,
            inputs: &[],
            task_id,
            stamp: Stamp {
                stem: format!("{name}-{}", self.token),
                time: stamp.time,
                template: None,
            },
            out: self.out,
        }
    }

    async fn failed(&self, outcome: &Outcome, error: &Error, task_id: Option<&str>) -> Sent {
        if matches!(outcome, Outcome::Pictures(_)) {
            return self.arrived(error, task_id).await;
        }
        let context = self.context(task_id);
        let key = self.target.address.key();
        let failed = kept_reply::call_failed(&context, error, key);
        let is_unknown = matches!(outcome, Outcome::Unknown | Outcome::Task(_));
        let ending = match is_unknown {
            true => Ending::Unknown,
            false => Ending::Refused,
        };
        let mut answer = failed_answer(failed, task_id);
        if let Some(failure) = &mut answer.failure {
            failure.may_have_been_billed = is_unknown;
        }
        Sent {
            ending,
            answer,
            made: (!is_unknown).then_some(0),
        }
    }

    async fn arrived(&self, arrived: &(impl Arrived + Sync), task_id: Option<&str>) -> Sent {
        let context = self.context(task_id);
        if arrived.images().is_empty() {
            return Sent {
                ending: Ending::Unknown,
                answer: failed_answer(kept_reply::no_pictures(&context, arrived), task_id),
                made: None,
            };
        }
        let quiet = Progress::start(String::new(), true);
        let mut interrupt = Interrupt::default();
        let client = &self.target.client;
        let saving = save_pictures::save(client, &context, arrived, &quiet, &mut interrupt);
        let mut outcome = saving.await;
        let asked = usize::try_from(asked(self.body)).unwrap_or(usize::MAX);
        outcome.unmade = arrived.shortfall(asked);
        if self.keep {
            outcome.write_sidecars(&context, arrived.request_id());
        }
        outcome.keep_reply(&context, arrived);
        let made = arrived.images().len();
        Sent {
            ending: Ending::Done,
            answer: Answer {
                created: now(),
                pictures: pictures(&outcome),
                unmade: outcome.unmade,
                request_id: arrived.request_id().map(str::to_owned),
                task_id: task_id.map(str::to_owned),
                failure: None,
            },
            made: Some(u32::try_from(made).unwrap_or(u32::MAX)),
        }
    }
}

/// The pictures that are saved, and then those that are not.
fn pictures(outcome: &SaveOutcome) -> Vec<Picture> {
    let saved = outcome.paths().filter_map(|path| {
        let name = Path::new(&path).file_name()?;
        Some(Picture::Saved(name.to_string_lossy().into_owned()))
    });
    let unsaved = outcome.unsaved.iter().map(|unsaved: &Unsaved| {
        let url = sidecar::url(&unsaved.image).map(str::to_owned);
        let reason = unsaved.reason.clone();
        Picture::Unsaved { url, reason }
    });
    saved.chain(unsaved).collect()
}

fn failed_answer(error: CliError, task_id: Option<&str>) -> Answer {
    let call = error.call.map_or_else(CallFacts::default, |call| *call);
    let failure = Failure {
        stage: call.stage.to_owned(),
        message: error.message,
        status: call.status,
        code: call.code,
        retry_after: call.retry_after,
        may_have_been_billed: call.may_have_been_billed,
        details: error.details,
    };
    Answer {
        request_id: call.request_id,
        task_id: call.task_id.or_else(|| task_id.map(str::to_owned)),
        ..Answer::failed(failure)
    }
}
