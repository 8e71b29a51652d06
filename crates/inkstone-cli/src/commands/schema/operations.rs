//! `inkstone schema operations`: what a document describes.

use apifox_document::api::Endpoint;
use apifox_document::{Diagnostics, Severity, forms};
use serde_json::{Value, json};

use crate::args::schema::OperationsArgs;
use crate::commands::schema;
use crate::commands::schema::rust::refused;
use crate::console;
use crate::error::CliError;
use crate::input;

pub fn run(args: &OperationsArgs) -> Result<(), CliError> {
    let name = input::name(&args.file);
    let invalid = |problems: Diagnostics| refused(&name, &problems);
    let document = schema::read(&args.file)?;
    let api =
        forms::read(&document, false).map_err(|problems| invalid(problems.at(&document.texts)))?;
    let is_empty = api.operations.is_empty() && api.incoming.is_empty();
    if is_empty && !args.json {
        return Err(invalid(api.no_operation(&document)));
    }
    console::problems(&api.omitted_parts(&document), Severity::Warning);
    if args.json {
        let own = api.operations.iter().map(|one| as_json(one, false));
        let incoming = api.incoming.iter().map(|one| as_json(one, true));
        return console::json(&own.chain(incoming).collect::<Vec<_>>());
    }
    let operations = api.operations.iter().chain(&api.incoming);
    let lines: String = operations.map(line).collect();
    console::raw(console::printable(&lines).as_bytes())
}

/// What it is called, beside what it is.
fn name(operation: &Endpoint) -> Option<&str> {
    let mut names = operation.names.iter().map(String::as_str);
    names.find(|name| *name != operation.path)
}

/// An operation, as in `POST    /pets  addPet: Add a pet`, or `POST    webhook newPet` where the
/// API calls it.
fn line(operation: &Endpoint) -> String {
    let Endpoint { method, path, .. } = operation;
    let title = operation.title.as_deref();
    let about: Vec<&str> = name(operation).into_iter().chain(title).collect();
    let about = about.join(": ").replace(['\n', '\r'], " ");
    format!("{}\n", format!("{method:<7} {path}  {about}").trim_end())
}

/// The same in JSON; `incoming` are those that the API calls.
fn as_json(operation: &Endpoint, incoming: bool) -> Value {
    json!({
        "method": operation.method,
        "path": operation.path,
        "name": name(operation),
        "title": operation.title,
        "tags": operation.tags,
        "parameters": operation.parameters.len(),
        "has_body": operation.body.is_some(),
        "replies": operation.responses.len(),
        "pointer": operation.pointer,
        "incoming": incoming,
    })
}
