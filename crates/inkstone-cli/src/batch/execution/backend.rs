//! Where a batch is kept: its journal, the replies and the pictures. One form is a directory
//! with SQLite.

use std::collections::HashSet;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use inkstone::{Image, ImageFormat, Operation, Stage, UnnamedFile};
use tr::tr;

use crate::batch::incoming;
use crate::batch::jobs::job::Job;
use crate::batch::journal::lost_tasks::LostTask;
use crate::batch::journal::transitions::{Event, FailureRecord, JobRecord, RepliedRecord};
use crate::batch::state::State;
use crate::client::client_setup::Target;
use crate::error::CliError;
use crate::output::arrived::Arrived;
use crate::output::names::stamp::Stamp;
use crate::output::request_context::RequestContext;
use crate::output::save_budget::SaveBudget;
use crate::output::sidecar;

/// Where a batch is kept. What a method notes is durable when it returns.
pub trait Backend {
    /// The job with all of its request.
    async fn job(&self, record: &JobRecord) -> Result<Job, CliError>;

    /// The request is about to be sent. Without [`Noted::Here`] nothing may be sent.
    async fn submitting(&self, record: &JobRecord, time: &str) -> Result<Noted, CliError>;

    /// What became of the request. The reply that is to be kept is stored.
    async fn note(&self, record: &JobRecord, became: &Became<'_>) -> Result<Noted, CliError>;

    /// Keeps what became of the request where it could not be noted; an error says that it
    /// is kept nowhere.
    fn rescue(&self, record: &JobRecord, event: Event, reply: &[u8]) -> io::Result<()>;

    /// A picture could not be saved, or a wait for a task failed: the state stays.
    async fn held_up(&self, record: &JobRecord, stage: &str, message: &str)
    -> Result<(), CliError>;

    /// The stored reply of a job.
    async fn reply(&self, record: &JobRecord) -> Result<Vec<u8>, CliError>;

    /// Saves a picture, with its sidecar, unless it is saved already.
    async fn save(&self, saving: &mut Saving<'_>, number: usize, image: &Image) -> Tried<()>;

    /// Makes sure that the saved pictures outlast a failure of the power.
    async fn sync(&self) -> Result<(), SaveError>;

    /// All pictures are saved that came; `kept` says why the reply is needed still, as where more
    /// came than the request could make.
    async fn done(&self, record: &JobRecord, kept: Option<&str>) -> Result<(), CliError>;

    /// The jobs that may have a task which the journal does not know; none where no job is
    /// unknown.
    async fn lost_tasks(&self) -> Result<Vec<LostTask>, CliError>;

    /// Which of these tasks the journal knows.
    async fn known_tasks(&self, tasks: &[String]) -> Result<HashSet<String>, CliError>;

    /// Gives an unknown job a task, with the time when it was submitted. `false` where the task
    /// may be of a job that is not among `considered`.
    async fn task_found(
        &self,
        job: &LostTask,
        task: (&str, SystemTime),
        considered: &[i64],
    ) -> Result<bool, CliError>;

    /// Says of an unknown job why no task was found for it.
    async fn task_not_found(&self, job: &LostTask, why: &str) -> Result<(), CliError>;
}

/// What became of a request, with the reply where that is to be kept. A reply with pictures
/// always is: they were paid for.
pub struct Became<'a> {
    event: Event,
    kept: Kept<'a>,
}

/// What is to be kept of a reply.
#[derive(Clone, Copy)]
pub enum Kept<'a> {
    Nothing,
    /// A reply with pictures, until they are saved.
    UntilSaved(&'a dyn Arrived),
    /// One that people may have to look into, in a file.
    InFile(&'a dyn Arrived),
}

impl<'a> Became<'a> {
    /// It was accepted, and this task is running.
    pub fn waiting(task_id: &str) -> Self {
        let task_id = task_id.to_owned();
        Self {
            event: Event::Waiting { task_id },
            kept: Kept::Nothing,
        }
    }

    /// A reply with pictures came; one that is not whole people may have to look into.
    pub fn replied(record: RepliedRecord, reply: &'a dyn Arrived, is_cut: bool) -> Self {
        Self {
            event: Event::Replied(record),
            kept: match is_cut {
                true => Kept::InFile(reply),
                false => Kept::UntilSaved(reply),
            },
        }
    }

    /// It failed; a reply that may have been billed is kept.
    pub fn failed(state: State, failure: FailureRecord, reply: &'a dyn Arrived) -> Self {
        let kept = match state {
            State::Unknown => Kept::InFile(reply),
            _ => Kept::Nothing,
        };
        Self {
            event: Event::Failed { state, failure },
            kept,
        }
    }

    pub fn event(&self) -> &Event {
        &self.event
    }

    pub fn into_event(self) -> Event {
        self.event
    }

    pub fn kept(&self) -> Kept<'a> {
        self.kept
    }
}

impl<'a> Kept<'a> {
    /// The reply, if it is kept.
    pub fn reply(self) -> Option<&'a dyn Arrived> {
        match self {
            Self::Nothing => None,
            Self::UntilSaved(reply) | Self::InFile(reply) => Some(reply),
        }
    }
}

/// Where a change was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// In the journal.
    Here,
    /// Beside it: the job belongs to somebody else by now.
    #[cfg_attr(
        not(feature = "fleet"),
        expect(dead_code, reason = "for shared journals")
    )]
    Beside,
}

/// Why a picture is not saved.
#[derive(Clone, Debug)]
pub struct SaveError {
    pub stage: Stage,
    pub message: String,
}

/// The error of a reply that was kept for a job and can't be read again.
pub fn unreadable_reply(record: &JobRecord, error: impl Display) -> CliError {
    CliError::unsaved(tr!(
        "the reply to {id} can't be read again: {error}",
        id = format!("{:?}", record.id),
        error
    ))
}

/// The error of a reply that can't be stored.
pub fn not_kept(error: &impl Display) -> CliError {
    CliError::unsaved(tr!("the reply can't be kept: {error}", error))
}

/// A step whose own error is the inner one; the outer error is the journal's.
pub type Tried<T> = Result<Result<T, SaveError>, CliError>;

/// A job whose pictures are being saved.
pub struct Saving<'a> {
    pub record: &'a JobRecord,
    pub target: &'a Target,
    pub operation: &'static Operation,
    pub budget: SaveBudget,
}

impl Saving<'_> {
    /// Fetches a picture to where files in `out` are until they have a name, and has `finish`
    /// go on with it on a thread that may wait for the disk. An error comes with the file of a
    /// part that is kept.
    pub async fn fetch<T: Send + 'static>(
        &mut self,
        out: &Path,
        number: usize,
        image: &Image,
        finish: impl FnOnce(UnnamedFile, ImageFormat) -> io::Result<T> + Send + 'static,
    ) -> Result<T, (SaveError, Option<PathBuf>)> {
        let stem = format!("{}-{}", self.record.seq, number + 1);
        let incoming = incoming::directory(out);
        let finish = move |file: UnnamedFile, format| {
            let length = file.path().metadata()?.len();
            Ok((length, finish(file, format)?))
        };
        let client = &self.target.client;
        let fetching = Box::pin(client.save_with(image, &incoming, &stem, finish));
        let fetched = self.budget.save(fetching).await.map_err(|message| {
            let stage = Stage::Download;
            (SaveError { stage, message }, None)
        })?;
        let (length, finished) = fetched.map_err(|error| {
            let (stage, message) = (error.stage(), error.to_string());
            (
                SaveError { stage, message },
                error.kept().map(Path::to_owned),
            )
        })?;
        self.budget.spend(length);
        Ok(finished)
    }

    /// The sidecar of a picture, as text.
    pub fn sidecar(&self, image: &Image) -> io::Result<Vec<u8>> {
        let record = self.record;
        let request = RequestContext {
            api: self.operation.api,
            document: Some(self.operation.name),
            model: Some(&record.model),
            body: &record.request,
            inputs: &[],
            task_id: None,
            stamp: Stamp {
                time: record.time.clone().unwrap_or_default(),
                stem: record.stem.clone(),
                template: None,
            },
            out: Path::new(""),
        };
        let mut json = sidecar::for_picture(&request, record.request_id.as_deref(), image);
        json["id"] = record.id.as_str().into();
        if self.target.address.is_sandbox() {
            json["sandbox"] = true.into();
        }
        let mut text = serde_json::to_vec_pretty(&json)?;
        text.push(b'\n');
        Ok(text)
    }

    /// The name of a picture of this job; `copy` counts from 1.
    pub fn file_name(&self, copy: u64, ending: &str) -> String {
        match copy {
            1 => format!("{}.{ending}", self.record.stem),
            _ => format!("{}-{copy}.{ending}", self.record.stem),
        }
    }
}
