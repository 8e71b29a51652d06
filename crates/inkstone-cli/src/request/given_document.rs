//! `--document`: an operation that is known only at run time, and used as the others are.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::OnceLock;

use apifox_document::Severity;
use apifox_review::{SchemaPlace, SelectedOperation, select};
use apifox_runtime::Checker;
use inkstone::{Media, Node, Operation, Report};
use serde_json::Value;

use crate::console;
use crate::error::{CliError, Code};

/// The name of its API: no folder of documents has it.
pub const API: &str = "document";

/// The schemas of the document that this process was given.
struct Schemas {
    request: SchemaPlace,
    reply: Option<SchemaPlace>,
}

static SCHEMAS: OnceLock<Schemas> = OnceLock::new();

thread_local! {
    static REQUEST: OnceCell<Option<Checker>> = const { OnceCell::new() };
    static REPLY: OnceCell<Option<Checker>> = const { OnceCell::new() };
}

/// Reads the document that a command was given, and chooses its operation. A process has one.
pub fn load(file: &Path, name: Option<&str>) -> Result<&'static Operation, CliError> {
    let selected = select(file, name).map_err(|problems| {
        console::problems(&problems.0, Severity::Error);
        let message = format!("{} can't be used", file.display());
        CliError::new(Code::Invalid, message)
            .hint("--operation names an operation, by method and path; see `inkstone schema lint`")
    })?;
    let operation = operation(&selected);
    let schemas = Schemas {
        request: selected.request,
        reply: selected.reply,
    };
    // There is one in a process: a second one would have been refused by the flags.
    let _ = SCHEMAS.set(schemas);
    Ok(operation)
}

/// The operation. It is used until the process ends.
fn operation(selected: &SelectedOperation) -> &'static Operation {
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let document = selected.document();
    let models = models(&document)
        .iter()
        .map(|model| kept(model))
        .collect::<Vec<_>>();
    Box::leak(Box::new(Operation {
        api: API,
        name: kept(&selected.name),
        method: kept(&selected.method),
        path: kept(&selected.path),
        parameters: None,
        headers: &[],
        security: &[],
        body: Some(Media::Json),
        files: &[],
        encoding: &[],
        reply: Media::Json,
        servers: &[],
        models: Box::leak(models.into_boxed_slice()),
        document: kept(&document.to_string()),
        pointer: "",
        check_request,
        check_response,
        check_error: |_| Report::default(),
        recode_request: None,
        recode_response: None,
        responses: &[],
    }))
}

/// The models that a document names.
fn models(document: &Value) -> Vec<String> {
    let schema = &document["requestBody"]["jsonSchema"]["properties"]["model"];
    let listed = schema["enum"].as_array().into_iter().flatten();
    let names = listed.chain([&schema["const"]]).filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

fn check_request(node: &Node<'_>) -> Report {
    REQUEST.with(|checker| {
        let compiled = || {
            SCHEMAS
                .get()
                .and_then(|schemas| schemas.request.checker().ok())
        };
        report(checker.get_or_init(compiled).as_ref(), node)
    })
}

fn check_response(node: &Node<'_>) -> Report {
    REPLY.with(|checker| {
        let place = || SCHEMAS.get()?.reply.as_ref();
        let compiled = || place().and_then(|place| place.checker().ok());
        report(checker.get_or_init(compiled).as_ref(), node)
    })
}

fn report(checker: Option<&Checker>, node: &Node<'_>) -> Report {
    let value = serde_json::to_value(node).unwrap_or_default();
    checker.map_or_else(Report::default, |checker| checker.report(&value))
}
