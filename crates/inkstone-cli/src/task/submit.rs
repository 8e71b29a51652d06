//! Requests that become tasks: submits one, notes its id, and waits for it.

use std::path::Path;

use inkstone::{Client, Error, Operation, StopSignal};
use serde_json::json;

use tr::tr;

use crate::args::generate::GenerateArgs;
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::interrupt::Interrupt;
use crate::client::outcome::{self, Outcome};
use crate::client::progress::Progress;
use crate::console;
use crate::error::CliError;
use crate::output::deliver::deliver;
use crate::output::kept_reply;
use crate::output::request_context::RequestContext;
use crate::output::task_ticket;
use crate::task::resume_command::resume_command;
use crate::task::wait::Wait;

/// A task that is running.
pub struct Running {
    pub task_id: String,
    pub request_id: Option<String>,
}

pub async fn run(
    (client, stop): (&Client, &StopSignal),
    operation: &Operation,
    request: RequestContext<'_>,
    address: &Address,
    args: &GenerateArgs,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), CliError> {
    let submitting = client.submit_json(operation, request.body);
    // The limit on running tasks counts the task until this is dropped.
    let Ok(submitted) = interrupt.or_settled(stop, submitting).await else {
        return Err(call_error::interrupted());
    };
    let terminal = (progress, interrupt);
    let submission = match submitted {
        Ok(submission) => submission,
        Err(error) => return failed(client, request, &error, address, args, terminal).await,
    };
    let running = Running {
        task_id: submission.task_id().to_owned(),
        request_id: submission.reply().request_id().map(str::to_owned),
    };
    follow(client, request, &running, address, args, terminal).await
}

/// What came of a request whose call failed: pictures, a task that goes on, or neither.
pub async fn failed(
    client: &Client,
    request: RequestContext<'_>,
    error: &Error,
    address: &Address,
    args: &GenerateArgs,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), CliError> {
    match outcome::of_error(error) {
        Outcome::Pictures(_) => {
            let terminal = (progress, interrupt);
            deliver(client, &request, error, args.presentation(), terminal).await
        }
        // The reply is not whole, and says which task it is.
        Outcome::Task(task_id) => {
            let running = Running {
                task_id,
                request_id: error.request_id().map(str::to_owned),
            };
            let terminal = (progress, interrupt);
            follow(client, request, &running, address, args, terminal).await
        }
        _ => {
            drop(progress);
            let key = address.key();
            Err(kept_reply::unsuccessful(&request, error, key, interrupt))
        }
    }
}

/// Notes a task that is running, and waits for it.
pub async fn follow(
    client: &Client,
    request: RequestContext<'_>,
    running: &Running,
    address: &Address,
    args: &GenerateArgs,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), CliError> {
    let task_id = running.task_id.as_str();
    let request = RequestContext {
        task_id: Some(task_id),
        ..request
    };
    let resume_command = match args.sandbox {
        true => None,
        false => Some(note_task(
            &request,
            task_id,
            address,
            args.request.document.as_deref(),
        )),
    };
    if args.no_wait {
        drop(progress);
        print_id(&request, running.request_id.as_deref(), args.json)?;
        hint_at_pictures(resume_command.as_deref());
        return Ok(());
    }
    let wait = Wait {
        client,
        request: &request,
        task_id,
        key: address.key(),
        resume_command: resume_command.as_deref(),
        presentation: args.presentation(),
    };
    wait.run((progress, interrupt)).await
}

/// Notes the task on disk; returns the command that waits for it.
fn note_task(
    request: &RequestContext<'_>,
    task_id: &str,
    address: &Address,
    document: Option<&Path>,
) -> String {
    if let Err(error) = task_ticket::write(request, task_id, address.base()) {
        console::warning(&format!(
            "the task can't be noted in {}: {error}; its id is {task_id}",
            request.out.display()
        ));
    }
    resume_command(task_id, (request.api, document), request.out, address)
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
