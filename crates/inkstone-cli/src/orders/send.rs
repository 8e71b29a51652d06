//! Sends an order and saves its pictures.

use std::path::Path;

use inkstone::{Client, Error, Operation, Submission, Task, answers_with_task, task_query};
use serde_json::Value;

use crate::client::client_setup::Target;
use crate::client::interrupt::Interrupt;
use crate::client::outcome::{self, Outcome};
use crate::client::progress::Progress;
use crate::error::{CallFacts, CliError};
use crate::ledger::answer::{Answer, Ending, Failure, Picture};
use crate::ledger::clock::now;
use crate::ledger::unfinished::KeptReply;
use crate::orders::kept::{self, NotedOrder};
use crate::output::arrived::{Arrived, Cut};
use crate::output::input::Input;
use crate::output::kept_reply;
use crate::output::names::stamp::Stamp;
use crate::output::outcome::{SaveOutcome, Unsaved};
use crate::output::request_context::RequestContext;
use crate::output::save_budget::SaveBudget;
use crate::output::save_pictures;
use crate::output::sidecar;
use crate::request::document;
use crate::request::picture_count::asked;
use crate::request::upload;

/// An order that is sent.
pub struct Sending<'a> {
    pub target: &'a Target,
    pub operation: &'a Operation,
    /// `None` where a task was submitted elsewhere: neither its document is known nor its request.
    pub model: Option<&'a str>,
    pub body: &'a Value,
    /// The files that its pictures are from.
    pub inputs: &'a [Input],
    /// It with what was uploaded for it, where anything was.
    pub uploaded: Option<&'a Value>,
    /// Its row in the ledger, if it has one.
    pub noted: Option<NotedOrder<'a>>,
    pub out: &'a Path,
    /// What the names of its files begin with, as nobody else's do, and when it was made.
    pub stamp: &'a Stamp,
    /// Whether a file beside each picture says how it was made.
    pub keep: bool,
}

/// What came of it.
pub struct Sent {
    pub ending: Ending,
    pub answer: Answer,
    /// How many pictures were made; `None` where nobody knows.
    pub made: Option<u32>,
    /// The reply, where a picture of it is not saved.
    pub reply: Option<KeptReply>,
    /// A reply that is to be removed once it is noted that its pictures are saved.
    pub done_with: Option<KeptReply>,
}

impl Sent {
    /// What came of an order without pictures.
    pub fn without_pictures(ending: Ending, answer: Answer, made: Option<u32>) -> Self {
        Self {
            ending,
            answer,
            made,
            reply: None,
            done_with: None,
        }
    }
}

/// An order that was sent.
pub enum Started {
    /// It became a task, which is under way. As long as this is kept, it counts with the limit on running tasks.
    Task(String, Option<Box<Submission<Value>>>),
    /// It ended at once.
    Sent(Box<Sent>),
}

impl Sending<'_> {
    fn client(&self) -> Client {
        self.target.client.with_tasks_of(self.operation)
    }

    /// The body as it is sent.
    fn sent(&self) -> &Value {
        self.uploaded.unwrap_or(self.body)
    }

    /// The body with the pictures in the API's temporary storage that are too long for a
    /// request; `None` where it stays as it is.
    pub async fn upload(&self) -> Result<Option<Value>, Sent> {
        let Some(longest) = upload::longest_kept(self.operation, self.body, false) else {
            return Ok(None);
        };
        let mut body = self.body.clone();
        let client = self.client();
        let model = self.model.unwrap_or_default();
        match client.upload_all(&mut body, model, longest).await {
            Ok(_) => Ok(Some(body)),
            Err(error) => Err(self.failed(&outcome::of_error(&error), &error, None).await),
        }
    }

    /// Sends it, as a task where the operation answers with one.
    pub async fn begin(&self) -> Started {
        match answers_with_task(self.operation) {
            true => self.submit().await,
            false => self.send().await,
        }
    }

    /// Sends it to an operation that answers at once, as a rule: some replies name a task.
    async fn send(&self) -> Started {
        let json = document::request(self.operation, self.sent());
        let sent = self.client().send_json(self.operation, &json).await;
        let has_tasks = task_query(self.operation.api).is_some();
        let outcome = match &sent {
            Ok(reply) => outcome::of_reply(reply, has_tasks),
            Err(error) => outcome::of_error(error),
        };
        let sent = match (outcome, &sent) {
            (Outcome::Task(task_id), _) => return Started::Task(task_id, None),
            (_, Ok(reply)) => self.arrived(reply, None).await,
            (outcome, Err(error)) => self.failed(&outcome, error, None).await,
        };
        Started::Sent(Box::new(sent))
    }

    /// Submits it as a task.
    async fn submit(&self) -> Started {
        let client = self.client();
        match client.submit_json(self.operation, self.sent()).await {
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
        RequestContext {
            api: self.operation.api,
            document: self.model.map(|_| self.operation.name),
            model: self.model,
            body: self.body,
            inputs: self.inputs,
            task_id,
            stamp: Stamp {
                stem: self.stamp.stem.clone(),
                time: self.stamp.time.clone(),
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
        Sent::without_pictures(ending, answer, (!is_unknown).then_some(0))
    }

    async fn arrived(&self, arrived: &(impl Arrived + Sync), task_id: Option<&str>) -> Sent {
        let context = self.context(task_id);
        if arrived.images().is_empty() {
            let answer = failed_answer(kept_reply::no_pictures(&context, arrived), task_id);
            return Sent::without_pictures(Ending::Unknown, answer, None);
        }
        let unmade = arrived.shortfall(asked(self.body));
        let kept = match self.noted {
            Some(noted) if kept::has_urls(arrived) => {
                kept::before_fetching(noted, &context, arrived, &unmade).await
            }
            _ => None,
        };
        self.save(&context, arrived, unmade, kept).await
    }

    /// Saves the pictures of a reply that was kept; an error says why it can't be read.
    pub async fn save_kept(&self, kept: KeptReply, task_id: Option<&str>) -> Result<Sent, String> {
        let arrived = match kept::read(self.out, &kept) {
            Ok(arrived) if arrived.images().is_empty() => Err("it holds no picture".to_owned()),
            read => read.map_err(|error| error.to_string()),
        };
        let arrived = arrived.map_err(|why| match &kept.file {
            Some(file) => format!("{}: {why}", self.out.join(file).display()),
            None => why,
        })?;
        let context = self.context(task_id);
        let unmade = kept.unmade.clone();
        Ok(self.save(&context, &arrived, unmade, Some(kept)).await)
    }

    /// Saves pictures, those of them that are not there yet; `kept` is where the reply is until
    /// then.
    async fn save(
        &self,
        context: &RequestContext<'_>,
        arrived: &(impl Arrived + Sync),
        unmade: Vec<String>,
        kept: Option<KeptReply>,
    ) -> Sent {
        let quiet = Progress::start(String::new(), true);
        let mut interrupt = Interrupt::default();
        let saved_before = |_: &_, stem: &str| save_pictures::with_name(self.out, stem);
        let saving = save_pictures::save(
            &self.target.client,
            context,
            arrived,
            (&quiet, &mut interrupt),
            saved_before,
        );
        let mut outcome = saving.await;
        outcome.unmade = unmade;
        if self.keep {
            outcome.write_sidecars(context, arrived.request_id());
        }
        let is_saved = outcome.unsaved.is_empty();
        let cut = arrived.cut(&outcome.unmade);
        let told = outcome.unmade.iter().map(|reason| match cut {
            Some(_) => format!("{reason}; it may have been made and billed"),
            None => reason.clone(),
        });
        let told = told.collect();
        let (kept, done_with) = match is_saved && cut.is_none() {
            true => (None, kept),
            false => {
                let kept = kept::after_fetching(kept, context, arrived, &outcome.unmade);
                (kept, None)
            }
        };
        let file = kept.as_ref().and_then(|kept| kept.file.as_ref());
        let file = file.map(|file| self.out.join(file).display().to_string());
        // Nothing is left to be fetched of one whose pictures are saved.
        let reply = kept.filter(|_| !is_saved);
        let most = SaveBudget::for_request(context).most;
        let made = arrived.images().len().max(arrived.counted().min(most));
        let made = u32::try_from(made).unwrap_or(u32::MAX);
        Sent {
            ending: Ending::Done,
            answer: Answer {
                created: now(),
                pictures: pictures(&outcome),
                unmade: told,
                request_id: arrived.request_id().map(str::to_owned),
                task_id: context.task_id.map(str::to_owned),
                in_ledger: file.is_none() && reply.is_some(),
                kept: file,
                failure: None,
            },
            made: (cut != Some(Cut::NotWhole)).then_some(made),
            reply,
            done_with,
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
