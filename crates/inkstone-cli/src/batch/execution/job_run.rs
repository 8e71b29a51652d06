//! One job, from its line to its pictures, with each step in the journal.

use std::io;
use std::time::SystemTime;

use inkstone::{Error, Image, Operation, Reply, Source, Stage};
use serde_json::Value;

use crate::batch::execution::context::BatchContext;
use crate::batch::execution::job_result::{JobEnding, JobResult};
use crate::batch::execution::save_pictures::PictureSaver;
use crate::batch::execution::stage_name::stage_name;
use crate::batch::execution::stored_replies;
use crate::batch::execution::targets::{self, Target};
use crate::batch::jobs::job::{self, Job};
use crate::batch::jobs::lines;
use crate::batch::jobs::read_jobs;
use crate::batch::journal::transitions::{FailureRecord, JobRecord, StoredReply};
use crate::batch::state::State;
use crate::console;
use crate::error::{CliError, Code};
use crate::output::stamp::Stamp;
use crate::request::document;
use crate::task::wait;

/// Sends a job that was not sent yet.
pub async fn submit(context: &BatchContext<'_>, record: JobRecord) -> Result<JobResult, CliError> {
    let job = read_job(context, &record)?;
    let target = context.targets.get(job.operation.api)?;
    let time = Stamp::new(SystemTime::now(), &record.model).time;
    context.journal.submitting(record.seq, &time)?;
    let run = JobRun {
        context,
        record: JobRecord {
            time: Some(time),
            ..record
        },
        target,
        operation: job.operation,
    };
    match document::submits_task(job.operation) {
        true => run.submit_task(job).await,
        false => run.send(job).await,
    }
}

/// Waits for the task of a job that an earlier process submitted. Its pictures count as
/// spent already.
pub async fn resume(context: &BatchContext<'_>, record: JobRecord) -> Result<JobResult, CliError> {
    let task_id = record.task_id.clone().unwrap_or_default();
    JobRun::from_record(context, record)?.wait(&task_id).await
}

/// Fetches the pictures of a job whose reply is in the journal. They count as spent already.
pub async fn fetch(context: &BatchContext<'_>, record: JobRecord) -> Result<JobResult, CliError> {
    let result = JobRun::from_record(context, record)?
        .fetch_pictures()
        .await?;
    Ok(JobResult {
        worst: result.spent,
        ..result
    })
}

/// A job that is being carried out.
struct JobRun<'a> {
    context: &'a BatchContext<'a>,
    record: JobRecord,
    target: &'a Target,
    operation: &'static Operation,
}

impl<'a> JobRun<'a> {
    /// A job of the journal that was sent before.
    fn from_record(context: &'a BatchContext<'a>, record: JobRecord) -> Result<Self, CliError> {
        Ok(Self {
            context,
            target: context.targets.get(&record.api)?,
            operation: targets::operation(&record.api, &record.document)?,
            record,
        })
    }

    async fn send(self, job: Job) -> Result<JobResult, CliError> {
        let request = document::request(job.operation, &job.body);
        match self.target.client.send_json(job.operation, &request).await {
            Ok(reply) => {
                drop(request);
                drop(job.body);
                self.replied(&reply, None).await
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn submit_task(self, job: Job) -> Result<JobResult, CliError> {
        let submitting = self.target.client.submit_json(job.operation, &job.body);
        // The limit on running tasks counts the task until this is dropped.
        let submission = match submitting.await {
            Ok(submission) => submission,
            Err(error) => return self.failed(&error),
        };
        drop(job.body);
        let task_id = submission.task_id();
        let noted = self.context.journal.waiting(self.record.seq, task_id);
        noted.map_err(|error| with_task(error, &self.record, task_id))?;
        self.wait(task_id).await
    }

    async fn wait(self, task_id: &str) -> Result<JobResult, CliError> {
        let task = match self.target.client.wait(task_id).await {
            Ok(task) => task,
            Err(error) => return self.wait_failed(&error),
        };
        let unmade = wait::unmade(&task, self.target.key()).join("; ");
        let unmade = (!unmade.is_empty()).then_some(unmade);
        match task.into_pictures() {
            Ok(reply) => self.replied(&reply, unmade.as_deref()).await,
            Err(error) => self.failed(&error),
        }
    }

    /// The query failed, but the task is still running.
    fn wait_failed(&self, error: &Error) -> Result<JobResult, CliError> {
        self.held_up(error.stage(), &error.to_string())?;
        let ending = match error.stage() {
            Stage::Account => JobEnding::Account,
            _ => JobEnding::Failed,
        };
        Ok(self.record.result(self.record.worst, ending))
    }

    async fn fetch_pictures(self) -> Result<JobResult, CliError> {
        let journal = self.context.journal;
        let stored = journal.stored_reply(self.record.seq)?;
        let body = stored_replies::read(self.context.out, stored)
            .map_err(|error| unreadable_reply(&self.record, &error))?;
        let reply: Value = serde_json::from_slice(&body).unwrap_or_default();
        let images = Image::find(&reply);
        if images.is_empty() {
            let message = "the stored reply is gone, and with it the URLs of the pictures";
            journal.held_up(self.record.seq, "unreadable", message)?;
            return Ok(self.record.result(self.record.worst, JobEnding::Failed));
        }
        self.save(images).await
    }

    /// A reply came; `unmade` says why it has fewer pictures than were asked for.
    async fn replied(
        mut self,
        reply: &Reply<Value>,
        unmade: Option<&str>,
    ) -> Result<JobResult, CliError> {
        let images = reply.images();
        if images.is_empty() {
            return self.no_pictures(reply);
        }
        let (out, record) = (self.context.out, &self.record);
        let request_id = reply.request_id().map(str::to_owned);
        let stored = stored_or_warning(record, stored_replies::store(out, &record.stem, reply));
        self.context
            .journal
            .replied(
                record.seq,
                images.len(),
                request_id.as_deref(),
                unmade,
                &stored,
            )
            .map_err(|error| with_urls(error, record, &images))?;
        self.record.request_id = request_id;
        self.save(images).await
    }

    fn no_pictures(&self, reply: &Reply<Value>) -> Result<JobResult, CliError> {
        let (out, record) = (self.context.out, &self.record);
        let stored = stored_replies::store_in_file(out, &record.stem, reply);
        let failure = FailureRecord {
            stage: "outcome_unknown",
            status: Some(reply.status()),
            request_id: reply.request_id().map(str::to_owned),
            message: "the reply reports success but holds no picture; it may have been billed"
                .to_owned(),
            ..FailureRecord::default()
        };
        let stored = stored_or_warning(record, stored);
        let journal = self.context.journal;
        journal.failed(record.seq, State::Unknown, &failure, &stored)?;
        Ok(record.result(record.worst, JobEnding::Failed))
    }

    fn failed(&self, error: &Error) -> Result<JobResult, CliError> {
        let (out, record) = (self.context.out, &self.record);
        let failure = FailureRecord {
            stage: stage_name(error.stage()),
            status: error.status(),
            code: error.code().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            message: self.target.key().hide_in(&error.to_string()),
        };
        let (state, spent, ending) = classify(error, record.worst);
        let stored = match state {
            State::Unknown => stored_or_warning(
                record,
                stored_replies::store_in_file(out, &record.stem, error),
            ),
            _ => StoredReply::default(),
        };
        let journal = self.context.journal;
        journal.failed(record.seq, state, &failure, &stored)?;
        Ok(record.result(spent, ending))
    }

    async fn save(&self, images: Vec<Image>) -> Result<JobResult, CliError> {
        let made = u32::try_from(images.len()).unwrap_or(u32::MAX);
        let saver = PictureSaver {
            context: self.context,
            record: &self.record,
            target: self.target,
            operation: self.operation,
        };
        if let Some(error) = saver.save_all(&images).await? {
            self.held_up(error.stage, &error.message)?;
            let ending = match error.stage {
                Stage::File => JobEnding::Disk,
                _ => JobEnding::Failed,
            };
            return Ok(self.record.result(made, ending));
        }
        let journal = self.context.journal;
        let stored = journal.stored_reply(self.record.seq)?;
        journal.done(self.record.seq)?;
        stored_replies::remove_file(self.context.out, &stored);
        Ok(self.record.result(made, JobEnding::Done))
    }

    /// Notes why the job is not done; its state stays.
    fn held_up(&self, stage: Stage, message: &str) -> Result<(), CliError> {
        let message = self.target.key().hide_in(message);
        let journal = self.context.journal;
        journal.held_up(self.record.seq, stage_name(stage), &message)
    }
}

/// The job in its line, if that is still the line that was checked.
fn read_job(context: &BatchContext<'_>, record: &JobRecord) -> Result<Job, CliError> {
    let changed = || {
        CliError::usage(format!(
            "{} was changed during the batch: job {:?} is no longer the same",
            context.jobs.display(),
            record.id
        ))
        .hint("restore the file, and continue with --resume")
    };
    let place = record.place.ok_or_else(changed)?;
    let bytes = lines::read_at(context.jobs, place)
        .map_err(|error| read_jobs::unreadable(context.jobs, &error))?;
    let job = job::read(&bytes, context.api).map_err(|_| changed())?;
    match job.id == record.id && job.hash() == record.hash {
        true => Ok(job),
        false => Err(changed()),
    }
}

/// The state after a failed call, how many pictures it may have cost, and the ending.
fn classify(error: &Error, worst: u32) -> (State, u32, JobEnding) {
    match error.stage() {
        _ if error.may_have_been_billed() => (State::Unknown, worst, JobEnding::Failed),
        // It may be accepted later, as where an input could not be fetched.
        Stage::Refused if error.is_retryable() => (State::Unsent, 0, JobEnding::Refused),
        Stage::Refused | Stage::Invalid => (State::Refused, 0, JobEnding::Refused),
        Stage::Account => (State::Unsent, 0, JobEnding::Account),
        _ => (State::Unsent, 0, JobEnding::Failed),
    }
}

/// The stored reply. A reply that could not be stored is a warning, and no reason to stop.
fn stored_or_warning(record: &JobRecord, stored: io::Result<StoredReply>) -> StoredReply {
    stored.unwrap_or_else(|error| {
        console::warning(&format!(
            "the reply to {:?} can't be kept: {error}",
            record.id
        ));
        StoredReply::default()
    })
}

/// `error` with the URLs of a job's pictures, which are noted nowhere else.
fn with_urls(mut error: CliError, record: &JobRecord, images: &[Image]) -> CliError {
    let urls = images.iter().filter_map(|image| match &image.source {
        Source::Url(url) => Some(url),
        Source::Base64(_) | Source::Spooled(_) => None,
    });
    let details = urls.map(|url| format!("a picture of job {:?}: {url}", record.id));
    error.details.extend(details);
    error
}

/// `error` with the id of a job's task, which is noted nowhere else.
fn with_task(mut error: CliError, record: &JobRecord, task_id: &str) -> CliError {
    let detail = format!("the task of job {:?}: {task_id}", record.id);
    error.details.push(detail);
    error
}

fn unreadable_reply(record: &JobRecord, error: &io::Error) -> CliError {
    CliError::new(
        Code::Unsaved,
        format!("the reply to {:?} can't be read again: {error}", record.id),
    )
}
