//! `inkstone generate`: from flags to pictures.

use std::time::SystemTime;

use inkstone::{Operation, StopSignal, answers_with_task};
use inkstone_sandbox::Sandbox;
use tr::tr;

use crate::args::generate::GenerateArgs;
use crate::args::request::RequestArgs;
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::client_setup::{downloads, with_timeout};
use crate::client::interrupt::Interrupt;
use crate::client::local_sandbox;
use crate::client::progress::Progress;
use crate::client::retry_notice::RetryNotice;
use crate::client::runtime;
use crate::console;
use crate::error::{CliError, Code};
use crate::output::files;
use crate::output::input;
use crate::output::kept_reply;
use crate::output::names::stamp::Stamp;
use crate::output::request_context::RequestContext;
use crate::output::save_pictures;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;
use crate::request::body::{self, Body};
use crate::request::choose_operation;
use crate::request::document;
use crate::request::given_document;
use crate::request::remake;
use crate::request::upload;
use crate::request::verdict::Verdict;
use crate::task::submit::Call;

pub fn run(args: &GenerateArgs, verbose: bool) -> Result<(), CliError> {
    let wanted = remake::complete(&args.request)?;
    let (operation, model) = choose_operation::by_flags(&wanted, args.asynchronous)?;
    let body = checked(operation, &model, &wanted)
        .map_err(|error| with_other_api(error, operation, &model, &wanted))?;
    let uploads = upload::check(operation, &body.json, args.upload)?;
    if args.dry_run {
        if !args.sandbox {
            Address::check(operation, &args.address)?;
        }
        console::json(&body.json)?;
        if uploads > 0 {
            console::progress(&tr!("uploaded before that is sent: {n} picture"
                | "uploaded before that is sent: {n} pictures" % uploads));
        }
        let prices = Prices::load(None)?;
        let quote = Quote::at(&prices, operation, &model, &body.json, Some(&args.address));
        quote
            .lines()
            .iter()
            .for_each(|line| console::progress(line));
        return Ok(());
    }
    let address = match args.sandbox {
        true => None,
        false => Some(Address::find(operation, &args.address)?),
    };
    let subject = if model.is_empty() {
        operation.name
    } else {
        &model
    };
    // Fail now, and not after a picture was paid for.
    let out = match &args.name {
        Some(name) => name.directory(&args.out),
        None => args.out.clone(),
    };
    files::prepare_out(&out)?;
    let request = RequestContext {
        api: operation.api,
        document: Some(operation.name),
        model: Some(&model),
        body: &body.json,
        inputs: &body.inputs,
        task_id: None,
        stamp: Stamp {
            template: args.name.clone(),
            ..Stamp::new(SystemTime::now(), subject)
        },
        out: &out,
    };
    save_pictures::check_names(&request)?;
    let progress = Progress::start(tr!("waiting for {subject}", subject), verbose);
    runtime::run(send(operation, request, address, args, progress))
}

/// The body that the flags ask for, which the document accepts.
fn checked(operation: &Operation, model: &str, wanted: &RequestArgs) -> Result<Body, CliError> {
    let body = body::build(operation, model, wanted)?;
    let document = document::title(operation);
    Verdict::check(operation, &body.json).conclude(&document, Some(&body))?;
    Ok(body)
}

/// A refusal, and the API that would have taken the request, where the model has one.
fn with_other_api(
    error: CliError,
    refusing: &Operation,
    model: &str,
    wanted: &RequestArgs,
) -> CliError {
    let named = wanted.model.as_deref().map(choose_operation::split_name);
    let has_api = wanted.api.is_some() || named.is_some_and(|(api, _)| api.is_some());
    let is_chosen = has_api || wanted.document.is_some();
    if error.code != Code::Invalid || is_chosen || !is_limited_by(refusing, model, wanted) {
        return error;
    }
    let takes_it = |other: &&&'static Operation| {
        let is_alike = answers_with_task(other) == answers_with_task(refusing);
        let body = || body::build(other, model, wanted).ok();
        let is_valid = |body: Body| Verdict::check(other, &body.json).violations.is_empty();
        other.api != refusing.api && is_alike && body().is_some_and(is_valid)
    };
    let others = choose_operation::candidates(None, model);
    match others.iter().find(takes_it) {
        Some(other) => error.hint(tr!("{api} takes it: use --api {api}", api = other.api)),
        None => error,
    }
}

/// Whether what the document refuses is all given by flags that each API has limits for: another
/// that takes anything for a prompt, or any further field, is no better for it.
fn is_limited_by(refusing: &Operation, model: &str, wanted: &RequestArgs) -> bool {
    let Ok(body) = body::build(refusing, model, wanted) else {
        // Such as pictures for a document that takes none.
        return true;
    };
    let verdict = Verdict::check(refusing, &body.json);
    verdict.violations.iter().all(|violation| {
        let flag = body.flag(&violation.pointer).unwrap_or("--set");
        flag != "PROMPT" && !flag.starts_with("--set")
    })
}

/// A sandbox with the document that was given, or with all of this program.
async fn sandbox_of_documents() -> Result<Sandbox, CliError> {
    match given_document::documents() {
        none if none.is_empty() => local_sandbox::start().await,
        given => local_sandbox::begin(local_sandbox::for_documents(0, given)).await,
    }
}

/// Sends the request, to a sandbox where there is no address, and saves the pictures.
async fn send(
    operation: &Operation,
    request: RequestContext<'_>,
    address: Option<Address>,
    args: &GenerateArgs,
    progress: Progress,
) -> Result<(), CliError> {
    let mut interrupt = Interrupt::new();
    // It serves until it is dropped, after the pictures are saved.
    let (_sandbox, address) = match address {
        Some(address) => (None, address),
        None => {
            let sandbox = sandbox_of_documents().await?;
            let address = Address::for_sandbox(sandbox.url());
            (Some(sandbox), address)
        }
    };
    // Spooled to the directory of the pictures: a file can then be moved into place.
    let client = address.client(downloads(args.verify)?)?;
    let client = with_timeout(client.with_spool(request.out.to_owned()), args.timeout);
    let stop = StopSignal::new();
    let client = client.with_stop(stop.clone());
    let client = client.with_hook(RetryNotice::new(progress.bar(), None));
    let client = given_document::with_tasks_of(&client, operation);
    // Whoever makes the picture again has the files, and what is uploaded is soon gone.
    let mut body = request.body.clone();
    if let Some(longest) = upload::longest_kept(operation, &body, args.upload) {
        let model = request.model.unwrap_or_default();
        let uploading = client.upload_all(&mut body, model, longest);
        let Ok(uploaded) = interrupt.or(uploading).await else {
            return Err(call_error::interrupted());
        };
        uploaded.map_err(|error| {
            kept_reply::unsuccessful(&request, &error, address.key(), &interrupt)
        })?;
    }
    let kept = input::with_uploads(request.body, &body, request.inputs);
    let request = RequestContext {
        body: &kept,
        ..request
    };
    let has_tasks = given_document::has_tasks(operation.api);
    let call = Call {
        client,
        stop,
        operation,
        body: &body,
        address: &address,
        args,
        progress,
        interrupt: &mut interrupt,
    };
    match args.asynchronous || has_tasks && answers_with_task(operation) {
        true => call.submit(request).await,
        false => call.send(request).await,
    }
}
