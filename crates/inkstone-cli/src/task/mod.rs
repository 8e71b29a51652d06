//! `inkstone task`: what became of DashScope's tasks, in this process or another.

pub mod submit;
pub mod ticket;
pub mod wait;

use std::time::SystemTime;

use inkstone::dashscope::task_query;
use inkstone::{Client, Endpoint as _, Error, Image, Stage, Task, TaskFilter, TaskStatus};
use serde_json::{Value, json};

use crate::address::Address;
use crate::args;
use crate::batch::names;
use crate::exit::{Failure, from_library};
use crate::files;
use crate::generate::{downloads, within};
use crate::interrupt::{Interrupt, Interrupted};
use crate::output;
use crate::progress::Progress;
use crate::runtime;
use crate::sidecar;
use crate::stamp::Stamp;
use crate::task::wait::{Wait, resumption};

pub fn run(command: &args::Task, verbose: bool) -> Result<(), Failure> {
    match command {
        args::Task::List(args) => list(args),
        args::Task::Show(args) => show(args),
        args::Task::Wait(args) => wait(args, verbose),
        args::Task::Cancel(args) => cancel(args),
    }
}

fn address(at: &args::TaskAddress) -> Result<Address, Failure> {
    let operation = task_query::Request::OPERATION;
    Address::find(operation, at.base_url.as_deref(), at.allow_http)
}

/// Asks something that is free, until it is answered or ctrl-c comes.
fn ask<T>(
    address: &Address,
    question: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> Result<T, Failure> {
    runtime::run(async {
        let client = address.client(downloads(false))?;
        match Interrupt::new().or(question(client)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(unanswered(&error, address)),
            Err(Interrupted) => Err(interrupted()),
        }
    })
}

fn interrupted() -> Failure {
    Failure::new(
        crate::exit::Code::Interrupted,
        "interrupted before the API answered",
    )
}

/// Nothing was to be made here, so nothing can have been billed.
fn unanswered(error: &Error, address: &Address) -> Failure {
    let failure = from_library(error);
    let failure = Failure {
        message: address.key().hide_in(&failure.message),
        ..failure
    };
    match error.stage() {
        Stage::OutcomeUnknown | Stage::Unreadable => {
            failure.hint("asking is free: try again in a while")
        }
        _ => failure,
    }
}

fn list(args: &args::ListTasks) -> Result<(), Failure> {
    let filter = TaskFilter {
        page_no: args.page,
        page_size: args.page_size,
        start_time: args.from.clone(),
        end_time: args.until.clone(),
        model_name: args.model.clone(),
        status: args.status.as_deref().map(status),
    };
    let address = address(&args.at)?;
    let found = ask(&address, async |client| client.list(&filter).await)?;
    if args.json {
        return output::json(found.reply().json());
    }
    let tasks = found.tasks();
    if tasks.is_empty() {
        output::hint("the API lists no such task of the last 24 hours");
    }
    for task in tasks {
        let status = task
            .status
            .map_or_else(|| "?".to_owned(), |it| it.to_string());
        let model = task.model.unwrap_or_default();
        let line = format!("{}  {status:<9}  {model}", task.id);
        output::line(&output::printable(line.trim_end()))?;
    }
    Ok(())
}

/// The API's words are in capitals.
fn status(given: &str) -> TaskStatus {
    TaskStatus::new(&given.to_uppercase())
}

fn show(args: &args::ShowTask) -> Result<(), Failure> {
    let address = address(&args.at)?;
    let task = ask(&address, async |client| client.poll(&args.id).await)?;
    if args.json {
        return output::json(&shown(&task));
    }
    output::line(&output::printable(&format!(
        "{}  {}",
        task.id(),
        task.status()
    )))?;
    for image in task.images() {
        let source = sidecar::source(&image);
        let place = source["url"].as_str().unwrap_or(&image.pointer);
        output::line(&output::printable(place))?;
    }
    for failure in task.failures() {
        let failure = address.key().hide_in(&failure.to_string());
        output::line(&output::printable(&format!("not made: {failure}")))?;
    }
    Ok(())
}

fn shown(task: &Task) -> Value {
    let failures = task.failures();
    let failure = |it: &inkstone::TaskFailure| {
        json!({
            "pointer": it.pointer,
            "code": it.code,
            "message": it.message,
        })
    };
    json!({
        "task_id": task.id(),
        "status": task.status().as_str(),
        "is_over": task.status().is_final(),
        "images": task.images().iter().map(|it: &Image| sidecar::source(it)).collect::<Vec<_>>(),
        "failures": failures.iter().map(failure).collect::<Vec<_>>(),
        "request_id": task.reply().request_id(),
        "reply": task.reply().json(),
    })
}

fn wait(args: &args::WaitForTask, verbose: bool) -> Result<(), Failure> {
    let address = address(&args.at)?;
    files::prepare(&args.out).map_err(|error| {
        let out = args.out.display();
        Failure::usage(format!("no file can be made in {out}: {error}"))
            .hint("give another directory with --out")
    })?;
    let ticket = ticket::read(&args.out, &args.id).unwrap_or_default();
    let stamp = Stamp::new(
        SystemTime::now(),
        &format!("task-{}", names::stem(&args.id)),
    );
    let sent = ticket.sent(&args.id, stamp, &args.out);
    let resumption = resumption(&args.id, &args.out, &address);
    let progress = Progress::start("asking".to_owned(), verbose);
    runtime::run(async {
        let client = address.client(downloads(args.verify))?;
        let client = within(client.with_spool(args.out.clone()), args.timeout);
        let wait = Wait {
            client: &client,
            sent: &sent,
            task_id: &args.id,
            key: address.key(),
            resumption: Some(&resumption),
            as_json: args.json,
        };
        wait.run((progress, &mut Interrupt::new())).await
    })
}

fn cancel(args: &args::CancelTask) -> Result<(), Failure> {
    let address = address(&args.at)?;
    let reply = ask(&address, async |client| client.cancel(&args.id).await);
    let reply = reply.map_err(|failure| match failure.code {
        crate::exit::Code::Refused => failure.hint(
            "only a task that is PENDING can be cancelled; `inkstone task show` says how far it is",
        ),
        _ => failure,
    })?;
    match args.json {
        true => output::json(reply.json()),
        false => output::line(&format!("{}  CANCELED", args.id)),
    }
}
