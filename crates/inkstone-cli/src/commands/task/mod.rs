//! `inkstone task`: lists, shows, waits for and cancels tasks.

use std::path::Path;
use std::time::SystemTime;

use inkstone::{Task, TaskFailure};
use serde_json::{Value, json};
use tr::tr;

use crate::args::api::Api;
use crate::args::task::{CancelArgs, ShowArgs, TaskCommand, WaitArgs};
use crate::client::client_setup::with_timeout;
use crate::client::interrupt::Interrupt;
use crate::client::progress::Progress;
use crate::client::runtime;
use crate::commands::task::task_api::{TaskApi, call};
use crate::console;
use crate::error::{CliError, Code, worst};
use crate::input;
use crate::output::files;
use crate::output::names::safe_stem;
use crate::output::names::stamp::Stamp;
use crate::output::sidecar;
use crate::output::task_ticket::{self, Damaged};
use crate::task::resume_command::resume_command;
use crate::task::wait::Wait;

mod list;
mod task_api;

pub fn run(command: &TaskCommand, verbose: bool) -> Result<(), CliError> {
    match command {
        TaskCommand::List(args) => list::run(args),
        TaskCommand::Show(args) => show(args),
        TaskCommand::Wait(args) => wait(args, verbose),
        TaskCommand::Cancel(args) => cancel(args),
    }
}

fn show(args: &ShowArgs) -> Result<(), CliError> {
    let api = args.api.map(Api::name);
    let target = TaskApi::of_document(&args.submitted, api, &args.place)?;
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
    if noted.tasks.is_empty() && noted.damaged.is_empty() {
        let out = args.out.display();
        return Err(
            CliError::usage(tr!("no task is noted in {out}", out)).hint(tr!(
                "give the id of a task, or the directory that it was submitted with: --out"
            )),
        );
    }
    let mut failures = Vec::new();
    for id in noted.tasks {
        let before = console::printed();
        let Err(error) = wait_for(&id, args, verbose) else {
            continue;
        };
        if args.presentation.json {
            console::failure(&error, before);
        }
        let is_interrupted = error.code == Code::Interrupted;
        failures.push(error);
        if is_interrupted {
            break;
        }
    }
    for note in &noted.damaged {
        let error = damaged(note, &args.out);
        if args.presentation.json {
            console::failure(&error, console::printed());
        }
        failures.push(error);
    }
    all(failures).map_or(Ok(()), Err)
}

/// All failures as one, with the worst of their codes.
fn all(failures: Vec<CliError>) -> Option<CliError> {
    let codes: Vec<_> = failures.iter().map(|error| error.code).collect();
    let both = |first: CliError, error: CliError| {
        let hint = error.hint.clone();
        let mut both = first.and(error);
        both.details.extend(hint);
        both
    };
    let mut all = failures.into_iter().reduce(both)?;
    all.code = worst(&codes).unwrap_or(all.code);
    Some(all)
}

/// The error of a task of which the id is all that is known.
fn damaged(note: &Damaged, out: &Path) -> CliError {
    let command = resume_command(&note.task_id, (Api::USUAL_FOR_TASKS, None), out, None);
    CliError::usage(tr!(
        "{path} is damaged: the task {id} was submitted, and its pictures may be had within a day",
        path = note.path.display(),
        id = note.task_id
    ))
    .hint(tr!(
        "{command}; with --api, where it was not submitted to DashScope",
        command
    ))
}

fn wait_for(id: &str, args: &WaitArgs, verbose: bool) -> Result<(), CliError> {
    let ticket = task_ticket::read(&args.out, id).unwrap_or_else(|damaged| {
        console::warning(&tr!(
            "{path} is damaged: what the task was submitted with is not known",
            path = damaged.path.display()
        ));
        None
    });
    let ticket = ticket.unwrap_or_default();
    let api = args.api.map(Api::name).or(ticket.api());
    let target = TaskApi::of_document(&args.submitted, api, &args.place)?;
    files::prepare_out(&args.out)?;
    let name = format!("task-{}", safe_stem::stem(id));
    let stamp = Stamp::new(SystemTime::now(), &name);
    let api = target.operation.api;
    let request = ticket.request(id, api, stamp, &args.out);
    let from = (api, args.submitted.document.as_deref());
    let resume_command = resume_command(id, from, &args.out, Some(&target.address));
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
            presentation: args.presentation,
        };
        wait.run((progress, &mut Interrupt::new())).await
    })
}

fn cancel(args: &CancelArgs) -> Result<(), CliError> {
    let target = TaskApi::find(args.api.map(Api::name), &args.place)?;
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
