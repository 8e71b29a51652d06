//! `inkstone task`: lists, shows, waits for and cancels tasks.

use std::time::SystemTime;

use inkstone::{Client, Error, Operation, Stage, Task, TaskFailure, task_query};
use serde_json::{Value, json};
use tr::tr;

use crate::args::api::Api;
use crate::args::task::{CancelArgs, ShowArgs, TaskCommand, TaskPlace, WaitArgs};
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::client_setup::{downloads, with_timeout};
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::client::progress::Progress;
use crate::client::runtime;
use crate::console;
use crate::error::{CliError, Code};
use crate::input;
use crate::output::files;
use crate::output::names::safe_stem;
use crate::output::names::stamp::Stamp;
use crate::output::preview::Presentation;
use crate::output::sidecar;
use crate::output::task_ticket;
use crate::task::resume_command::resume_command;
use crate::task::wait::Wait;

mod list;

pub fn run(command: &TaskCommand, verbose: bool) -> Result<(), CliError> {
    match command {
        TaskCommand::List(args) => list::run(args),
        TaskCommand::Show(args) => show(args),
        TaskCommand::Wait(args) => wait(args, verbose),
        TaskCommand::Cancel(args) => cancel(args),
    }
}

/// An API that is asked about tasks.
pub struct Target {
    operation: &'static Operation,
    address: Address,
}

impl Target {
    /// The API with this name, or the usual one.
    pub fn find(api: Option<&str>, place: &TaskPlace) -> Result<Self, CliError> {
        let name = api.unwrap_or(Api::USUAL_FOR_TASKS);
        let operation = task_query(name).ok_or_else(|| {
            CliError::usage(tr!(
                "no document of {name} says where to ask about a task",
                name
            ))
            .hint(tr!("name another API with --api"))
        })?;
        let address = match place.sandbox {
            Some(port) => Address::for_sandbox(&format!("http://127.0.0.1:{port}")),
            None => Address::find(operation, &place.address)?,
        };
        Ok(Self { operation, address })
    }

    fn client(&self, verify: bool) -> Result<Client, CliError> {
        let client = self.address.client(downloads(verify))?;
        Ok(client.with_tasks_of(self.operation))
    }
}

/// Makes a call that is not billed, until it is answered or ctrl-c comes.
pub fn call<T>(
    target: &Target,
    call: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> Result<T, CliError> {
    runtime::run(async {
        let client = target.client(false)?;
        match Interrupt::new().or(call(client)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(unanswered(&error, &target.address)),
            Err(Interrupted) => Err(CliError::new(
                Code::Interrupted,
                tr!("interrupted before the API answered"),
            )),
        }
    })
}

/// The error of a call that is not billed, so that a bill must not be mentioned.
fn unanswered(error: &Error, address: &Address) -> CliError {
    let failed = call_error::without_key(error, address.key());
    match error.stage() {
        Stage::OutcomeUnknown | Stage::Unreadable => {
            failed.hint(tr!("this call is not billed: try again in a while"))
        }
        Stage::NotSent if address.is_local() => {
            failed.hint(tr!("start a sandbox in another terminal: inkstone sandbox"))
        }
        _ => failed,
    }
}

fn show(args: &ShowArgs) -> Result<(), CliError> {
    let target = Target::find(args.api.map(Api::name), &args.place)?;
    let task = call(&target, async |client| client.poll(&args.id).await)?;
    if args.json {
        return console::json(&task_json(&task));
    }
    let head = format!("{}  {}", task.id(), task.status());
    console::line(&console::printable(&head))?;
    for image in task.images() {
        let source = sidecar::source(&image);
        let place = source["url"].as_str().unwrap_or(&image.pointer);
        console::line(&console::printable(place))?;
    }
    for failure in task.failures() {
        let failure = target.address.key().hide_in(&failure.to_string());
        console::line(&console::printable(&tr!("not made: {failure}", failure)))?;
    }
    Ok(())
}

fn task_json(task: &Task) -> Value {
    let failure = |failure: &TaskFailure| {
        json!({
            "pointer": failure.pointer,
            "code": failure.code,
            "message": failure.message,
        })
    };
    json!({
        "task_id": task.id(),
        "status": task.status().as_str(),
        "is_over": task.status().is_final(),
        "images": task.images().iter().map(sidecar::source).collect::<Vec<_>>(),
        "failures": task.failures().iter().map(failure).collect::<Vec<_>>(),
        "request_id": task.reply().request_id(),
        "reply": task.reply().json(),
    })
}

/// Waits for one task, or for all that are noted in the directory, one after the other.
fn wait(args: &WaitArgs, verbose: bool) -> Result<(), CliError> {
    if let Some(id) = &args.id {
        return wait_for(id, args, verbose);
    }
    let noted =
        task_ticket::noted(&args.out).map_err(|error| input::unreadable(&args.out, &error))?;
    if noted.is_empty() {
        let out = args.out.display();
        return Err(
            CliError::usage(tr!("no task is noted in {out}", out)).hint(tr!(
                "give the id of a task, or the directory that it was submitted with: --out"
            )),
        );
    }
    let mut failed: Option<CliError> = None;
    for id in noted {
        let Err(error) = wait_for(&id, args, verbose) else {
            continue;
        };
        let is_interrupted = error.code == Code::Interrupted;
        failed = Some(match failed {
            None => error,
            Some(first) => joined(first, error),
        });
        if is_interrupted {
            break;
        }
    }
    failed.map_or(Ok(()), Err)
}

/// The first error, with what the other says.
fn joined(mut first: CliError, other: CliError) -> CliError {
    first.details.push(other.message);
    first.details.extend(other.details);
    first.details.extend(other.hint);
    first
}

fn wait_for(id: &str, args: &WaitArgs, verbose: bool) -> Result<(), CliError> {
    let ticket = task_ticket::read(&args.out, id).unwrap_or_default();
    let api = args.api.map(Api::name).or(ticket.api());
    let target = Target::find(api, &args.place)?;
    files::prepare_out(&args.out)?;
    let name = format!("task-{}", safe_stem::stem(id));
    let stamp = Stamp::new(SystemTime::now(), &name);
    let api = target.operation.api;
    let request = ticket.request(id, api, stamp, &args.out);
    let resume_command = resume_command(id, api, &args.out, &target.address);
    let progress = Progress::start(tr!("querying the task"), verbose);
    runtime::run(async {
        let client = target.client(args.verify)?;
        let client = with_timeout(client.with_spool(args.out.clone()), args.timeout);
        let wait = Wait {
            client: &client,
            request: &request,
            task_id: id,
            key: target.address.key(),
            resume_command: Some(&resume_command),
            presentation: Presentation {
                as_json: args.json,
                preview: args.preview,
            },
        };
        wait.run((progress, &mut Interrupt::new())).await
    })
}

fn cancel(args: &CancelArgs) -> Result<(), CliError> {
    let target = Target::find(args.api.map(Api::name), &args.place)?;
    let reply = call(&target, async |client| client.cancel(&args.id).await);
    let reply = reply.map_err(|failed| match failed.code {
        Code::Refused => failed.hint(tr!(
            "only a PENDING task can be cancelled; `inkstone task show` prints the status"
        )),
        _ => failed,
    })?;
    match args.json {
        true => console::json(reply.json()),
        false => console::line(&format!("{}  CANCELED", args.id)),
    }
}
