//! Requests on their way: sends one or submits it as a task, whose id is noted, and saves the
//! pictures.

use std::path::Path;

use inkstone::{Client, Error, Operation, StopSignal};
use serde_json::{Value, json};

use tr::tr;

use crate::args::generate::GenerateArgs;
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::interrupt::Interrupt;
use crate::client::outcome::{self, Outcome};
use crate::client::progress::Progress;
use crate::console;
use crate::error::CliError;
use crate::output::arrived::Arrived;
use crate::output::deliver::deliver;
use crate::output::kept_reply;
use crate::output::request_context::RequestContext;
use crate::output::task_ticket;
use crate::request::document;
use crate::request::given_document;
use crate::task::resume_command::resume_command;
use crate::task::wait::Wait;

/// A request on its way, and what it is sent with.
pub struct Call<'a> {
    pub client: Client,
    /// Has the client end where nothing is under way.
    pub stop: StopSignal,
    pub operation: &'a Operation,
    /// The request as it is sent: with what was uploaded for it.
    pub body: &'a Value,
    pub address: &'a Address,
    pub args: &'a GenerateArgs,
    pub progress: Progress,
    pub interrupt: &'a mut Interrupt,
}

impl Call<'_> {
    /// Sends the request, and saves the pictures of the reply.
    pub async fn send(self, request: RequestContext<'_>) -> Result<(), CliError> {
        let json = document::request(self.operation, self.body);
        let sending = self.client.send_json(self.operation, &json);
        let Ok(sent) = self.interrupt.or_settled(&self.stop, sending).await else {
            return Err(call_error::interrupted());
        };
        let has_tasks = given_document::has_tasks(self.operation.api);
        match sent {
            Ok(reply) => match outcome::of_reply(&reply, has_tasks) {
                Outcome::Task(task_id) => self.follow(request, &task_id, reply.request_id()).await,
                _ => self.deliver(&request, &reply).await,
            },
            Err(error) => self.failed(request, &error).await,
        }
    }

    /// Submits the request as a task, and waits for it.
    pub async fn submit(self, request: RequestContext<'_>) -> Result<(), CliError> {
        let submitting = self.client.submit_json(self.operation, self.body);
        let Ok(submitted) = self.interrupt.or_settled(&self.stop, submitting).await else {
            return Err(call_error::interrupted());
        };
        match submitted {
            // The limit on running tasks counts the task until this is dropped.
            Ok(submission) => {
                let request_id = submission.reply().request_id();
                self.follow(request, submission.task_id(), request_id).await
            }
            Err(error) => self.failed(request, &error).await,
        }
    }

    /// What came of a request whose call failed: pictures, a task that goes on, or neither.
    async fn failed(self, request: RequestContext<'_>, error: &Error) -> Result<(), CliError> {
        match outcome::of_error(error) {
            Outcome::Pictures(_) => self.deliver(&request, error).await,
            // The reply is not whole, and says which task it is.
            Outcome::Task(task_id) => self.follow(request, &task_id, error.request_id()).await,
            _ => {
                drop(self.progress);
                let key = self.address.key();
                Err(kept_reply::unsuccessful(
                    &request,
                    error,
                    key,
                    self.interrupt,
                ))
            }
        }
    }

    async fn deliver(
        self,
        request: &RequestContext<'_>,
        arrived: &impl Arrived,
    ) -> Result<(), CliError> {
        let terminal = (self.progress, self.interrupt);
        deliver(
            &self.client,
            request,
            arrived,
            self.args.presentation,
            terminal,
        )
        .await
    }

    /// Notes a task that is running, and waits for it.
    async fn follow(
        self,
        request: RequestContext<'_>,
        task_id: &str,
        request_id: Option<&str>,
    ) -> Result<(), CliError> {
        let (args, address) = (self.args, self.address);
        let request = RequestContext {
            task_id: Some(task_id),
            ..request
        };
        let document = args.request.document.as_deref();
        let note = || note_task(&request, task_id, address, document);
        let resume_command = (!args.sandbox).then(note);
        if args.no_wait {
            drop(self.progress);
            print_id(&request, request_id, args.presentation.json)?;
            hint_at_pictures(resume_command.as_deref());
            return Ok(());
        }
        let wait = Wait {
            client: &self.client,
            request: &request,
            task_id,
            key: address.key(),
            resume_command: resume_command.as_deref(),
            presentation: args.presentation,
        };
        wait.run((self.progress, self.interrupt)).await
    }
}

/// Notes the task on disk; returns the command that waits for it.
fn note_task(
    request: &RequestContext<'_>,
    task_id: &str,
    address: &Address,
    document: Option<&Path>,
) -> String {
    if let Err(error) = task_ticket::write(request, task_id, address.base()) {
        console::warning(&tr!(
            "the task can't be noted in {out}: {error}; its id is {task_id}",
            out = request.out.display(),
            error,
            task_id
        ));
    }
    resume_command(task_id, (request.api, document), request.out, Some(address))
}

/// Prints the id of a task for `--no-wait`.
fn print_id(
    request: &RequestContext<'_>,
    request_id: Option<&str>,
    as_json: bool,
) -> Result<(), CliError> {
    match as_json {
        true => console::json(&json!({
            "task_id": request.task_id,
            "request_id": request_id,
            "model": request.model,
            "api": request.api,
            "time": request.stamp.time,
        })),
        false => console::line(request.task_id.unwrap_or_default()),
    }
}

fn hint_at_pictures(resume_command: Option<&str>) {
    if let Some(command) = resume_command {
        console::hint(&tr!("its pictures are kept for a day: {command}", command));
    }
}
