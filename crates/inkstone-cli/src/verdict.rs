//! What the document says of a request: its violations and warnings, in words.

use inkstone::{Node, Operation, Violation, Warning, check_images};
use serde_json::{Value, json};

use crate::body::Body;
use crate::document;
use crate::exit::{Code, Failure};
use crate::output;

/// What a document says of a body.
pub struct Verdict {
    pub violations: Vec<Violation>,
    pub warnings: Vec<Warning>,
}

impl Verdict {
    pub fn of(operation: &Operation, body: &Value) -> Self {
        let request = document::request(operation, body);
        let node = Node::from(&*request);
        let mut report = (operation.check_request)(&node);
        let mut warnings = report.take_warnings();
        let mut violations = report.violations().to_vec();
        violations.extend(check_images(operation, &node));
        let places = violations.iter_mut().map(|it| &mut it.pointer);
        for place in places.chain(warnings.iter_mut().map(|it| &mut it.pointer)) {
            *place = document::in_body(operation, place).to_owned();
        }
        Self {
            violations,
            warnings,
        }
    }

    /// Prints the warnings; fails when there are violations. `flags` says which
    /// flags the body was made from, when it was.
    pub fn conclude(&self, document: &str, flags: Option<&Body>) -> Result<(), Failure> {
        for it in &self.warnings {
            output::warning(&format!("{}: {}", place(&it.pointer, flags), it.message));
        }
        if self.violations.is_empty() {
            return Ok(());
        }
        let rules = match self.violations.len() {
            1 => "a rule".to_owned(),
            count => format!("{count} rules"),
        };
        let details = self.violations.iter().map(|it| violation(it, flags));
        Err(Failure::new(
            Code::Invalid,
            format!("the request breaks {rules} of {document}"),
        )
        .details(details.collect())
        .hint("`inkstone models` lists what each model accepts"))
    }
}

fn violation(it: &Violation, flags: Option<&Body>) -> String {
    let Violation {
        keyword,
        value,
        expected,
        ..
    } = it;
    let place = match flags.and_then(|body| missing_flag(it, body)) {
        Some(flag) => flag.to_owned(),
        None => place(&it.pointer, flags),
    };
    format!("{place}: {keyword}: expected {expected}, found {value}")
}

/// The flag that would set the field that `it` misses.
fn missing_flag<'a>(it: &Violation, flags: &'a Body) -> Option<&'a str> {
    // The field stands in no pointer: it is named in the text alone.
    let name = it.expected.split('"').nth(1)?;
    let is_missing = it.keyword == "required";
    is_missing.then(|| flags.flag(&format!("{}/{name}", it.pointer)))?
}

/// A pointer in the words of the command line, where it has some.
fn place(pointer: &str, flags: Option<&Body>) -> String {
    let shown = if pointer.is_empty() {
        "(root)"
    } else {
        pointer
    };
    match flags.and_then(|body| body.flag(pointer)) {
        Some(flag) => format!("{flag} ({shown})"),
        None => shown.to_owned(),
    }
}

pub fn violation_json(it: &Violation) -> Value {
    json!({
        "pointer": it.pointer,
        "keyword": it.keyword,
        "value": it.value,
        "expected": it.expected,
    })
}

pub fn warning_json(it: &Warning) -> Value {
    json!({"pointer": it.pointer, "message": it.message})
}
