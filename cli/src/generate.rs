//! `inkstone generate`: from flags to pictures.

use std::path::Path;
use std::time::SystemTime;

use inkstone::{Downloads, Operation, Reply, Verify};
use serde_json::Value;

use crate::address::{Address, Secret};
use crate::args::Generate;
use crate::body;
use crate::choose;
use crate::exit::{Code, Failure, from_library};
use crate::files;
use crate::interrupt::{Interrupt, Interrupted};
use crate::output;
use crate::progress::Progress;
use crate::runtime;
use crate::sandbox;
use crate::save;
use crate::stamp::Stamp;
use crate::verdict::Verdict;

/// A request on its way, and where what comes of it goes.
pub struct Sent<'a> {
    pub operation: &'static Operation,
    pub model: &'a str,
    pub body: &'a Value,
    pub stamp: Stamp,
    pub out: &'a Path,
}

pub fn run(args: &Generate, verbose: bool) -> Result<(), Failure> {
    let (operation, model) = choose::by_flags(args.api, args.model.as_deref())?;
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
        operation,
        model: &model,
        body: &body.json,
        stamp: Stamp::new(SystemTime::now(), &model),
        out: &args.out,
    };
    let progress = Progress::start(format!("waiting for {model}"), verbose);
    runtime::run(call(&sent, address, args, progress))
}

async fn call(
    sent: &Sent<'_>,
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
        .client(downloads(args))?
        .with_spool(sent.out.to_owned());
    let sending = client.send_json(sent.operation, sent.body);
    let reply = match interrupt.or(sending).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => {
            drop(progress);
            return Err(refused(sent, &error, address.key()));
        }
        Err(Interrupted) => return Err(interrupted()),
    };
    let images = reply.images();
    if images.is_empty() {
        drop(progress);
        warn_of_deviations(&reply);
        return Err(save::nothing(sent, &reply));
    }
    let mut outcome = save::pictures(&client, sent, images, &progress, &mut interrupt).await;
    drop(progress);
    warn_of_deviations(&reply);
    outcome.write_sidecars(sent, reply.request_id());
    outcome.keep(sent, &reply);
    outcome.print(sent, &reply, args.json)?;
    outcome.conclude()
}

fn downloads(args: &Generate) -> Downloads {
    Downloads::new().verify(match args.verify {
        true => Verify::Decode,
        false => Verify::Structure,
    })
}

fn refused(sent: &Sent<'_>, error: &inkstone::Error, key: &Secret) -> Failure {
    let mut failure = from_library(error);
    failure.message = key.hide_in(&failure.message);
    failure.details.extend(save::keep_reply(sent, error));
    failure
}

fn interrupted() -> Failure {
    let message = "interrupted before the reply came";
    Failure::new(Code::Interrupted, message)
        .hint("a request that was sent already may still be carried out and billed")
}

fn warn_of_deviations(reply: &Reply<Value>) {
    for it in reply.deviations() {
        output::warning(&format!("the reply deviates from its document: {it}"));
    }
}
