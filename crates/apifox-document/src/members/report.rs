//! Says which members of a document are skipped.

use serde_json::Value;

use super::kind::ObjectKind;
use super::member::Holds;
use super::spelling::Spelling;
use super::walk::{Finding, Problem, walk};
use crate::diagnostics::{Diagnostic, Omission, closest, shortened};
use crate::pointer::JsonValueExt as _;

/// The members that are skipped in a document whose root is of this kind: what contradicts
/// the document's specification, and what is correct but not supported.
#[must_use]
pub fn report(file: &str, json: &Value, kind: ObjectKind) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    report_at(file, json, kind, "")
}

/// The same of the object of this kind at `pointer`.
#[must_use]
pub(crate) fn report_at(
    file: &str,
    json: &Value,
    kind: ObjectKind,
    pointer: &str,
) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let (mut wrong, mut unsupported) = (Vec::new(), Vec::new());
    walk(json, kind, pointer, &mut |finding| {
        let diagnostic = diagnostic(file, json, &finding);
        match finding.problem {
            Problem::Reported { .. } => unsupported.push(diagnostic),
            _ => wrong.push(diagnostic),
        }
    });
    (wrong, unsupported)
}

fn diagnostic(file: &str, json: &Value, finding: &Finding) -> Diagnostic {
    let Finding {
        kind,
        pointer,
        name,
        problem,
    } = finding;
    let value = json.value_at(pointer).unwrap_or(&Value::Null);
    let (message, help) = match problem {
        Problem::Reported { why, help } => (format!("is skipped: {why}"), (*help).to_owned()),
        Problem::Unknown if is_responses(*kind) => unknown_status(name),
        Problem::Unknown => (
            format!("is not a member of {}; it is skipped", kind.name()),
            unknown_help(*kind, name),
        ),
        Problem::Misspelt(spelling) => {
            let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
            let is_listed = json.value_at(around).is_some_and(Value::is_array);
            let value = (is_listed || !spelling.is_of_names()).then_some(value);
            return misspelt(file, finding, *spelling, value.unwrap_or(&Value::Null));
        }
        Problem::Newer(since) => (
            format!("came with {since}; it is read as there"),
            format!("write the document in {since}, or leave it out"),
        ),
        Problem::Invalid(holds) => (
            format!("is {}, not {holds}; it is skipped", shortened(value)),
            invalid_help(*holds),
        ),
        Problem::Missing => (
            format!("is missing; the {} is skipped", kind.name()),
            "add it".to_owned(),
        ),
        Problem::Dangling => (
            format!("{} does not resolve; it is skipped", shortened(value)),
            "refer to a part of this document, or remove it".to_owned(),
        ),
        Problem::OtherKind => (
            format!(
                "{} does not lead to a {}; what is there is read as one",
                shortened(value),
                kind.name()
            ),
            "refer to a part of this kind".to_owned(),
        ),
        Problem::BesideReference => (
            "stands beside `$ref`, which takes its place; it is skipped".to_owned(),
            "put it where the reference leads, or leave the reference out".to_owned(),
        ),
    };
    let (pointer, message) = match problem {
        Problem::Missing => {
            let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
            (around, message)
        }
        _ => (pointer.as_str(), message),
    };
    Diagnostic::new(file, pointer, format!("{name} {message}"), help)
}

/// That the text `value`, or the name where there is none, is not what it has to be.
fn misspelt(file: &str, finding: &Finding, spelling: Spelling, value: &Value) -> Diagnostic {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => finding.name.clone(),
    };
    let (wrong, help) = spelling.diagnosis(&text);
    let message = format!("{} {wrong}", shortened(&text.into()));
    let diagnostic = Diagnostic::new(file, &finding.pointer, message, help);
    match spelling {
        // What has no method of HTTP is no operation.
        Spelling::Methods => diagnostic.omitting(Omission::Part),
        _ => diagnostic,
    }
}

fn is_responses(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Responses | ObjectKind::SwaggerResponses)
}

/// What is wrong with the name of a response, and what to do about it.
fn unknown_status(name: &str) -> (String, String) {
    let meant = name.to_ascii_uppercase();
    match ObjectKind::Responses.member(&meant) {
        Some(_) => (format!("is read as {meant}"), format!("write {meant}")),
        None => (
            "is not an HTTP status; the response is skipped".to_owned(),
            "write a status such as 200, a range such as 2XX, or default".to_owned(),
        ),
    }
}

fn unknown_help(kind: ObjectKind, name: &str) -> String {
    let names = kind.members().iter().map(|member| member.name);
    match closest(name, names) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "remove it, or name it x-… if it is an extension".to_owned(),
    }
}

fn invalid_help(holds: Holds) -> String {
    match holds {
        Holds::OneOf(_) => "only these values are supported: write one of them".to_owned(),
        holds => format!("write {holds}"),
    }
}
