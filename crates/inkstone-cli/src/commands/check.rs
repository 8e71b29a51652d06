//! `inkstone check`: whether a document accepts a body.

use apifox_document::{Diagnostic, Severity};
use apifox_review::{BodyChecker, BodySelector};
use inkstone::{Node, Operation};
use serde_json::{Value, json};

use tr::tr;

use crate::args::api::Api;
use crate::args::check::CheckArgs;
use crate::commands::schema::rust::refused;
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;
use crate::request::choose_operation;
use crate::request::document;
use crate::request::verdict::{Verdict, skipped_json, violation_json, warning_json};

/// Why no document can be chosen for a body.
#[derive(Debug)]
pub struct NoDocument {
    pub violation: Value,
    pub error: CliError,
}

pub fn run(args: &CheckArgs) -> Result<(), CliError> {
    let bytes = input::bytes(&args.file)?;
    if let Some(given) = Given::read(args)? {
        let body = input::json(&args.file, &bytes)?;
        let (verdict, document) = given.judge(&body, &Node::from(&body));
        console::problems(given.checker.skipped(), Severity::Warning);
        let skipped = given.checker.skipped();
        return conclude(&verdict, &document, skipped, None, args.json);
    }
    let (operation, body) = match read(args, &bytes) {
        Ok(found) => found,
        Err(none) => {
            if args.json {
                print(None, &[none.violation], &[], None)?;
            }
            return Err(none.error);
        }
    };
    let document = document::title(operation);
    let model = body["model"].as_str().unwrap_or_default();
    let prices = Prices::load(None)?;
    let quote = Quote::at(&prices, operation, model, &body, None);
    let verdict = Verdict::check(operation, &body);
    conclude(&verdict, &document, &[], Some(&quote), args.json)
}

/// The document of `--document`.
pub struct Given {
    pub checker: BodyChecker,
    name: String,
    is_request: bool,
}

impl Given {
    /// The document, where one is given.
    pub fn read(args: &CheckArgs) -> Result<Option<Self>, CliError> {
        let Some(document) = &args.document else {
            return Ok(None);
        };
        input::check_readable(document)?;
        let selector = BodySelector {
            operation: args.operation.as_deref(),
            reply: args.reply,
        };
        let name = document.display().to_string();
        match apifox_review::checker(document, &selector) {
            Ok(checker) => Ok(Some(Self {
                checker,
                name,
                is_request: args.reply.is_none(),
            })),
            Err(problems) => Err(refused(&name, &problems)),
        }
    }

    /// The verdict on a body, and the name of what describes it.
    pub fn judge(&self, body: &Value, node: &Node<'_>) -> (Verdict<'static>, String) {
        let judgement = self.checker.judge(body);
        let name = match judgement.described_by {
            None => self.name.clone(),
            Some(part) => format!("{} ({part})", self.name),
        };
        (
            Verdict::of_judgement(judgement, node, self.is_request),
            name,
        )
    }
}

fn conclude(
    verdict: &Verdict<'_>,
    document: &str,
    skipped: &[Diagnostic],
    quote: Option<&Quote>,
    as_json: bool,
) -> Result<(), CliError> {
    if as_json {
        let violations: Vec<_> = verdict.violations.iter().map(violation_json).collect();
        let warnings = verdict.warnings.iter().map(warning_json);
        let warnings: Vec<_> = warnings.chain(skipped.iter().map(skipped_json)).collect();
        print(Some(document), &violations, &warnings, quote)?;
    }
    verdict.conclude(document, None)?;
    if as_json {
        return Ok(());
    }
    console::line(&tr!("valid: {document}", document))?;
    let lines = quote.map_or_else(Vec::new, Quote::lines);
    lines.iter().try_for_each(|line| console::prose(line))
}

fn print(
    document: Option<&str>,
    violations: &[Value],
    warnings: &[Value],
    quote: Option<&Quote>,
) -> Result<(), CliError> {
    console::json(&json!({
        "valid": violations.is_empty(),
        "document": document,
        "violations": violations,
        "warnings": warnings,
        "cost": quote.map(Quote::json),
    }))
}

/// The body, and the operation of its model.
fn read(args: &CheckArgs, bytes: &[u8]) -> Result<(&'static Operation, Value), Box<NoDocument>> {
    let body = input::json(&args.file, bytes).map_err(|error| NoDocument {
        violation: violation("", "json", "", &error.message),
        error,
    })?;
    if !body.is_object() {
        let message = tr!("the body is not a JSON object");
        return Err(Box::new(NoDocument {
            violation: violation("", "type", "", "an object"),
            error: CliError::invalid(message),
        }));
    }
    let model = body.get("model");
    let name = model.and_then(Value::as_str);
    match name.and_then(|name| choose_operation::by_body(args.api, name, &body)) {
        Some(operation) => Ok((operation, body)),
        None => Err(Box::new(no_document(args.api, model))),
    }
}

pub fn no_document(api: Option<Api>, model: Option<&Value>) -> NoDocument {
    let name = model.and_then(Value::as_str);
    let (keyword, message) = match (model, name) {
        (_, Some(name)) => ("enum", choose_operation::unknown(api, name)),
        (Some(_), None) => ("type", tr!("the model's name is not a text")),
        (None, None) => ("required", tr!("the body names no model")),
    };
    let advice = name.and_then(|name| choose_operation::advice(api, name));
    let value = model.map(Value::to_string).unwrap_or_default();
    NoDocument {
        violation: violation("/model", keyword, &value, "a known model"),
        error: CliError::invalid(format!("/model: {message}"))
            .hint(advice.unwrap_or_else(choose_operation::see_models)),
    }
}

pub fn violation(pointer: &str, keyword: &str, value: &str, expected: &str) -> Value {
    json!({"pointer": pointer, "keyword": keyword, "value": value, "expected": expected})
}
