//! `inkstone sandbox` and `inkstone studio`: APIs on this machine, and a page about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use apifox_document::api::Api;
use apifox_document::diagnostics::grouped;
use apifox_document::{Diagnostics, Document, Severity, forms};
use inkstone_sandbox::{Builder, JournalEntry};

use tr::tr;

use crate::args::sandbox::{SandboxArgs, SandboxServeArgs, StudioArgs};
use crate::client::interrupt::Interrupt;
use crate::client::local_sandbox;
use crate::client::runtime;
use crate::commands::schema;
use crate::commands::schema::rust::refused;
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::output::files;
use crate::request::given_document;
use crate::studio::Studio;

pub fn run(args: &SandboxArgs) -> Result<(), CliError> {
    serve(&args.serve, None, |_, url| {
        console::line(url)?;
        console::hint(&tr!("open {url} in a browser, or send requests:", url));
        console::hint(&format!(
            "INKSTONE_API_KEY=any inkstone generate --base-url {url} \"a cat\""
        ));
        Ok(())
    })
}

pub fn studio(args: &StudioArgs) -> Result<(), CliError> {
    // Fail now, and not after a picture was paid for.
    files::prepare_out(&args.out)?;
    serve(&args.serve, Some(args.out.clone()), |studio, url| {
        let address = studio.address(url);
        console::line(&address)?;
        if args.no_open || !opens(studio, url) {
            console::hint(&tr!("open {url} in a browser", url = address));
        }
        Ok(())
    })
}

/// Whether a browser opens the page. All users of the machine see what a program was started with: a
/// file that only the owner can read leads the browser to the address.
fn opens(studio: &Studio, url: &str) -> bool {
    // Here is no browser that the user sees, and arguments of programs are seen by everybody.
    if std::env::var_os("SSH_CONNECTION").is_some_and(|value| !value.is_empty()) {
        return false;
    }
    let link = studio.link(url);
    let is_open = link.is_some_and(|link| open::that_detached(link).is_ok());
    if !is_open {
        studio.unlink();
    }
    is_open
}

fn serve(
    args: &SandboxServeArgs,
    out: Option<PathBuf>,
    started: impl Fn(&Studio, &str) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let documents = documents(args)?;
    let names = documents
        .iter()
        .map(|document| document.file.clone())
        .collect();
    let studio = Studio::new(out, names);
    let studio =
        studio.map_err(|error| CliError::usage(tr!("no room for pictures: {error}", error)))?;
    let studio = Arc::new(studio);
    runtime::run(async {
        let mut builder = builder(args)?.tiny(args.tiny).seed(args.seed);
        builder = documents
            .into_iter()
            .fold(builder, |builder, one| builder.mock(one));
        builder = builder.pages(studio.clone());
        if !args.quiet {
            builder = builder.access_log(|entry| console::progress(&logged(entry)));
        }
        if let Some(file) = &args.script {
            builder = builder.script(input::json(file, &input::bytes(file)?)?);
        }
        for (name, key) in &args.region {
            builder = builder.region(name, key);
        }
        let sandbox = local_sandbox::begin(builder).await?;
        let url = sandbox.url().to_owned();
        // A signal that comes while the browser is started leaves no file behind.
        let mut interrupt = Interrupt::new();
        started(&studio, &url)?;
        let stopped = async {
            interrupt.wait().await;
            interrupt.rearm();
            // Pages go on asking meanwhile what becomes of their orders.
            studio.settle(&mut interrupt).await;
        };
        let ended = tokio::select! {
            () = stopped => Ok(()),
            ended = sandbox.wait() => ended
                .map_err(|error| CliError::usage(tr!("the sandbox ended: {error}", error))),
        };
        studio.unlink();
        ended
    })
}

/// The sandbox's own documents; or, where an operation is named, only that one, which makes
/// pictures as theirs do.
fn builder(args: &SandboxServeArgs) -> Result<Builder, CliError> {
    match (args.operation.as_deref(), args.document.as_slice()) {
        (None, _) => Ok(local_sandbox::builder(args.port)),
        (name, [file]) => {
            given_document::load(file, name)?;
            let documents = given_document::documents();
            Ok(local_sandbox::for_documents(args.port, documents))
        }
        _ => Err(CliError::usage(tr!(
            "--operation is for a single --document"
        ))),
    }
}

/// The documents to answer for.
fn documents(args: &SandboxServeArgs) -> Result<Vec<Document>, CliError> {
    if args.operation.is_some() {
        return Ok(Vec::new());
    }
    args.document.iter().map(|path| document(path)).collect()
}

/// A document to answer for, and how much of it there is.
fn document(path: &Path) -> Result<Document, CliError> {
    let name = input::name(path);
    let document = schema::read(path)?;
    let api = described(&document).map_err(|problems| refused(&name, &problems))?;
    // What is skipped is neither checked nor answered.
    console::problems(&grouped(api.all_skipped(&document)), Severity::Warning);
    let count = api.operations.len();
    console::progress(&tr!(
        "{name}: {n} operation" | "{name}: {n} operations" % count,
        name
    ));
    Ok(document)
}

/// What a document describes, if that is an operation.
fn described(document: &Document) -> Result<Api, Diagnostics> {
    let api = forms::read(document, false).map_err(|problems| problems.at(&document.texts))?;
    match api.operations.is_empty() {
        true => Err(api.no_operation(document)),
        false => Ok(api),
    }
}

/// A request in a line.
fn logged(entry: &JournalEntry) -> String {
    let notes = [
        entry.model.clone(),
        entry.submitted.then(|| tr!("submitted")),
        entry.step.map(|step| tr!("step {step}", step)),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    let line = format!(
        "{} {} {} {}",
        entry.status,
        entry.method,
        entry.path,
        notes.join(", ")
    );
    console::printable(line.trim_end())
}
