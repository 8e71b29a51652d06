//! One job, from its line to its pictures, with each step in the journal.

use std::borrow::Cow;
use std::time::SystemTime;

use inkstone::{Client, Error, Image, Operation, Reply, Stage, answers_with_task, task_query};
use serde_json::Value;
use tr::tr;
use tracing::Instrument as _;

use crate::batch::conclusion::job_code;
use crate::batch::execution::backend::{Backend, Became, Noted, SaveError, Saving};
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::job_result::{JobEnding, JobResult};
use crate::batch::execution::targets;
use crate::batch::jobs::job::Job;
use crate::batch::journal::transitions::{FailureRecord, JobRecord, RepliedRecord};
use crate::batch::state::State;
use crate::client::client_setup::Target;
use crate::client::outcome::{self, Outcome};
use crate::client::retry_notice::RetryNotice;
use crate::client::stage_name::stage_name;
use crate::error::CliError;
use crate::language::libraries;
use crate::output::arrived::{Arrived, Cut, counted, parsed};
use crate::output::names::stamp::Stamp;
use crate::output::save_budget::SaveBudget;
use crate::output::sidecar;
use crate::pricing::worst::Worst;
use crate::request::document;
use crate::request::picture_count::asked;
use crate::request::upload;

/// Why a reply is kept that broke off within its pictures.
const CUT: &str = "the reply is not whole: what is missing may have been made and billed";
const COUNTED: &str =
    "the reply counts more pictures than it has: what is missing may have been billed";

/// Goes on with a job from the state that it is in.
pub async fn go_on<B: Backend>(
    context: &BatchContext<'_, B>,
    state: State,
    record: JobRecord,
) -> Result<JobResult, CliError> {
    // Boxed, for only one of them is under way.
    match state {
        State::Replied => Box::pin(fetch(context, record)).await,
        State::Waiting => Box::pin(resume(context, record)).await,
        _ => Box::pin(submit(context, record)).await,
    }
}

/// Sends a job that was not sent yet.
async fn submit<B: Backend>(
    context: &BatchContext<'_, B>,
    record: JobRecord,
) -> Result<JobResult, CliError> {
    let mut job = context.backend.job(&record).await?;
    let target = context
        .targets
        .get(job.operation.api, record.account.as_deref())?;
    let mut run = JobRun {
        context,
        record,
        target,
        operation: job.operation,
        is_resumed: false,
        cut: None,
        least: 0,
    };
    if let Err(error) = run.upload(&mut job).await {
        return run.failed(&error).await;
    }
    let time = Stamp::new(SystemTime::now(), &run.record.model).time;
    match context.backend.submitting(&run.record, &time).await {
        Ok(Noted::Here) => run.record.time = Some(time),
        Ok(Noted::Beside) => return Ok(run.record.result(0, JobEnding::Done)),
        // Nothing is sent that can't be noted before.
        Err(error) => return Ok(run.record.result(0, JobEnding::Unnoted(error.message))),
    }
    match answers_with_task(job.operation) {
        true => run.submit_task(job).await,
        false => run.send(job).await,
    }
}

/// Waits for the task of a job that an earlier process submitted. Its pictures count as
/// spent already.
async fn resume<B: Backend>(
    context: &BatchContext<'_, B>,
    record: JobRecord,
) -> Result<JobResult, CliError> {
    let task_id = record.task_id.clone().unwrap_or_default();
    JobRun::from_record(context, record)?.wait(&task_id).await
}

/// Fetches the pictures of a job whose reply is in the journal. They count as spent already.
async fn fetch<B: Backend>(
    context: &BatchContext<'_, B>,
    record: JobRecord,
) -> Result<JobResult, CliError> {
    let result = JobRun::from_record(context, record)?
        .fetch_pictures()
        .await?;
    let reserved = Worst {
        pictures: result.spent,
        ..result.reserved
    };
    Ok(JobResult { reserved, ..result })
}

/// A job that is being carried out.
struct JobRun<'a, B> {
    context: &'a BatchContext<'a, B>,
    record: JobRecord,
    target: &'a Target,
    operation: &'static Operation,
    /// Whether an earlier process sent it.
    is_resumed: bool,
    /// What is missing of a reply, which may have been made and billed as well.
    cut: Option<String>,
    /// How many pictures count as paid for at least.
    least: u32,
}

impl<'a, B: Backend> JobRun<'a, B> {
    /// A job of the journal that was sent before.
    fn from_record(context: &'a BatchContext<'a, B>, record: JobRecord) -> Result<Self, CliError> {
        Ok(Self {
            context,
            target: context
                .targets
                .get(&record.api, record.account.as_deref())?,
            operation: targets::operation(&record.api, &record.document)?,
            record,
            is_resumed: true,
            cut: None,
            least: 0,
        })
    }

    /// The client, with a line for each retry.
    fn client(&self) -> Client {
        let id = format!("{:?}", self.record.id);
        let subject = tr!("job {id}", id);
        let notice = RetryNotice::new(self.context.bar, Some(subject));
        let client = self.target.client.with_stop(self.context.stop.clone());
        client.with_hook(notice).with_tasks_of(self.operation)
    }

    /// Brings the pictures to the temporary storage that are too long for a request, or all of
    /// them: only now, as they are not kept for long. Nothing is billed yet.
    async fn upload(&self, job: &mut Job) -> Result<(), Error> {
        let is_asked = self.context.uploads;
        let Some(longest) = upload::longest_kept(job.operation, &job.body, is_asked) else {
            return Ok(());
        };
        let client = self.client();
        let uploading = client.upload_all(&mut job.body, &job.model, longest);
        Box::pin(uploading).await.map(drop)
    }

    async fn send(self, job: Job) -> Result<JobResult, CliError> {
        let request = document::request(job.operation, &job.body);
        let client = self.client();
        // Boxed, as are other large futures: they would be copied with each job.
        let sending = Box::pin(client.send_json(job.operation, &request));
        let sent = sending.instrument(request_span()).await;
        drop(request);
        drop(job.body);
        match sent {
            Ok(reply) => self.replied(&reply).await,
            Err(error) => self.failed(&error).await,
        }
    }

    async fn submit_task(self, job: Job) -> Result<JobResult, CliError> {
        let client = self.client();
        let submitting = Box::pin(client.submit_json(job.operation, &job.body));
        // The limit on running tasks counts the task until this is dropped.
        let submission = match submitting.instrument(request_span()).await {
            Ok(submission) => submission,
            Err(error) => return self.failed(&error).await,
        };
        drop(job.body);
        self.submitted(submission.task_id()).await
    }

    /// The request became a task.
    async fn submitted(self, task_id: &str) -> Result<JobResult, CliError> {
        let run = self.with_task(task_id);
        let said = tr!("its task is {task_id}", task_id);
        match run.note(Became::waiting(task_id), &said).await? {
            Ok(Noted::Here) => run.wait(task_id).await,
            Ok(Noted::Beside) => Ok(run.at_worst(JobEnding::Done)),
            Err(rescued) => Ok(rescued),
        }
    }

    async fn wait(self, task_id: &str) -> Result<JobResult, CliError> {
        let span = tracing::info_span!(target: "inkstone::fleet", "task", task_id);
        let client = self.client();
        let task = match Box::pin(client.wait(task_id)).instrument(span).await {
            Ok(task) => task,
            Err(error) => return self.wait_failed(&error).await,
        };
        match task.into_pictures() {
            Ok(reply) => self.replied(&reply).await,
            Err(error) => self.failed(&error).await,
        }
    }

    /// The query failed, but the task is still running.
    async fn wait_failed(&self, error: &Error) -> Result<JobResult, CliError> {
        self.held_up(error.stage(), &error.to_string()).await?;
        let ending = match error.stage() {
            Stage::Account => JobEnding::Account,
            // It was interrupted.
            _ if self.context.stop.is_given() => JobEnding::Done,
            stage => failing(State::Waiting, stage_name(stage)),
        };
        Ok(self.at_worst(ending))
    }

    async fn fetch_pictures(mut self) -> Result<JobResult, CliError> {
        let backend = self.context.backend;
        let body = backend.reply(&self.record).await?;
        let images = Image::find(&body);
        let is_whole = || parsed(&body).is_some();
        if images.len() < self.asked() && !is_whole() {
            self.cut = Some(CUT.to_owned());
            self.least = self.record.worst.pictures;
        }
        self.count(counted(&body));
        if images.is_empty() {
            let message = "the stored reply is gone, and with it the URLs of the pictures";
            let stage = "unreadable";
            backend.held_up(&self.record, stage, message).await?;
            return Ok(self.at_worst(failing(State::Replied, stage)));
        }
        let fallback = |image: &Image| image.fallback_in(&body);
        self.save(images, &fallback).await
    }

    /// A reply came that reports success.
    async fn replied(self, reply: &Reply<Value>) -> Result<JobResult, CliError> {
        match outcome::of_reply(reply, task_query(self.operation.api).is_some()) {
            Outcome::Pictures(images) => self.made(reply, images).await,
            // Boxed, as waiting may end here again.
            Outcome::Task(task_id) if self.record.task_id.is_none() => {
                Box::pin(self.submitted(&task_id)).await
            }
            _ => self.no_pictures(reply).await,
        }
    }

    /// Pictures came.
    async fn made(
        mut self,
        arrived: &dyn Arrived,
        images: Vec<Image>,
    ) -> Result<JobResult, CliError> {
        self.record.request_id = arrived.request_id().map(str::to_owned);
        let mut unmade = arrived.shortfall(self.asked());
        unmade.dedup();
        self.count(arrived.counted());
        if let Some(cut) = arrived.cut(&unmade) {
            let why = match cut {
                Cut::NotWhole => CUT,
                Cut::Counted => COUNTED,
            };
            if cut == Cut::NotWhole {
                self.least = self.record.worst.pictures;
            }
            unmade.push(why.to_owned());
            self.cut = Some(unmade.join("; "));
        }
        let replied = RepliedRecord {
            made: self.paid_for(&images) as usize,
            request_id: self.record.request_id.clone(),
            unmade: (!unmade.is_empty()).then(|| unmade.join("; ")),
        };
        let became = Became::replied(replied, arrived, self.cut.is_some());
        match self.note(became, &shown(&images)).await? {
            Ok(Noted::Here) => self.save(images, &|image| arrived.fallback(image)).await,
            Ok(Noted::Beside) => Ok(self.at_worst(JobEnding::Done)),
            Err(rescued) => Ok(rescued),
        }
    }

    async fn no_pictures(&self, reply: &Reply<Value>) -> Result<JobResult, CliError> {
        let failure = FailureRecord {
            stage: Cow::Borrowed("outcome_unknown"),
            status: Arrived::status(reply),
            request_id: reply.request_id().map(str::to_owned),
            message: "the reply reports success but holds no picture; it may have been billed"
                .to_owned(),
            ..FailureRecord::default()
        };
        let result = self.at_worst(failing(State::Unknown, &failure.stage));
        self.note_failure(State::Unknown, failure, reply, result)
            .await
    }

    async fn failed(self, error: &Error) -> Result<JobResult, CliError> {
        let worst = self.record.worst.pictures;
        let stage = stage_name(error.stage());
        let (state, spent, ending) = match outcome::of_error(error) {
            Outcome::Pictures(images) => return self.made(error, images).await,
            Outcome::Task(task_id) if self.record.task_id.is_none() => {
                // Boxed, as waiting may end here again.
                return Box::pin(self.submitted(&task_id)).await;
            }
            // The API answered, and what it knows of old tasks says nothing of new requests.
            Outcome::Task(_) | Outcome::Unknown if self.is_resumed => {
                (State::Unknown, worst, JobEnding::Refused)
            }
            Outcome::Task(_) | Outcome::Unknown => {
                (State::Unknown, worst, failing(State::Unknown, stage))
            }
            // It may be accepted later, as where an input could not be fetched.
            Outcome::Unsent if error.stage() == Stage::Refused && error.is_retryable() => {
                (State::Unsent, 0, JobEnding::Refused)
            }
            Outcome::Unsent if self.context.stop.is_given() => (State::Unsent, 0, JobEnding::Done),
            Outcome::Unsent => (State::Unsent, 0, failing(State::Unsent, stage)),
            Outcome::Refused => (State::Refused, 0, JobEnding::Refused),
            Outcome::Account => (State::Unsent, 0, JobEnding::Account),
        };
        let failure = FailureRecord {
            stage: Cow::Borrowed(stage),
            status: error.status(),
            code: error.code().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            message: self.target.key().hide_in(&error.to_string()),
        };
        let result = self.record.result(spent, ending);
        self.note_failure(state, failure, error, result).await
    }

    fn with_task(mut self, task_id: &str) -> Self {
        self.record.task_id = Some(task_id.to_owned());
        self
    }

    /// Notes why no picture came.
    async fn note_failure(
        &self,
        state: State,
        failure: FailureRecord,
        arrived: &dyn Arrived,
        result: JobResult,
    ) -> Result<JobResult, CliError> {
        let said = tr!(
            "it is {state}: {why}",
            state = state.shown(),
            why = libraries::error(&failure.message)
        );
        let became = Became::failed(state, failure, arrived);
        let noted = self.note(became, &said).await?;
        Ok(noted.err().unwrap_or(result))
    }

    /// Notes what became of the request. Where the journal can't be written, it is kept
    /// elsewhere, and the job ends; `said` is what has to be told where it can be kept nowhere.
    async fn note(
        &self,
        became: Became<'_>,
        said: &str,
    ) -> Result<Result<Noted, JobResult>, CliError> {
        let backend = self.context.backend;
        let mut error = match backend.note(&self.record, &became).await {
            Ok(noted) => return Ok(Ok(noted)),
            Err(error) => error,
        };
        let body = became.kept().reply().map(body).unwrap_or_default();
        let event = became.into_event();
        if backend.rescue(&self.record, event, &body).is_ok() {
            return Ok(Err(self.at_worst(JobEnding::Unnoted(error.message))));
        }
        let id = format!("{:?}", self.record.id);
        let detail = tr!("job {id} is noted nowhere else: {said}", id, said);
        error.details.push(detail);
        Err(error)
    }

    /// The result where as many pictures count as paid for as there may be.
    fn at_worst(&self, ending: JobEnding) -> JobResult {
        self.record.result(self.record.worst.pictures, ending)
    }

    /// Has as many pictures count as paid for as the API says that it made.
    fn count(&mut self, counted: usize) {
        let counted = u32::try_from(self.record.made(counted)).unwrap_or(u32::MAX);
        self.least = self.least.max(counted);
    }

    /// How many pictures count as paid for where these came: as many as the API counts, and the
    /// most that the request could make where the reply is not whole.
    fn paid_for(&self, images: &[Image]) -> u32 {
        let came = u32::try_from(self.record.made(images.len())).unwrap_or(u32::MAX);
        came.max(self.least)
    }

    /// How many pictures the request asks for.
    fn asked(&self) -> usize {
        asked(&self.record.request)
    }

    fn budget(&self) -> SaveBudget {
        SaveBudget::new(self.record.worst.pictures)
    }

    async fn save(
        &self,
        images: Vec<Image>,
        fallback: &impl Fn(&Image) -> Option<Image>,
    ) -> Result<JobResult, CliError> {
        let budget = self.budget();
        let most = budget.most;
        let kept = match images.len() > most {
            true => Some(budget.too_many(images.len())),
            false => self.cut.clone(),
        };
        let wanted = &images[..images.len().min(most)];
        let paid_for = self.paid_for(&images);
        let result = |ending| Ok(self.record.result(paid_for, ending));
        match self.save_all(budget, wanted, fallback).await {
            Ok(None) => {}
            Ok(Some(error)) => {
                self.held_up(error.stage, &error.message).await?;
                return result(match error.stage {
                    Stage::File => JobEnding::Disk,
                    stage => failing(State::Replied, stage_name(stage)),
                });
            }
            // It stays as it is, and the next run saves what is missing.
            Err(error) => return result(JobEnding::Unnoted(error.message)),
        }
        let done = self.context.backend.done(&self.record, kept.as_deref());
        match done.await {
            Ok(()) => result(JobEnding::Done),
            Err(error) => result(JobEnding::Unnoted(error.message)),
        }
    }

    /// Saves every picture that is not saved yet; returns why the first could not be.
    async fn save_all(
        &self,
        budget: SaveBudget,
        images: &[Image],
        fallback: &impl Fn(&Image) -> Option<Image>,
    ) -> Result<Option<SaveError>, CliError> {
        let backend = self.context.backend;
        let mut saving = Saving {
            record: &self.record,
            target: self.target,
            operation: self.operation,
            budget,
        };
        let mut first = None;
        for (number, image) in images.iter().enumerate() {
            let mut saved = backend.save(&mut saving, number, image).await?;
            if saved
                .as_ref()
                .is_err_and(|error| error.stage != Stage::File)
                && let Some(other) = fallback(image)
                && backend.save(&mut saving, number, &other).await?.is_ok()
            {
                saved = Ok(());
            }
            if let Err(error) = saved {
                first.get_or_insert(error);
            }
        }
        match first {
            None => Ok(backend.sync().await.err()),
            first => Ok(first),
        }
    }

    /// Notes why the job is not done; its state stays.
    async fn held_up(&self, stage: Stage, message: &str) -> Result<(), CliError> {
        let message = self.target.key().hide_in(message);
        let backend = self.context.backend;
        let noted = backend.held_up(&self.record, stage_name(stage), &message);
        let noted = noted.await;
        match stage {
            // Where pictures can't be written, a note can't be either.
            Stage::File => Ok(()),
            _ => noted,
        }
    }
}

/// The ending of a job that failed at this stage, and is in this state now.
fn failing(state: State, stage: &str) -> JobEnding {
    JobEnding::Failed(job_code(state, Some(stage), None))
}

/// What a trace shows of a request on its way.
fn request_span() -> tracing::Span {
    tracing::info_span!(target: "inkstone::fleet", "request")
}

/// All of the body that came.
fn body(arrived: &dyn Arrived) -> Vec<u8> {
    let mut body = Vec::new();
    // Memory takes what the disk does not; what can't be read back is lost in any case.
    let _ = arrived.write(&mut body);
    body
}

/// The URLs of pictures.
fn shown(images: &[Image]) -> String {
    let urls: Vec<_> = images.iter().filter_map(sidecar::url).collect();
    match urls.is_empty() {
        true => tr!("its pictures are lost"),
        false => tr!("its pictures are at {urls}", urls = urls.join(" ")),
    }
}
