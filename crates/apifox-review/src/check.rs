//! Does a document accept a body? Checked by the document itself, without generating
//! anything.

use std::path::Path;

use apifox_runtime::{Checker, Draft, Report, Violation};
use serde_json::Value;

use apifox_document::api::{Api, Body, Content, Endpoint, Response};
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};
use apifox_document::forms;
use apifox_document::pointer::JsonValueExt as _;
use apifox_document::schema::validate::inexact_rules;
use apifox_document::{Document, sources};

/// Selects a body of a document.
#[derive(Clone, Debug, Default)]
pub struct BodySelector<'s> {
    /// The operation, such as `POST /pets`; not needed where there is only one.
    pub operation: Option<&'s str>,
    /// The status of the reply; `None` for the request.
    pub reply: Option<u16>,
}

/// Every violation in the body `value`, by the file at `path`: a document of any form,
/// with the corrections beside it, or a bare JSON Schema.
///
/// # Errors
///
/// What is wrong with the document; that it doesn't have the operation, or doesn't
/// describe the body.
pub fn check(
    path: &Path,
    selector: &BodySelector<'_>,
    value: &Value,
) -> Result<Vec<Violation>, Diagnostics> {
    Ok(report(path, selector, value)?.violations().to_vec())
}

/// The same, and what the document warns of.
///
/// # Errors
///
/// As [`check`].
pub fn report(
    path: &Path,
    selector: &BodySelector<'_>,
    value: &Value,
) -> Result<Report, Diagnostics> {
    Ok(checker(path, selector)?.report(value))
}

/// What checks any number of such bodies.
///
/// # Errors
///
/// As [`check`].
pub fn checker(path: &Path, selector: &BodySelector<'_>) -> Result<Checker, Diagnostics> {
    let document = sources::read_file(path)?;
    let checker = checker_of(&document, selector);
    checker.map_err(|diagnostics| diagnostics.at(&document.texts))
}

fn checker_of(document: &Document, selector: &BodySelector<'_>) -> Result<Checker, Diagnostics> {
    if !document.form().has_operations() {
        let draft = Draft::of_schema(&document.json).unwrap_or_default();
        let inexact = document.inexact_numbers();
        Diagnostics(inexact_rules(
            &document.file,
            (&document.json, ""),
            &inexact,
        ))
        .into_result()?;
        return compiled(document, (&document.json, ""), draft);
    }
    let api = forms::read(document, false)?;
    let endpoint = endpoint(document, &api, selector.operation)?;
    let Some(pointer) = body_schema(endpoint, selector.reply) else {
        return Err(undescribed(document, endpoint, selector.reply).into());
    };
    let inexact = inexact_rules(&document.file, (&api.json, pointer), &api.inexact);
    Diagnostics(inexact).into_result()?;
    let schema = match api.is_shared {
        true => (&api.json, pointer.as_str()),
        false => (api.json.value_at(pointer).unwrap_or(&Value::Null), ""),
    };
    compiled(document, schema, Draft::Latest)
}

/// The schema at `pointer` in `root`, where references start.
fn compiled(
    document: &Document,
    (root, pointer): (&Value, &str),
    draft: Draft,
) -> Result<Checker, Diagnostics> {
    let checker = Checker::new(root, pointer, draft).map_err(|unsupported| {
        let message = format!("{}: {}", unsupported.keyword, unsupported.message);
        let help = "correct the document";
        Diagnostic::new(&document.file, &unsupported.pointer, message, help)
    });
    checker.map_err(Diagnostics::from)
}

/// The operation with this name, or the only one.
pub(crate) fn endpoint<'a>(
    document: &Document,
    api: &'a Api,
    name: Option<&str>,
) -> Result<&'a Endpoint, Diagnostics> {
    let Some(name) = name else {
        return match &api.operations[..] {
            [single] => Ok(single),
            several => {
                let message = format!("has {} operations: which one is meant?", several.len());
                let example = several.first().map_or_else(String::new, route);
                let help = format!("name it by method and path, such as {example:?}");
                Err(Diagnostic::new(&document.file, "", message, &help).into())
            }
        };
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = words.join(" ");
    let is_named = |endpoint: &&Endpoint| {
        route(endpoint).eq_ignore_ascii_case(&words)
            || endpoint.names.iter().any(|other| other == name)
    };
    let found = api.operations.iter().find(is_named);
    found.ok_or_else(|| unknown(document, api, name).into())
}

fn unknown(document: &Document, api: &Api, name: &str) -> Diagnostic {
    let routes: Vec<String> = api.operations.iter().map(route).collect();
    let help = match closest(name, routes.iter().map(String::as_str)) {
        Some(closest) => format!("did you mean {closest:?}?"),
        None => format!("the operations are: {}", routes.join(", ")),
    };
    let message = format!("has no operation {name:?}");
    Diagnostic::new(&document.file, "", message, &help)
}

/// The method and path of an operation: `POST /pets`.
fn route(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

/// The pointer to the schema of a request, or of the reply with a status: its own, or that
/// for every status without one.
pub(crate) fn body_schema(endpoint: &Endpoint, reply: Option<u16>) -> Option<&String> {
    let Some(status) = reply else {
        return match endpoint.body.as_ref().and_then(Body::content) {
            Some(Content::Json(schema)) => Some(schema),
            _ => None,
        };
    };
    let responses = &endpoint.responses;
    let own = Response::for_status(responses, status);
    let schema = own.and_then(|response| response.content().schema());
    let others = || responses.iter().find(|response| response.status == 0);
    schema.or_else(|| others()?.content().schema())
}

pub(crate) fn undescribed(
    document: &Document,
    endpoint: &Endpoint,
    reply: Option<u16>,
) -> Diagnostic {
    let body = match reply {
        None => "a request".to_owned(),
        Some(status) => format!("a reply with status {status}"),
    };
    let message = format!("{} does not describe the JSON of {body}", route(endpoint));
    let help = "name another operation or status";
    Diagnostic::new(&document.file, &endpoint.pointer, message, help)
}
