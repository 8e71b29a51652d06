//! Chooses the operation of a request by its model.
//!
//! Where a model answers both at once and with a task, the former is chosen.

use apifox_runtime::Report;
use inkstone::{Media, Node, OPERATIONS, Operation, answers_with_task, check_images};
use serde_json::Value;
use tr::tr;

use crate::args::api::Api;
use crate::args::request::RequestArgs;
use crate::args::values::model::distinct;
use crate::error::CliError;
use crate::request::document;
use crate::request::given_document;
use crate::request::shape::Shape;
use crate::request::words::suggest;
use crate::wrap;

/// How many names are suggested.
const NEAREST: usize = 3;
/// How many characters of a model's name are shown.
const LONGEST_SHOWN: usize = 200;

/// The operation and the model that the flags ask for. Where several APIs have the model,
/// the first counts, unless a task is asked for.
pub fn by_flags(
    args: &RequestArgs,
    is_task: bool,
) -> Result<(&'static Operation, String), CliError> {
    let given = args.model.as_deref().map(split_name);
    let api = args.api.or(given.and_then(|(api, _)| api));
    let model = given.map(|(_, model)| model);
    if let Some(document) = &args.document {
        let operation = given_document::load(document, args.operation.as_deref())?;
        if is_task && !given_document::has_tasks(operation.api) {
            let document = document.display();
            return Err(CliError::usage(tr!(
                "--async: {document} does not say where to ask about a task",
                document
            )));
        }
        // Where there is a choice, the API makes it.
        let only = match operation.models {
            [only] => *only,
            _ => "",
        };
        let model = args.model.as_deref().unwrap_or(only);
        return Ok((operation, model.to_owned()));
    }
    let default = || api.or_else(|| Api::all().next()).map(Api::default_model);
    let model = model.or_else(default).unwrap_or_default();
    let mut found = candidates(api, model);
    if found.is_empty() && !(is_task && is_known(model)) {
        return Err(unknown_model(api, model));
    }
    if is_task {
        found.retain(|operation| answers_with_task(operation));
    }
    match found.first() {
        Some(operation) => Ok((operation, model.to_owned())),
        None => Err(no_task(api, model)),
    }
}

/// Whether any API has the model.
fn is_known(model: &str) -> bool {
    !candidates(None, model).is_empty()
}

/// The error of `--async` for a model without tasks, of the API that is asked for if one is:
/// what is suggested is of that API too, or says which other one it is of.
fn no_task(api: Option<Api>, model: &str) -> CliError {
    let quoted = format!("{model:?}");
    let error = CliError::usage(match api {
        None => tr!(
            "no document describes tasks of the model {model}",
            model = quoted
        ),
        Some(api) => tr!(
            "no document of {api} describes tasks of the model {model}",
            api = api.name(),
            model = quoted
        ),
    });
    let mut elsewhere = candidates(None, model).into_iter();
    if let Some(other) = elsewhere.find(|other| answers_with_task(other)) {
        return error.hint(tr!("{api} has them: use --api {api}", api = other.api));
    }
    let all = operations(api).filter(|operation| answers_with_task(operation));
    let models = all.flat_map(|operation| operation.models);
    let models = distinct(models.copied().collect());
    match models.as_slice() {
        [] => error.hint(tr!("omit --async")),
        _ => error
            .details(models.iter().map(ToString::to_string).collect())
            .hint(tr!("choose one of these with --model, or omit --async")),
    }
}

/// The operation that a body is for: the first with its model that accepts it, or else the
/// first whose bodies have its shape.
pub fn by_body(api: Option<Api>, model: &str, body: &Value) -> Option<&'static Operation> {
    by_candidates(&candidates(api, model), &Node::from(body)).map(|(operation, _)| operation)
}

/// The same of these candidates, with what the document says of the request.
pub fn by_candidates(
    candidates: &[&'static Operation],
    body: &Node<'_>,
) -> Option<(&'static Operation, Report)> {
    let mut alike = None;
    let has_input = body.get("input").is_some();
    for operation in candidates {
        let request = document::request_node(operation, body);
        let report = (operation.check_request)(&request);
        // Where there is no choice, the pictures are not worth reading for it.
        let is_accepted = || candidates.len() == 1 || check_images(operation, &request).is_empty();
        if report.violations().is_empty() && is_accepted() {
            return Some((operation, report));
        }
        let is_alike = || matches!(Shape::for_operation(operation), Shape::Flat) != has_input;
        if alike.is_none() && is_alike() {
            alike = Some((*operation, report));
        }
    }
    alike.or_else(|| {
        let first = candidates.first()?;
        Some((*first, document::check(first, body)))
    })
}

fn accepts(operation: &Operation, body: &Value) -> bool {
    let report = document::check(operation, &Node::from(body));
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
    let advice = advice(api, model);
    CliError::usage(unknown(api, model)).hint(advice.unwrap_or_else(see_models))
}

/// The same with what to do about it, if there is advice, as one message.
pub fn unknown_in_full(model: &str) -> String {
    let unknown = unknown(None, model);
    match advice(None, model) {
        Some(advice) => format!("{unknown}; {advice}"),
        None => unknown,
    }
}

/// The message for a model that no document has.
pub fn unknown(api: Option<Api>, model: &str) -> String {
    let model = format!("{:?}", wrap::cut(model, LONGEST_SHOWN));
    match api {
        Some(api) => tr!(
            "no document of {api} describes the model {model}",
            api = api.name(),
            model
        ),
        None => tr!("no document describes the model {model}", model),
    }
}

/// Where the names of all models are.
pub fn see_models() -> String {
    tr!("`inkstone models` lists the models")
}

/// A suggestion of what was probably meant: the API that has the model, or the names most
/// like it.
pub fn advice(api: Option<Api>, model: &str) -> Option<String> {
    if let Some(elsewhere) = candidates(None, model).first() {
        let api = elsewhere.api;
        return Some(tr!("{api} has it: use --api {api}", api));
    }
    let models = operations(api).flat_map(|operation| operation.models.iter().copied());
    match suggest::nearest(model, models, NEAREST).as_slice() {
        [] => None,
        [all @ .., last] => {
            let last = format!("{last:?}");
            let all: Vec<_> = all.iter().map(|name| format!("{name:?}")).collect();
            Some(match all.join(", ").as_str() {
                "" => tr!("did you mean {last}?", last),
                all => tr!("did you mean {all} or {last}?", all, last),
            })
        }
    }
}

/// The API and the model in a name as the lists print it, such as `dashscope/qwen-image`.
pub fn split_name(name: &str) -> (Option<Api>, &str) {
    let split = name.split_once('/');
    match split.and_then(|(api, name)| Some((Api::find(api)?, name))) {
        Some((api, name)) => (Some(api), name),
        None => (None, name),
    }
}

#[cfg(test)]
mod tests {
    use inkstone::{Node, Operation};
    use serde_json::json;

    use super::by_candidates;

    /// A picture of one pixel.
    const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    const LARGE: Operation = Operation {
        name: "large",
        document: r#"{"requestBody": {"jsonSchema": {"properties": {
            "image": {"type": "string", "x-image": {"side": {"minimum": 2}}}}}}}"#,
        ..Operation::ANY
    };

    const ANY: Operation = Operation {
        name: "any",
        ..Operation::ANY
    };

    #[test]
    fn an_operation_that_refuses_a_picture_is_not_chosen_before_one_that_takes_it() {
        let chosen = |candidates: &[&'static Operation], body: serde_json::Value| {
            let found = by_candidates(candidates, &Node::from(&body));
            found.map(|(operation, _)| operation.name)
        };
        let small = || json!({"image": PIXEL});
        assert_eq!(chosen(&[&LARGE, &ANY], small()), Some("any"));
        assert_eq!(chosen(&[&LARGE, &ANY], json!({})), Some("large"));
        assert_eq!(chosen(&[&LARGE, &LARGE], small()), Some("large"));
        assert_eq!(chosen(&[&LARGE], small()), Some("large"));
    }
}
