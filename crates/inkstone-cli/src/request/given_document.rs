//! `--document`: an operation that is known only at run time, and used as the others are.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::OnceLock;

use apifox_document::{Diagnostics, Severity};
use apifox_review::{SelectedOperation, select};
use apifox_runtime::Checker;
use inkstone::{Client, Media, Node, Operation, Report, task_query};
use serde_json::Value;
use tr::tr;

use crate::console;
use crate::error::CliError;

/// The name of its API: no folder of documents has it.
pub const API: &str = "document";

/// The operation of the document that this process was given.
static GIVEN: OnceLock<SelectedOperation> = OnceLock::new();

thread_local! {
    static REQUEST: OnceCell<Option<Checker>> = const { OnceCell::new() };
    static REPLY: OnceCell<Option<Checker>> = const { OnceCell::new() };
}

/// Reads the document that a command was given, and chooses its operation.
pub fn load(file: &Path, name: Option<&str>) -> Result<&'static Operation, CliError> {
    let selected = select(file, name).map_err(|problems| {
        console::problems(&problems.0, Severity::Error);
        let message = tr!("{file} can't be used", file = file.display());
        let error = CliError::invalid(message).told(&problems);
        // `check` chooses among media types so.
        let names_media = |name: &&str| name.contains(" as ") && is_unknown(name, &problems);
        if name.as_ref().is_some_and(names_media) {
            return error.hint(tr!(
                "--operation takes no media type here: of several, JSON is sent; leave \"as …\" out"
            ));
        }
        error.hint(tr!(
            "--operation takes a method and path or an id; `inkstone schema operations {file}` lists them",
            file = file.display()
        ))
    })?;
    console::problems(&selected.skipped, Severity::Warning);
    // A process has one: no command reads a second.
    Ok(operation(GIVEN.get_or_init(|| selected)))
}

/// Whether what is wrong is that the document has no operation of this name.
fn is_unknown(name: &str, problems: &Diagnostics) -> bool {
    let message = format!("has no operation {name:?}");
    problems.0.iter().any(|problem| problem.message == message)
}

/// The operation. It is used until the process ends.
fn operation(selected: &'static SelectedOperation) -> &'static Operation {
    let kept = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let document = selected.document();
    let models: Vec<_> = models(&document).into_iter().map(kept).collect();
    Box::leak(Box::new(Operation {
        api: API,
        name: &selected.name,
        method: &selected.method,
        path: &selected.path,
        body: Some(Media::Json),
        accept: &["application/json"],
        models: Box::leak(models.into_boxed_slice()),
        document: kept(document.to_string()),
        check_request,
        check_response,
        ..Operation::ANY
    }))
}

/// The models that a document names.
fn models(document: &Value) -> Vec<String> {
    let schema = &document["requestBody"]["jsonSchema"]["properties"]["model"];
    let listed = schema["enum"].as_array().into_iter().flatten();
    let names = listed.chain([&schema["const"]]).filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// Whether an API can be asked about its tasks.
pub fn has_tasks(api: &str) -> bool {
    task_query(api).is_some() || api == API && query().is_some()
}

/// `client`, which asks about tasks where the documents of the operation's API say.
pub fn with_tasks_of(client: &Client, operation: &Operation) -> Client {
    match query().filter(|_| operation.api == API) {
        Some(path) => client.with_task_query(path),
        None => client.with_tasks_of(operation),
    }
}

/// Where the document asks about a task that the operation answers with.
fn query() -> Option<&'static str> {
    Some(&GIVEN.get()?.query.as_ref()?.path)
}

/// The documents that a sandbox serves: of the operation, and of what asks about its tasks.
pub fn documents() -> Vec<(&'static str, Value)> {
    let Some(given) = GIVEN.get() else {
        return Vec::new();
    };
    let query = given
        .query
        .as_ref()
        .map(|query| ("query", query.document()));
    let all = [(given.name.as_str(), given.document())].into_iter();
    all.chain(query).collect()
}

fn check_request(node: &Node<'_>) -> Report {
    REQUEST.with(|checker| {
        let compiled = || GIVEN.get().and_then(|given| given.request.checker().ok());
        report(checker.get_or_init(compiled).as_ref(), node)
    })
}

fn check_response(node: &Node<'_>) -> Report {
    REPLY.with(|checker| {
        let place = || GIVEN.get()?.reply.as_ref();
        let compiled = || place().and_then(|place| place.checker().ok());
        report(checker.get_or_init(compiled).as_ref(), node)
    })
}

fn report(checker: Option<&Checker>, node: &Node<'_>) -> Report {
    let value = serde_json::to_value(node).unwrap_or_default();
    checker.map_or_else(Report::default, |checker| checker.report(&value))
}
