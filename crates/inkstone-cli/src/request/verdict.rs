//! What a document says about a request: violations and warnings, in words.

use apifox_document::Diagnostic;
use apifox_review::Judgement;
use apifox_runtime::Report;
use inkstone::{Invalid, Node, Operation, Violation, Warning, check_images, check_images_by};
use serde_json::{Value, json};
use tr::tr;

use crate::args::api;
use crate::console;
use crate::error::CliError;
use crate::language::libraries;
use crate::request::body::Body;
use crate::request::document;
use crate::request::words::explain::{self, shown};

/// What a document says about a body.
pub struct Verdict<'o> {
    /// The operation that it is for; none for one of a document that was given.
    pub operation: Option<&'o Operation>,
    pub violations: Vec<Violation>,
    pub warnings: Vec<Warning>,
}

impl<'o> Verdict<'o> {
    pub fn check(operation: &'o Operation, body: &Value) -> Self {
        let request = document::request(operation, body);
        let node = Node::from(&*request);
        Self::of(operation, &node, (operation.check_request)(&node))
    }

    /// The verdict where the report on the request is here already.
    pub fn of(operation: &'o Operation, request: &Node<'_>, report: Report) -> Self {
        let mut verdict = Self::of_report(report);
        verdict.operation = Some(operation);
        let violations = &mut verdict.violations;
        for violation in violations.iter_mut() {
            if let Some(count) = pictures_for_one(request, violation) {
                violation.expected = "one picture".to_owned();
                violation.value = count.to_string();
            }
        }
        violations.extend(check_images(operation, request));
        let pointers = violations
            .iter_mut()
            .map(|violation| &mut violation.pointer);
        let others = verdict.warnings.iter_mut();
        for pointer in pointers.chain(others.map(|warning| &mut warning.pointer)) {
            *pointer = document::in_body(operation, pointer).to_owned();
        }
        verdict
    }

    /// The verdict of a report on a body that is for none of the operations.
    fn of_report(mut report: Report) -> Self {
        Self {
            operation: None,
            warnings: report.take_warnings(),
            violations: report.violations().to_vec(),
        }
    }

    /// The verdict of a document that was given, on a request or a reply. Pictures are checked as
    /// they are before a request is sent.
    pub fn of_judgement(judgement: Judgement<'_>, body: &Node<'_>, is_request: bool) -> Self {
        let images = match is_request {
            true => check_images_by(judgement.schema, body),
            false => Vec::new(),
        };
        let mut verdict = Self::of_report(judgement.report);
        verdict.violations.extend(images);
        verdict
    }

    /// Prints the warnings, and fails if there are violations. `flags` knows the flags that
    /// the body was made from.
    pub fn conclude(&self, document: &str, flags: Option<&Body>) -> Result<(), CliError> {
        for warning in &self.warnings {
            let place = place(&warning.pointer, flags);
            let message = libraries::rule(&warning.message);
            console::warning(&format!("{place}: {message}"));
        }
        let count = self.violations.len();
        if count == 0 {
            return Ok(());
        }
        let details = self
            .violations
            .iter()
            .map(|violation| match (self.operation, flags) {
                (Some(operation), Some(flags)) => explain::by_flags(operation, flags, violation),
                (operation, _) => explain::in_body(operation, violation),
            });
        let more = (count >= Invalid::MOST).then(|| tr!("at most {count} are told", count));
        let message = match self.operation {
            Some(_) => tr!(
                "the request breaks a rule of {document}"
                    | "the request breaks {n} rules of {document}" % count,
                document = document
            ),
            // It may be of a reply.
            None => tr!(
                "the body breaks a rule of {document}"
                    | "the body breaks {n} rules of {document}" % count,
                document = document
            ),
        };
        let error = CliError::invalid(message).details(details.chain(more).collect());
        Err(match self.operation {
            Some(given) if api::operation(given.api, given.name).is_none() => error.hint(tr!(
                "`inkstone models --document FILE` lists what it accepts"
            )),
            Some(_) => error.hint(tr!(
                "`inkstone models {document}` lists what it accepts",
                document
            )),
            None => error,
        })
    }
}

/// How many pictures a request has where the document takes one.
fn pictures_for_one(request: &Node<'_>, violation: &Violation) -> Option<usize> {
    let is_of_type = violation.keyword == "type" && violation.expected == "a string";
    if !is_of_type || !violation.pointer.ends_with("/image") {
        return None;
    }
    let mut steps = violation.pointer.split('/').skip(1);
    let found = steps.try_fold(request, |node, step| match node {
        Node::Array(items) => items.get(step.parse::<usize>().ok()?),
        node => node.get(step),
    });
    match found? {
        Node::Array(items) if items.len() > 1 => {
            let are_texts = items.iter().all(|item| item.as_str().is_some());
            are_texts.then_some(items.len())
        }
        _ => None,
    }
}

/// A pointer with its flag, if a flag set the value there.
fn place(pointer: &str, flags: Option<&Body>) -> String {
    let shown = shown(pointer);
    match flags.and_then(|body| body.flag(pointer)) {
        Some(flag) => format!("{flag} ({shown})"),
        None => shown.to_owned(),
    }
}

pub fn violation_json(violation: &Violation) -> Value {
    json!({
        "pointer": violation.pointer,
        "keyword": violation.keyword,
        "value": violation.value,
        "expected": violation.expected,
    })
}

pub fn warning_json(warning: &Warning) -> Value {
    json!({"pointer": warning.pointer, "message": warning.message})
}

/// What of a document was skipped, beside the warnings of a body: it has a file.
pub fn skipped_json(skipped: &Diagnostic) -> Value {
    let location = skipped.location.as_ref();
    json!({
        "file": skipped.file,
        "pointer": skipped.pointer,
        "line": location.map(|location| location.line),
        "column": location.map(|location| location.column),
        "message": skipped.named(),
    })
}
