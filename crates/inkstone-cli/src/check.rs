//! `inkstone check`: is this body a request that its document accepts?

use std::path::Path;

use apifox_document::Severity;
use apifox_review::Meant;
use inkstone::Operation;
use serde_json::{Value, json};

use crate::args::Check;
use crate::choose;
use crate::exit::{Code, Failure};
use crate::input;
use crate::output;
use crate::schema;
use crate::verdict::{Verdict, violation_json, warning_json};

/// A body that no document can be chosen for.
struct Refusal {
    violation: Value,
    failure: Failure,
}

pub fn run(args: &Check) -> Result<(), Failure> {
    let bytes = input::bytes(&args.file)?;
    if let Some(document) = &args.document {
        return against(document, args, &bytes);
    }
    let (operation, body) = match read(args, &bytes) {
        Ok(found) => found,
        Err(refusal) => {
            if args.json {
                print(None, &[refusal.violation], &[])?;
            }
            return Err(refusal.failure);
        }
    };
    let document = format!("{}/{}", operation.api, operation.name);
    conclude(&Verdict::of(operation, &body), &document, args.json)
}

/// Checks a body against a document that was given.
fn against(document: &Path, args: &Check, bytes: &[u8]) -> Result<(), Failure> {
    let body = input::json(&args.file, bytes)?;
    let meant = Meant {
        operation: args.operation.as_deref(),
        reply: args.reply,
    };
    let name = document.display().to_string();
    let violations = apifox_review::check(document, &meant, &body).map_err(|problems| {
        output::problems(&problems.0, Severity::Error);
        schema::refused(&name, problems.0.len())
    })?;
    let verdict = Verdict {
        violations,
        warnings: Vec::new(),
    };
    conclude(&verdict, &name, args.json)
}

fn conclude(verdict: &Verdict, document: &str, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let violations: Vec<_> = verdict.violations.iter().map(violation_json).collect();
        let warnings: Vec<_> = verdict.warnings.iter().map(warning_json).collect();
        print(Some(document), &violations, &warnings)?;
    }
    verdict.conclude(document, None)?;
    match as_json {
        true => Ok(()),
        false => output::line(&format!("valid: {document}")),
    }
}

fn print(document: Option<&str>, violations: &[Value], warnings: &[Value]) -> Result<(), Failure> {
    output::json(&json!({
        "valid": violations.is_empty(),
        "document": document,
        "violations": violations,
        "warnings": warnings,
    }))
}

/// The body, and the operation that its model names.
fn read(args: &Check, bytes: &[u8]) -> Result<(&'static Operation, Value), Box<Refusal>> {
    let body = input::json(&args.file, bytes).map_err(|failure| Refusal {
        violation: violation("", "json", "", &failure.message),
        failure,
    })?;
    let model = body.get("model");
    let name = model.and_then(Value::as_str);
    match name.and_then(|name| choose::by_body(args.api, name, &body)) {
        Some(operation) => Ok((operation, body)),
        None => Err(Box::new(refusal(args, model))),
    }
}

fn refusal(args: &Check, model: Option<&Value>) -> Refusal {
    let name = model.and_then(Value::as_str);
    let (keyword, message) = match (model, name) {
        (_, Some(name)) => ("enum", choose::unknown(args.api, name)),
        (Some(_), None) => ("type", "the model's name is no text".to_owned()),
        (None, None) => ("required", "the body names no model".to_owned()),
    };
    let advice = name.and_then(|name| choose::advice(args.api, name));
    let value = model.map(Value::to_string).unwrap_or_default();
    Refusal {
        violation: violation("/model", keyword, &value, "a known model"),
        failure: Failure::new(Code::Invalid, format!("/model: {message}"))
            .details(choose::known(args.api))
            .hint(advice.unwrap_or_else(|| "the body's model must be one of these".to_owned())),
    }
}

fn violation(pointer: &str, keyword: &str, value: &str, expected: &str) -> Value {
    json!({"pointer": pointer, "keyword": keyword, "value": value, "expected": expected})
}
