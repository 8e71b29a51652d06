//! Is a body what a document accepts? Asked of the document itself, without
//! generating anything.

use std::path::Path;

use apifox_runtime::{Checker, Draft, Violation};
use serde_json::Value;

use apifox_document::api::{Api, Content, Endpoint};
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};
use apifox_document::forms;
use apifox_document::{Document, sources};

/// Which body of a document is meant.
#[derive(Clone, Debug, Default)]
pub struct Meant<'m> {
    /// The operation, as in `POST /pets`; not needed where there is only one.
    pub operation: Option<&'m str>,
    /// The status of the reply; `None` for the request.
    pub reply: Option<u16>,
}

/// Every rule that the body `value` breaks, of the file at `path`, a document of
/// any form with the corrections beside it, or a bare JSON Schema.
///
/// # Errors
///
/// What is wrong with the document; or that it has no such operation, or says
/// nothing of such a body.
pub fn check(path: &Path, meant: &Meant<'_>, value: &Value) -> Result<Vec<Violation>, Diagnostics> {
    let document = sources::read_file(path)?;
    let found = violations(&document, meant, value);
    found.map_err(|problems| problems.at(&document.texts))
}

fn violations(
    document: &Document,
    meant: &Meant<'_>,
    value: &Value,
) -> Result<Vec<Violation>, Diagnostics> {
    if !forms::is_document(&document.json) {
        let draft = Draft::of_schema(&document.json).unwrap_or_default();
        return by_schema(document, &document.json, "", draft, value);
    }
    let api = forms::read(document, false)?;
    let endpoint = endpoint(document, &api, meant.operation)?;
    let place = match meant.reply {
        None => match endpoint.body.as_ref().map(|it| &it.content) {
            Some(Content::Json(place)) => Some(place),
            _ => None,
        },
        Some(status) => reply(endpoint, status),
    };
    let Some(place) = place else {
        let body = match meant.reply {
            None => "a request".to_owned(),
            Some(status) => format!("a reply with status {status}"),
        };
        let message = format!(
            "{} {} says nothing of the JSON of {body}",
            endpoint.method, endpoint.path
        );
        let help = "name another operation or status";
        return Err(problem(document, &endpoint.pointer, message, help).into());
    };
    match api.is_shared {
        true => by_schema(document, &api.json, place, Draft::Latest, value),
        false => {
            let schema = api.json.pointer(place).unwrap_or(&Value::Null);
            by_schema(document, schema, "", Draft::Latest, value)
        }
    }
}

fn by_schema(
    document: &Document,
    root: &Value,
    place: &str,
    draft: Draft,
    value: &Value,
) -> Result<Vec<Violation>, Diagnostics> {
    let checker = Checker::new(root, place, draft).map_err(|unsupported| {
        let message = format!("{}: {}", unsupported.keyword, unsupported.message);
        problem(document, &unsupported.pointer, message, "mend the document")
    })?;
    Ok(checker.violations(value))
}

fn endpoint<'a>(
    document: &Document,
    api: &'a Api,
    wanted: Option<&str>,
) -> Result<&'a Endpoint, Diagnostics> {
    let name = |it: &Endpoint| format!("{} {}", it.method, it.path);
    let Some(wanted) = wanted else {
        return match &api.operations[..] {
            [only] => Ok(only),
            several => {
                let message = format!("has {} operations: which one is meant?", several.len());
                let first = several.first().map_or_else(String::new, name);
                let help = format!("name it by method and path, as in {first:?}");
                Err(problem(document, "", message, &help).into())
            }
        };
    };
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_wanted = |it: &&Endpoint| {
        name(it).eq_ignore_ascii_case(&plain(wanted)) || it.names.iter().any(|it| it == wanted)
    };
    api.operations.iter().find(is_wanted).ok_or_else(|| {
        let names: Vec<String> = api.operations.iter().map(name).collect();
        let help = match closest(wanted, names.iter().map(String::as_str)) {
            Some(closest) => format!("did you mean {closest:?}?"),
            None => format!("there are: {}", names.join(", ")),
        };
        problem(document, "", format!("has no operation {wanted:?}"), &help).into()
    })
}

/// The schema of the reply with a status, or else of the one for all others.
fn reply(endpoint: &Endpoint, status: u16) -> Option<&String> {
    let of = |wanted: u16| {
        let mut responses = endpoint.responses.iter().filter(|it| it.status == wanted);
        responses.find_map(|it| it.content.schema())
    };
    of(status).or_else(|| of(0))
}

fn problem(document: &Document, pointer: &str, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(&document.file, pointer, message, help)
}
