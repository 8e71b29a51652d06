//! What a document says about a request: violations and warnings, in words.

use inkstone::{Node, Operation, Violation, Warning, check_images};
use serde_json::{Value, json};

use crate::console;
use crate::error::{CliError, Code};
use crate::request::body::Body;
use crate::request::document;

/// What a document says about a body.
pub struct Verdict {
    pub violations: Vec<Violation>,
    pub warnings: Vec<Warning>,
}

impl Verdict {
    pub fn check(operation: &Operation, body: &Value) -> Self {
        let request = document::request(operation, body);
        let node = Node::from(&*request);
        let mut report = (operation.check_request)(&node);
        let mut warnings = report.take_warnings();
        let mut violations = report.violations().to_vec();
        violations.extend(check_images(operation, &node));
        let pointers = violations
            .iter_mut()
            .map(|violation| &mut violation.pointer);
        let others = warnings.iter_mut().map(|warning| &mut warning.pointer);
        for pointer in pointers.chain(others) {
            *pointer = document::in_body(operation, pointer).to_owned();
        }
        Self {
            violations,
            warnings,
        }
    }

    /// Prints the warnings, and fails if there are violations. `flags` knows the flags that
    /// the body was made from.
    pub fn conclude(&self, document: &str, flags: Option<&Body>) -> Result<(), CliError> {
        for warning in &self.warnings {
            let place = place(&warning.pointer, flags);
            console::warning(&format!("{place}: {}", warning.message));
        }
        if self.violations.is_empty() {
            return Ok(());
        }
        let rules = match self.violations.len() {
            1 => "a rule".to_owned(),
            count => format!("{count} rules"),
        };
        let details = self.violations.iter();
        let details = details.map(|violation| violation_text(violation, flags));
        Err(CliError::new(
            Code::Invalid,
            format!("the request breaks {rules} of {document}"),
        )
        .details(details.collect())
        .hint("`inkstone models` lists what each model accepts"))
    }
}

fn violation_text(violation: &Violation, flags: Option<&Body>) -> String {
    let place = match flags.and_then(|body| missing_flag(violation, body)) {
        Some(flag) => flag.to_owned(),
        None => place(&violation.pointer, flags),
    };
    describe_violation(&place, violation)
}

/// The flag that would set a missing field.
fn missing_flag<'a>(violation: &Violation, flags: &'a Body) -> Option<&'a str> {
    // Only the text names the field; the pointer is that of the object around it.
    let name = violation.expected.split('"').nth(1)?;
    let is_missing = violation.keyword == "required";
    is_missing.then(|| flags.flag(&format!("{}/{name}", violation.pointer)))?
}

/// A violation at `place`, in words.
pub fn describe_violation(place: &str, violation: &Violation) -> String {
    let Violation {
        keyword,
        value,
        expected,
        ..
    } = violation;
    format!("{place}: {keyword}: expected {expected}, found {value}")
}

/// A pointer as messages show it.
pub fn shown(pointer: &str) -> &str {
    match pointer {
        "" => "(root)",
        pointer => pointer,
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
