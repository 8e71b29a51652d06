//! Chooses the operation of a request by its model.
//!
//! Where a model answers both at once and with a task, the former is chosen.

use inkstone::{Media, Node, OPERATIONS, Operation};
use serde_json::Value;

use crate::args::api::Api;
use crate::args::generate::GenerateArgs;
use crate::error::CliError;
use crate::request::document;

/// How similar a name must be to be suggested, from 0 to 1.
const SIMILAR: f64 = 0.85;

/// The model of a command that names none.
fn default_model(api: Api) -> &'static str {
    match api {
        Api::Gateway => "wan2.7-image-pro",
        Api::Dashscope => "qwen-image-2.0-pro",
    }
}

/// The operation and the model that the flags ask for. Where both APIs have the model,
/// this is the gateway's, unless `--async` asks for a task.
pub fn by_flags(args: &GenerateArgs) -> Result<(&'static Operation, String), CliError> {
    let (api, model) = (args.api, args.model.as_deref());
    let model = model.unwrap_or_else(|| default_model(api.unwrap_or(Api::Gateway)));
    let mut found = candidates(api, model);
    if found.is_empty() {
        return Err(unknown_model(api, model));
    }
    if args.asynchronous {
        found.retain(|operation| document::submits_task(operation));
    }
    match preferred(&found, Api::Gateway) {
        Some(operation) => Ok((operation, model.to_owned())),
        None => Err(no_task(model)),
    }
}

/// The error of `--async` for a model without tasks.
fn no_task(model: &str) -> CliError {
    let all = OPERATIONS
        .iter()
        .filter(|operation| document::submits_task(operation));
    let mut models: Vec<_> = all.flat_map(|operation| operation.models).collect();
    models.sort_unstable();
    models.dedup();
    CliError::usage(format!(
        "no document describes tasks of the model {model:?}"
    ))
    .details(models.iter().map(ToString::to_string).collect())
    .hint("choose one of these with --model, or omit --async")
}

/// The operation that a body is for. Where both APIs have its model, the shape of the
/// body decides; where one API has several documents for it, the first that accepts the
/// body.
pub fn by_body(api: Option<Api>, model: &str, body: &Value) -> Option<&'static Operation> {
    let shape = match body.get("input") {
        Some(_) => Api::Dashscope,
        None => Api::Gateway,
    };
    let mut found = candidates(api, model);
    found.sort_by_cached_key(|operation| !accepts(operation, body));
    preferred(&found, shape)
}

fn accepts(operation: &Operation, body: &Value) -> bool {
    let request = document::request(operation, body);
    let report = (operation.check_request)(&Node::from(&*request));
    report.violations().is_empty()
}

/// The operation with tasks that a body is for: the first that accepts it.
pub fn task_by_body(model: &str, body: &Value) -> Option<&'static Operation> {
    let mut found = candidates(None, model);
    found.retain(|operation| document::submits_task(operation));
    found.sort_by_cached_key(|operation| !accepts(operation, body));
    found.first().copied()
}

/// The operations with the model; those that answer at once and take JSON come first.
fn candidates(api: Option<Api>, model: &str) -> Vec<&'static Operation> {
    let has_model = |operation: &&Operation| operation.models.contains(&model);
    let mut found: Vec<_> = operations(api).filter(has_model).collect();
    found.sort_by_cached_key(|operation| {
        let is_json = operation.body == Some(Media::Json);
        (document::submits_task(operation), !is_json)
    });
    found
}

/// The operations of one API or of all whose request is only a body, JSON or a form.
fn operations(api: Option<Api>) -> impl Iterator<Item = &'static Operation> {
    let all = OPERATIONS.iter().copied();
    all.filter(move |operation| api.is_none_or(|api| operation.api == api.name()))
        .filter(|operation| operation.parameters.is_none_or(<[_]>::is_empty))
        .filter(|operation| matches!(operation.body, Some(Media::Json | Media::Multipart)))
}

fn preferred(found: &[&'static Operation], api: Api) -> Option<&'static Operation> {
    let preferred = found.iter().find(|operation| operation.api == api.name());
    preferred.or_else(|| found.first()).copied()
}

fn unknown_model(api: Option<Api>, model: &str) -> CliError {
    let error = CliError::usage(unknown(api, model)).details(known(api));
    match advice(api, model) {
        Some(advice) => error.hint(advice),
        None => error.hint("choose one of these with --model"),
    }
}

/// The message for a model that no document has.
pub fn unknown(api: Option<Api>, model: &str) -> String {
    match api {
        Some(api) => format!(
            "no document of {} describes the model {model:?}",
            api.name()
        ),
        None => format!("no document describes the model {model:?}"),
    }
}

/// The known models, each with its API.
pub fn known(api: Option<Api>) -> Vec<String> {
    let mut known = Vec::new();
    for operation in operations(api) {
        for model in operation.models {
            let line = format!("{:<9}  {model}", operation.api);
            if !known.contains(&line) {
                known.push(line);
            }
        }
    }
    known
}

/// A suggestion of what was probably meant.
pub fn advice(api: Option<Api>, model: &str) -> Option<String> {
    if let Some(elsewhere) = candidates(None, model).first() {
        return Some(format!("{0} has it: use --api {0}", elsewhere.api));
    }
    let similarity = |known: &str| strsim::jaro_winkler(model, known);
    let closest = operations(api)
        .flat_map(|operation| operation.models)
        .max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(closest) >= SIMILAR).then(|| format!("did you mean {closest:?}?"))
}
