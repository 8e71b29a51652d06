//! One job on its way: from its line to its pictures, each step in the journal.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use inkstone::{Error, Image, Operation, Reply, Source, Stage};
use serde_json::Value;

use crate::args::Api;
use crate::batch::job::{self, Job};
use crate::batch::journal::Journal;
use crate::batch::journal::course::{Kept, Task, Trouble};
use crate::batch::money::Money;
use crate::batch::state::State;
use crate::batch::target::{self, Target, Targets};
use crate::batch::{lines, reading, replies, saving};
use crate::document;
use crate::exit::{Code, Failure};
use crate::output;
use crate::stamp::Stamp;
use crate::task::wait;

/// What all jobs of a batch have in common.
pub struct Crew<'a> {
    pub journal: &'a Journal,
    pub targets: &'a Targets,
    pub jobs: &'a Path,
    pub out: &'a Path,
    pub api: Option<Api>,
}

/// A job that has come to an end, for this run.
#[derive(Debug)]
pub struct Landed {
    pub worst: u32,
    pub price: Option<Money>,
    /// How many pictures it has to be taken to have cost.
    pub spent: u32,
    pub ending: Ending,
}

/// How it ended, as far as that matters to the jobs after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// It was the request's own fault.
    Refused,
    /// The key or the account was refused: so will all others be.
    Account,
    /// The disk takes no picture: more would be paid for in vain.
    Disk,
    /// Anything that another job may or may not meet as well.
    Failed,
}

impl Crew<'_> {
    /// Sends a job that was not sent yet.
    pub async fn submit(&self, task: Task) -> Result<Landed, Failure> {
        let job = self.job(&task)?;
        let target = self.targets.of(job.operation.api)?;
        let time = Stamp::new(SystemTime::now(), &task.model).time;
        self.journal.submitting(task.seq, &time)?;
        let task = Task {
            time: Some(time),
            ..task
        };
        if document::makes_a_task(job.operation) {
            return self.submit_task(task, target, job).await;
        }
        let request = document::request(job.operation, &job.body);
        match target.client.send_json(job.operation, &request).await {
            Ok(reply) => {
                drop(request);
                drop(job.body);
                let done = (&reply, None);
                self.replied(task, target, job.operation, done).await
            }
            Err(error) => self.failed(&task, target, &error),
        }
    }

    async fn submit_task(&self, task: Task, target: &Target, job: Job) -> Result<Landed, Failure> {
        let submitting = target.client.submit_json(job.operation, &job.body);
        // It counts as under way until it is dropped.
        let submission = match submitting.await {
            Ok(submission) => submission,
            Err(error) => return self.failed(&task, target, &error),
        };
        drop(job.body);
        let task_id = submission.task_id();
        self.journal
            .waiting(task.seq, task_id)
            .map_err(|failure| with_task(failure, &task, task_id))?;
        self.wait(task, target, job.operation, task_id).await
    }

    /// Waits for the task of a job that was submitted by a process that is gone; it is
    /// counted as spent already.
    pub async fn resume(&self, task: Task) -> Result<Landed, Failure> {
        let target = self.targets.of(&task.api)?;
        let operation = target::operation(&task.api, &task.document)?;
        let task_id = task.task_id.clone().unwrap_or_default();
        self.wait(task, target, operation, &task_id).await
    }

    async fn wait(
        &self,
        task: Task,
        target: &Target,
        operation: &'static Operation,
        task_id: &str,
    ) -> Result<Landed, Failure> {
        let over = match target.client.wait(task_id).await {
            Ok(over) => over,
            Err(error) => {
                // It goes on, whatever became of the question.
                let message = target.key().hide_in(&error.to_string());
                self.journal
                    .held_up(task.seq, name(error.stage()), &message)?;
                let ending = match error.stage() {
                    Stage::Account => Ending::Account,
                    _ => Ending::Failed,
                };
                return Ok(task.landed(task.worst, ending));
            }
        };
        let unmade = wait::unmade(&over, target.key()).join("; ");
        let unmade = (!unmade.is_empty()).then_some(unmade);
        match over.into_pictures() {
            Ok(reply) => {
                let done = (&reply, unmade.as_deref());
                self.replied(task, target, operation, done).await
            }
            Err(error) => self.failed(&task, target, &error),
        }
    }

    /// Fetches the pictures of a job whose reply is in the journal, and which is
    /// counted as spent already.
    pub async fn fetch(&self, task: Task) -> Result<Landed, Failure> {
        let landed = self.fetch_pictures(task).await?;
        Ok(Landed {
            worst: landed.spent,
            ..landed
        })
    }

    async fn fetch_pictures(&self, task: Task) -> Result<Landed, Failure> {
        let target = self.targets.of(&task.api)?;
        let operation = target::operation(&task.api, &task.document)?;
        let kept = self.journal.kept(task.seq)?;
        let body = replies::read(self.out, kept).map_err(|error| lost(&task, &error))?;
        let reply: Value = serde_json::from_slice(&body).unwrap_or_default();
        let images = Image::find(&reply);
        if images.is_empty() {
            let message = "the reply is no longer there, and with it where its pictures are";
            self.journal.held_up(task.seq, "unreadable", message)?;
            return Ok(task.landed(task.worst, Ending::Failed));
        }
        self.save(task, target, operation, images).await
    }

    /// The job as its line has it: the very one that was checked.
    fn job(&self, task: &Task) -> Result<Job, Failure> {
        let changed = || {
            Failure::usage(format!(
                "{} was changed while it was in use: job {:?} is no longer what it was",
                self.jobs.display(),
                task.id
            ))
            .hint("put it back as it was, and go on with --resume")
        };
        let place = task.place.ok_or_else(changed)?;
        let bytes = lines::read_at(self.jobs, place)
            .map_err(|error| reading::unreadable(self.jobs, &error))?;
        let job = job::read(&bytes, self.api).map_err(|_| changed())?;
        match job.id == task.id && job.hash() == task.hash {
            true => Ok(job),
            false => Err(changed()),
        }
    }

    async fn replied(
        &self,
        task: Task,
        target: &Target,
        operation: &'static Operation,
        (reply, unmade): (&Reply<Value>, Option<&str>),
    ) -> Result<Landed, Failure> {
        let images = reply.images();
        let request_id = reply.request_id().map(str::to_owned);
        if images.is_empty() {
            let kept = replies::keep_for_good(self.out, &task.stem, reply);
            let trouble = Trouble {
                stage: "outcome_unknown",
                status: Some(reply.status()),
                request_id,
                message: "the reply reports success and holds no picture; it may have been billed"
                    .to_owned(),
                ..Trouble::default()
            };
            let kept = self.kept(&task, kept);
            self.journal
                .failed(task.seq, State::Unknown, &trouble, &kept)?;
            return Ok(task.landed(task.worst, Ending::Failed));
        }
        let kept = self.kept(&task, replies::keep(self.out, &task.stem, reply));
        self.journal
            .replied(task.seq, images.len(), request_id.as_deref(), unmade, &kept)
            .map_err(|failure| with_sources(failure, &task, &images))?;
        let task = Task { request_id, ..task };
        self.save(task, target, operation, images).await
    }

    /// What was kept; what could not be is told, and is no reason to stop.
    fn kept(&self, task: &Task, kept: io::Result<Kept>) -> Kept {
        kept.unwrap_or_else(|error| {
            output::warning(&format!(
                "the reply to {:?} can't be kept: {error}",
                task.id
            ));
            Kept::default()
        })
    }

    fn failed(&self, task: &Task, target: &Target, error: &Error) -> Result<Landed, Failure> {
        let trouble = Trouble {
            stage: name(error.stage()),
            status: error.status(),
            code: error.code().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            message: target.key().hide_in(&error.to_string()),
        };
        let (state, spent, ending) = match error.stage() {
            _ if error.may_have_been_billed() => (State::Unknown, task.worst, Ending::Failed),
            // It may be accepted later, as where an input could not be fetched.
            Stage::Refused if error.is_retryable() => (State::Unsent, 0, Ending::Refused),
            Stage::Refused | Stage::Invalid => (State::Refused, 0, Ending::Refused),
            Stage::Account => (State::Unsent, 0, Ending::Account),
            _ => (State::Unsent, 0, Ending::Failed),
        };
        let kept = match state {
            State::Unknown => self.kept(task, replies::keep_for_good(self.out, &task.stem, error)),
            _ => Kept::default(),
        };
        self.journal.failed(task.seq, state, &trouble, &kept)?;
        Ok(task.landed(spent, ending))
    }

    async fn save(
        &self,
        task: Task,
        target: &Target,
        operation: &'static Operation,
        images: Vec<Image>,
    ) -> Result<Landed, Failure> {
        let made = u32::try_from(images.len()).unwrap_or(u32::MAX);
        let trouble = saving::pictures(self, &task, target, operation, images).await?;
        let Some(trouble) = trouble else {
            let kept = self.journal.kept(task.seq)?;
            self.journal.done(task.seq)?;
            replies::drop_file(self.out, &kept);
            return Ok(task.landed(made, Ending::Done));
        };
        let message = target.key().hide_in(&trouble.message);
        self.journal
            .held_up(task.seq, name(trouble.stage), &message)?;
        let ending = match trouble.stage {
            Stage::File => Ending::Disk,
            _ => Ending::Failed,
        };
        Ok(task.landed(made, ending))
    }
}

impl Task {
    fn landed(&self, spent: u32, ending: Ending) -> Landed {
        Landed {
            worst: self.worst,
            price: self.price,
            spent,
            ending,
        }
    }
}

/// `failure` with where the pictures of a job are, which nothing else has now.
fn with_sources(mut failure: Failure, task: &Task, images: &[Image]) -> Failure {
    let urls = images.iter().filter_map(|image| match &image.source {
        Source::Url(url) => Some(url),
        Source::Base64(_) | Source::Spooled(_) => None,
    });
    let details = urls.map(|url| format!("a picture of job {:?}: {url}", task.id));
    failure.details.extend(details);
    failure
}

/// `failure` with the id of the task of a job, which nothing else has now.
fn with_task(mut failure: Failure, task: &Task, task_id: &str) -> Failure {
    let detail = format!("the task of job {:?}: {task_id}", task.id);
    failure.details.push(detail);
    failure
}

fn lost(task: &Task, error: &io::Error) -> Failure {
    Failure::new(
        Code::Unsaved,
        format!("the reply to {:?} can't be read again: {error}", task.id),
    )
}

/// What the journal and the summary call a stage.
fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Configuration => "configuration",
        Stage::Invalid => "invalid",
        Stage::NotSent => "not_sent",
        Stage::Refused => "refused",
        Stage::Account => "account",
        Stage::Throttled => "throttled",
        Stage::Unreadable => "unreadable",
        Stage::Unfinished => "unfinished",
        Stage::Download => "download",
        Stage::Expired => "expired",
        Stage::File => "file",
        // A stage that this program doesn't know is one that may cost money.
        _ => "outcome_unknown",
    }
}
