//! Chooses the operation of a request by its model.
//!
//! Where a model answers both at once and with a task, the former is chosen.

use inkstone::{Media, Node, OPERATIONS, Operation, answers_with_task};
use serde_json::Value;

use crate::args::api::Api;
use crate::args::generate::GenerateArgs;
use crate::error::CliError;
use crate::request::document;
use crate::request::given_document;
use crate::request::shape::Shape;

/// How similar a name must be to be suggested, from 0 to 1.
const SIMILAR: f64 = 0.85;

/// The operation and the model that the flags ask for. Where several APIs have the model,
/// the first counts, unless `--async` asks for a task.
pub fn by_flags(args: &GenerateArgs) -> Result<(&'static Operation, String), CliError> {
    let (api, model) = (args.api, args.model.as_deref());
    if let Some(document) = &args.document {
        let operation = given_document::load(document, args.operation.as_deref())?;
        if args.asynchronous && !given_document::has_tasks(operation.api) {
            let document = document.display();
            return Err(CliError::usage(format!(
                "--async: {document} does not say where to ask about a task"
            )));
        }
        // Where there is a choice, the API makes it.
        let only = match operation.models {
            [only] => *only,
            _ => "",
        };
        return Ok((operation, model.unwrap_or(only).to_owned()));
    }
    let default = || api.or_else(|| Api::all().next()).map(Api::default_model);
    let model = model.or_else(default).unwrap_or_default();
    let mut found = candidates(api, model);
    if found.is_empty() {
        return Err(unknown_model(api, model));
    }
    if args.asynchronous {
        found.retain(|operation| answers_with_task(operation));
    }
    match found.first() {
        Some(operation) => Ok((operation, model.to_owned())),
        None => Err(no_task(model)),
    }
}

/// The error of `--async` for a model without tasks.
fn no_task(model: &str) -> CliError {
    let all = OPERATIONS
        .iter()
        .filter(|operation| answers_with_task(operation));
    let mut models: Vec<_> = all.flat_map(|operation| operation.models).collect();
    models.sort_unstable();
    models.dedup();
    CliError::usage(format!(
        "no document describes tasks of the model {model:?}"
    ))
    .details(models.iter().map(ToString::to_string).collect())
    .hint("choose one of these with --model, or omit --async")
}

/// The operation that a body is for: the first with its model that accepts it, or else the
/// first whose bodies have its shape.
pub fn by_body(api: Option<Api>, model: &str, body: &Value) -> Option<&'static Operation> {
    let found = candidates(api, model);
    let mut accepting = found.iter().filter(|operation| accepts(operation, body));
    if let Some(operation) = accepting.next() {
        return Some(operation);
    }
    let has_input = body.get("input").is_some();
    let mut alike = found.iter().filter(|operation| {
        let shape = Shape::for_operation(operation);
        matches!(shape, Shape::Flat) != has_input
    });
    alike.next().or_else(|| found.first()).copied()
}

fn accepts(operation: &Operation, body: &Value) -> bool {
    let request = document::request(operation, body);
    let report = (operation.check_request)(&Node::from(&*request));
    report.violations().is_empty()
}

/// The operation with tasks that a body is for: the first that accepts it, of this API if it
/// has tasks.
pub fn task_by_body(api: Option<Api>, model: &str, body: &Value) -> Option<&'static Operation> {
    let mut found = candidates(None, model);
    found.retain(|operation| answers_with_task(operation));
    let is_elsewhere = |operation: &Operation| api.is_some_and(|api| operation.api != api.name());
    found.sort_by_cached_key(|operation| (is_elsewhere(operation), !accepts(operation, body)));
    found.first().copied()
}

/// The operations with the model, in the order of their APIs; those that answer at once and
/// take JSON come first.
pub fn candidates(api: Option<Api>, model: &str) -> Vec<&'static Operation> {
    let has_model = |operation: &&Operation| operation.models.contains(&model);
    let mut found: Vec<_> = operations(api).filter(has_model).collect();
    found.sort_by_cached_key(|operation| {
        let is_json = operation.body == Some(Media::Json);
        let rank = Api::all().position(|api| api.name() == operation.api);
        (answers_with_task(operation), rank, !is_json)
    });
    found
}

/// All operations with models, in the order of their APIs; those that answer at once come
/// first.
pub fn by_preference() -> Vec<&'static Operation> {
    let mut found: Vec<_> = OPERATIONS.to_vec();
    found.retain(|operation| !operation.models.is_empty());
    found.sort_by_cached_key(|operation| {
        let rank = Api::all().position(|api| api.name() == operation.api);
        (answers_with_task(operation), rank)
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

/// The error for a model that no document has.
pub fn unknown_model(api: Option<Api>, model: &str) -> CliError {
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
            let line = format!("{:<15}  {model}", operation.api);
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
