//! `inkstone task`: lists, shows, waits for and cancels tasks.

use std::path::Path;
use std::time::SystemTime;

use inkstone::{
    Client, Error, Operation, Stage, Task, TaskFailure, TaskFilter, TaskStatus, task_query,
};
use serde_json::{Value, json};

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::args::task::{CancelArgs, ListArgs, ShowArgs, TaskCommand, WaitArgs};
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::client_setup::{downloads, with_timeout};
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::client::progress::Progress;
use crate::client::runtime;
use crate::console;
use crate::error::{CliError, Code};
use crate::output::files;
use crate::output::safe_stem;
use crate::output::sidecar;
use crate::output::stamp::Stamp;
use crate::output::task_ticket;
use crate::request::given_document;
use crate::task::resume_command::resume_command;
use crate::task::wait::Wait;

pub fn run(command: &TaskCommand, verbose: bool) -> Result<(), CliError> {
    match command {
        TaskCommand::List(args) => list(args),
        TaskCommand::Show(args) => show(args),
        TaskCommand::Wait(args) => wait(args, verbose),
        TaskCommand::Cancel(args) => cancel(args),
    }
}

/// An API that is asked about tasks.
struct Target {
    operation: &'static Operation,
    address: Address,
}

impl Target {
    /// The API with this name, or the usual one.
    fn find(api: Option<&str>, args: &AddressArgs) -> Result<Self, CliError> {
        let name = api.unwrap_or(Api::USUAL_FOR_TASKS);
        let operation = task_query(name).ok_or_else(|| {
            CliError::usage(format!(
                "no document of {name} says where to ask about a task"
            ))
            .hint("name another API with --api, or its document with --document")
        })?;
        Ok(Self {
            address: Address::find(operation, args)?,
            operation,
        })
    }

    /// The API of a document, where one is given.
    fn of_document(
        (document, name): (Option<&Path>, Option<&str>),
        api: Option<&str>,
        args: &AddressArgs,
    ) -> Result<Self, CliError> {
        let Some(file) = document else {
            return Self::find(api, args);
        };
        let operation = given_document::load(file, name)?;
        if !given_document::has_tasks(operation.api) {
            let message = format!("{} does not say where to ask about a task", file.display());
            return Err(CliError::usage(message).hint("name an API with --api"));
        }
        Ok(Self {
            address: Address::find(operation, args)?,
            operation,
        })
    }

    fn client(&self, verify: bool) -> Result<Client, CliError> {
        let client = self.address.client(downloads(verify))?;
        Ok(given_document::with_tasks_of(&client, self.operation))
    }
}

/// Makes a call that is not billed, until it is answered or ctrl-c comes.
fn call<T>(
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
                "interrupted before the API answered",
            )),
        }
    })
}

/// The error of a call that is not billed, so that a bill must not be mentioned.
fn unanswered(error: &Error, address: &Address) -> CliError {
    let failed = call_error::without_key(error, address.key());
    match error.stage() {
        Stage::OutcomeUnknown | Stage::Unreadable => {
            failed.hint("this call is not billed: try again in a while")
        }
        _ => failed,
    }
}

fn list(args: &ListArgs) -> Result<(), CliError> {
    let filter = TaskFilter {
        page_no: args.page,
        page_size: args.page_size,
        start_time: args.from.clone(),
        end_time: args.until.clone(),
        model_name: args.model.clone(),
        status: args.status.as_deref().map(status),
    };
    let target = Target::find(args.api.map(Api::name), &args.address)?;
    let found = call(&target, async |client| client.list(&filter).await)?;
    if args.json {
        return console::json(found.reply().json());
    }
    let tasks = found.tasks();
    if tasks.is_empty() {
        console::hint("the API lists no such task of the last 24 hours");
    }
    for task in tasks {
        let status = task.status.map(|status| status.to_string());
        let status = status.unwrap_or_else(|| "?".to_owned());
        let model = task.model.unwrap_or_default();
        let line = format!("{}  {status:<9}  {model}", task.id);
        console::line(&console::printable(line.trim_end()))?;
    }
    Ok(())
}

/// A status as the API writes it: in capitals.
fn status(given: &str) -> TaskStatus {
    TaskStatus::new(&given.to_uppercase())
}

fn show(args: &ShowArgs) -> Result<(), CliError> {
    let document = (args.document.as_deref(), args.operation.as_deref());
    let target = Target::of_document(document, args.api.map(Api::name), &args.address)?;
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
        console::line(&console::printable(&format!("not made: {failure}")))?;
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

fn wait(args: &WaitArgs, verbose: bool) -> Result<(), CliError> {
    let ticket = task_ticket::read(&args.out, &args.id).unwrap_or_default();
    let document = (args.document.as_deref(), args.operation.as_deref());
    let api = args.api.map(Api::name).or(ticket.api());
    let target = Target::of_document(document, api, &args.address)?;
    files::prepare_out(&args.out)?;
    let name = format!("task-{}", safe_stem::stem(&args.id));
    let stamp = Stamp::new(SystemTime::now(), &name);
    let api = target.operation.api;
    let request = ticket.request(&args.id, api, stamp, &args.out);
    let from = (api, args.document.as_deref());
    let resume_command = resume_command(&args.id, from, &args.out, &target.address);
    let progress = Progress::start("querying the task".to_owned(), verbose);
    runtime::run(async {
        let client = target.client(args.verify)?;
        let client = with_timeout(client.with_spool(args.out.clone()), args.timeout);
        let wait = Wait {
            client: &client,
            request: &request,
            task_id: &args.id,
            key: target.address.key(),
            resume_command: Some(&resume_command),
            as_json: args.json,
        };
        wait.run((progress, &mut Interrupt::new())).await
    })
}

fn cancel(args: &CancelArgs) -> Result<(), CliError> {
    let target = Target::find(args.api.map(Api::name), &args.address)?;
    let reply = call(&target, async |client| client.cancel(&args.id).await);
    let reply = reply.map_err(|failed| match failed.code {
        Code::Refused => failed
            .hint("only a PENDING task can be cancelled; `inkstone task show` prints the status"),
        _ => failed,
    })?;
    match args.json {
        true => console::json(reply.json()),
        false => console::line(&format!("{}  CANCELED", args.id)),
    }
}
