//! Waits for a task and saves its pictures; if that fails, says how to continue.

use inkstone::{Client, Error, Outcome, Stage};

use tr::tr;

use crate::args::preview::Presentation;
use crate::client::call_error;
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::client::progress::Progress;
use crate::client::secret::Secret;
use crate::error::{CliError, Code};
use crate::output::deliver::deliver;
use crate::output::kept_reply;
use crate::output::request_context::RequestContext;
use crate::output::task_ticket;

/// A wait for a task.
pub struct Wait<'a> {
    pub client: &'a Client,
    pub request: &'a RequestContext<'a>,
    pub task_id: &'a str,
    pub key: &'a Secret,
    /// The command that waits again; none for a task of a sandbox.
    pub resume_command: Option<&'a str>,
    pub presentation: Presentation,
}

impl Wait<'_> {
    pub async fn run(
        &self,
        (progress, interrupt): (Progress, &mut Interrupt),
    ) -> Result<(), CliError> {
        progress.say(tr!("waiting for the task {id}", id = self.task_id));
        let waited = interrupt.or(self.client.wait(self.task_id)).await;
        let task = match waited {
            Ok(Ok(task)) => task,
            Ok(Err(error)) => {
                drop(progress);
                return Err(self.unfinished(&error));
            }
            Err(Interrupted) => return Err(self.interrupted()),
        };
        let outcome = task.outcome();
        let reply = match task.into_pictures() {
            Ok(reply) => reply,
            Err(error) => {
                drop(progress);
                return Err(self.without_pictures(outcome, &error));
            }
        };
        let (client, request) = (self.client, self.request);
        let terminal = (progress, interrupt);
        deliver(client, request, &reply, self.presentation, terminal).await
    }

    fn interrupted(&self) -> CliError {
        let message = tr!(
            "interrupted while waiting for the task {id}",
            id = self.task_id
        );
        self.with_resume_hint(CliError::interrupted(message), true)
    }

    /// The error of a wait that ended before the task did.
    fn unfinished(&self, error: &Error) -> CliError {
        let mut failed = call_error::without_key(error, self.key);
        if !matches!(
            error.stage(),
            Stage::Configuration | Stage::Invalid | Stage::Account
        ) {
            // The query failed, but the task is still running.
            failed.code = Code::OutcomeUnknown;
        }
        self.with_resume_hint(failed, error.stage() != Stage::NotSent)
    }

    /// The same with what to do next; `is_known` says that there is such a task, as far as is told.
    fn with_resume_hint(&self, failed: CliError, is_known: bool) -> CliError {
        match self.resume_command {
            Some(command) if is_known => failed.hint(tr!(
                "the task is still running, and its pictures are kept for a day: {command}",
                command
            )),
            Some(command) => failed.hint(tr!(
                "the task goes on, if it was submitted, and its pictures are kept for a day: {command}",
                command
            )),
            None => failed.hint(tr!("the sandbox has ended, and the task with it")),
        }
    }

    /// The error of a task that ended without pictures.
    fn without_pictures(&self, outcome: Option<Outcome>, error: &Error) -> CliError {
        let failed = match outcome {
            // The reply about an unknown task holds nothing worth keeping.
            Some(Outcome::Unknown) => call_error::without_key(error, self.key),
            _ => kept_reply::call_failed(self.request, error, self.key),
        };
        if !error.may_have_been_billed() {
            task_ticket::remove(self.request.out, self.task_id);
        }
        match outcome {
            Some(Outcome::Canceled) => failed.hint(tr!("nothing was made or billed")),
            _ => failed,
        }
    }
}
