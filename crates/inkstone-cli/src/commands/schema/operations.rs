//! `inkstone schema operations`: what a document describes.

use apifox_document::api::Endpoint;
use apifox_document::{Diagnostics, forms};
use serde_json::{Value, json};
use tr::tr;

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
    if args.json {
        let operations = api.operations.iter().map(as_json);
        return console::json(&operations.collect::<Vec<_>>());
    }
    if api.operations.is_empty() {
        let message = tr!("{name} describes no operation", name);
        return Err(CliError::invalid(message));
    }
    let lines: String = api.operations.iter().map(line).collect();
    console::raw(console::printable(&lines).as_bytes())
}

/// An operation, as in `POST    /pets  addPet: Add a pet`.
fn line(operation: &Endpoint) -> String {
    let Endpoint { method, path, .. } = operation;
    let name = operation.names.first().map(String::as_str);
    let about: Vec<&str> = name.into_iter().chain(operation.title.as_deref()).collect();
    let about = about.join(": ").replace(['\n', '\r'], " ");
    format!("{}\n", format!("{method:<7} {path}  {about}").trim_end())
}

fn as_json(operation: &Endpoint) -> Value {
    json!({
        "method": operation.method,
        "path": operation.path,
        "name": operation.names.first(),
        "title": operation.title,
        "tags": operation.tags,
        "parameters": operation.parameters.len(),
        "has_body": operation.body.is_some(),
        "replies": operation.responses.len(),
        "pointer": operation.pointer,
    })
}
