//! Which document is a request for? Its model decides.
//!
//! Where a model can be asked for at once and by way of a task, it is asked at
//! once.

use inkstone::{Media, Node, OPERATIONS, Operation};
use serde_json::Value;

use crate::args::{Api, Generate};
use crate::document;
use crate::exit::Failure;

/// How alike two names must be, from 0 to 1, for one to be suggested.
const ALIKE: f64 = 0.85;

/// The model of a command that names none.
fn default_model(api: Api) -> &'static str {
    match api {
        Api::Gateway => "wan2.7-image-pro",
        Api::Dashscope => "qwen-image-2.0-pro",
    }
}

/// The operation and the model that the flags ask for. Where both APIs have the
/// model it is the gateway's, unless a task is to do it.
pub fn by_flags(args: &Generate) -> Result<(&'static Operation, String), Failure> {
    let (api, model) = (args.api, args.model.as_deref());
    let model = model.unwrap_or_else(|| default_model(api.unwrap_or(Api::Gateway)));
    let mut found = candidates(api, model);
    if found.is_empty() {
        return Err(unknown_failure(api, model));
    }
    if args.asynchronous {
        found.retain(|it| document::makes_a_task(it));
    }
    match preferred(&found, Api::Gateway) {
        Some(operation) => Ok((operation, model.to_owned())),
        None => Err(no_task(model)),
    }
}

/// That no task makes pictures with a model.
fn no_task(model: &str) -> Failure {
    let all = OPERATIONS.iter().filter(|it| document::makes_a_task(it));
    let mut models: Vec<_> = all.flat_map(|it| it.models).collect();
    models.sort_unstable();
    models.dedup();
    Failure::usage(format!(
        "no document describes tasks of the model {model:?}"
    ))
    .details(models.iter().map(ToString::to_string).collect())
    .hint("choose one of these with --model, or leave --async out")
}

/// The operation that a body is for. Where both APIs have its model, the body's
/// shape decides; where one API has several documents for it, the first that
/// accepts the body.
pub fn by_body(api: Option<Api>, model: &str, body: &Value) -> Option<&'static Operation> {
    let shape = match body.get("input") {
        Some(_) => Api::Dashscope,
        None => Api::Gateway,
    };
    let mut found = candidates(api, model);
    found.sort_by_cached_key(|it| !accepts(it, body));
    preferred(&found, shape)
}

fn accepts(operation: &Operation, body: &Value) -> bool {
    let request = document::request(operation, body);
    let report = (operation.check_request)(&Node::from(&*request));
    report.violations().is_empty()
}

/// The operation whose task a body is for: the first that accepts it.
pub fn task_by_body(model: &str, body: &Value) -> Option<&'static Operation> {
    let mut found = candidates(None, model);
    found.retain(|it| document::makes_a_task(it));
    found.sort_by_cached_key(|it| !accepts(it, body));
    found.first().copied()
}

/// The operations that have the model, those that answer at once and take JSON first.
fn candidates(api: Option<Api>, model: &str) -> Vec<&'static Operation> {
    let has_model = |it: &&Operation| it.models.contains(&model);
    let mut found: Vec<_> = of(api).filter(has_model).collect();
    found.sort_by_cached_key(|it| (document::makes_a_task(it), it.body != Some(Media::Json)));
    found
}

/// The operations of one API, or of all, whose request is a body alone: JSON, or a form
/// with files.
fn of(api: Option<Api>) -> impl Iterator<Item = &'static Operation> {
    let all = OPERATIONS.iter().copied();
    all.filter(move |it| api.is_none_or(|api| it.api == api.name()))
        .filter(|it| it.parameters.is_none_or(<[_]>::is_empty))
        .filter(|it| matches!(it.body, Some(Media::Json | Media::Multipart)))
}

fn preferred(found: &[&'static Operation], api: Api) -> Option<&'static Operation> {
    let preferred = found.iter().find(|it| it.api == api.name());
    preferred.or_else(|| found.first()).copied()
}

fn unknown_failure(api: Option<Api>, model: &str) -> Failure {
    let failure = Failure::usage(unknown(api, model)).details(known(api));
    match advice(api, model) {
        Some(advice) => failure.hint(advice),
        None => failure.hint("choose one of these with --model"),
    }
}

/// That no document has the model.
pub fn unknown(api: Option<Api>, model: &str) -> String {
    match api {
        Some(api) => format!(
            "no document of {} describes the model {model:?}",
            api.name()
        ),
        None => format!("no document describes the model {model:?}"),
    }
}

/// The known models, one a line.
pub fn known(api: Option<Api>) -> Vec<String> {
    let mut known = Vec::new();
    for operation in of(api) {
        for model in operation.models {
            let line = format!("{:<9}  {model}", operation.api);
            if !known.contains(&line) {
                known.push(line);
            }
        }
    }
    known
}

/// What may have been meant.
pub fn advice(api: Option<Api>, model: &str) -> Option<String> {
    if let Some(elsewhere) = candidates(None, model).first() {
        return Some(format!("{0} has it: use --api {0}", elsewhere.api));
    }
    let likeness = |known: &str| strsim::jaro_winkler(model, known);
    let closest = of(api)
        .flat_map(|it| it.models)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(closest) >= ALIKE).then(|| format!("did you mean {closest:?}?"))
}
