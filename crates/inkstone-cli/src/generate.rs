//! `inkstone generate`: from flags to pictures.

use std::time::{Duration, SystemTime};

use inkstone::{Client, Downloads, Operation, Verify};

use crate::address::{Address, Secret};
use crate::args::Generate;
use crate::body;
use crate::choose;
use crate::deliver::deliver;
use crate::document;
use crate::exit::{Code, Failure, from_library};
use crate::files;
use crate::interrupt::{Interrupt, Interrupted};
use crate::output;
use crate::progress::Progress;
use crate::runtime;
use crate::sandbox;
use crate::save;
use crate::sent::Sent;
use crate::stamp::Stamp;
use crate::task::submit;
use crate::verdict::Verdict;

pub fn run(args: &Generate, verbose: bool) -> Result<(), Failure> {
    let (operation, model) = choose::by_flags(args)?;
    let body = body::build(operation, &model, args)?;
    let document = format!("{}/{}", operation.api, operation.name);
    Verdict::of(operation, &body.json).conclude(&document, Some(&body))?;
    if args.dry_run {
        return output::json(&body.json);
    }
    let address = match args.sandbox {
        true => None,
        false => Some(Address::find(
            operation,
            args.base_url.as_deref(),
            args.allow_http,
        )?),
    };
    // Better now than when a picture is paid for.
    files::prepare(&args.out).map_err(|error| {
        let out = args.out.display();
        Failure::usage(format!(
            "no file can be made in {out}: {error}; nothing was sent"
        ))
        .hint("give another directory with --out")
    })?;
    let sent = Sent {
        api: operation.api,
        document: Some(operation.name),
        model: Some(&model),
        body: &body.json,
        task_id: None,
        stamp: Stamp::new(SystemTime::now(), &model),
        out: &args.out,
    };
    let progress = Progress::start(format!("waiting for {model}"), verbose);
    runtime::run(call(operation, sent, address, args, progress))
}

async fn call(
    operation: &Operation,
    sent: Sent<'_>,
    address: Option<Address>,
    args: &Generate,
    progress: Progress,
) -> Result<(), Failure> {
    let mut interrupt = Interrupt::new();
    // It serves until it is dropped, when the pictures are here.
    let sandbox = match address {
        Some(_) => None,
        None => Some(sandbox::start(0).await?),
    };
    let url = sandbox.as_ref().map(|it| it.url()).unwrap_or_default();
    let address = address.unwrap_or_else(|| Address::of_sandbox(url));
    // On the disk that they are to be on in the end.
    let client = address
        .client(downloads(args.verify))?
        .with_spool(sent.out.to_owned());
    let client = within(client, args.timeout);
    if args.asynchronous {
        let way = (progress, &mut interrupt);
        return submit::run(&client, operation, sent, &address, args, way).await;
    }
    let request = document::request(operation, sent.body);
    let sending = client.send_json(operation, &request);
    let reply = match interrupt.or(sending).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => {
            drop(progress);
            return Err(refused(&sent, &error, address.key()));
        }
        Err(Interrupted) => return Err(interrupted()),
    };
    let way = (progress, &mut interrupt);
    deliver(&client, &sent, &reply, Vec::new(), args.json, way).await
}

/// `client`, for as long as the flags say.
pub fn within(client: Client, timeout: Option<Duration>) -> Client {
    match timeout {
        Some(limit) => client.with_deadline(limit),
        None => client,
    }
}

/// How pictures are fetched.
pub fn downloads(verify: bool) -> Downloads {
    Downloads::new().verify(match verify {
        true => Verify::Decode,
        false => Verify::Structure,
    })
}

pub fn refused(sent: &Sent<'_>, error: &inkstone::Error, key: &Secret) -> Failure {
    let mut failure = from_library(error);
    failure.message = key.hide_in(&failure.message);
    failure.details.extend(save::keep_reply(sent, error));
    failure
}

pub fn interrupted() -> Failure {
    let message = "interrupted before the reply came";
    Failure::new(Code::Interrupted, message)
        .hint("a request that was sent already may still be carried out and billed")
}
