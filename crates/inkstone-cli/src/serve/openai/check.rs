//! Chooses the operation of a request by its model, and checks the request against the
//! operation's document.

use hyper::StatusCode;
use inkstone::{Operation, Violation};
use serde_json::{Value, json};

use crate::args::api::Api;
use crate::orders::targets::Targets;
use crate::request::choose_operation;
use crate::request::document;
use crate::request::shape::Shape;
use crate::request::verdict::{Verdict, violation_json};
use crate::request::words::explain;
use crate::request::words::taken::takes_pictures;
use crate::serve::api_error::ApiError;
use crate::serve::openai::body::Body;
use crate::serve::openai::fields::Fields;

/// A request that its document accepts.
#[derive(Debug)]
pub struct Checked {
    pub operation: &'static Operation,
    pub model: String,
    pub body: Value,
}

/// The request of these fields, for one of the APIs that can be reached.
pub fn check(fields: &Fields, targets: &Targets) -> Result<Checked, ApiError> {
    let model = match &fields.model {
        Some(model) => model.clone(),
        None => default_model(targets),
    };
    let mut first_error = None;
    for operation in candidates(fields, &model, targets) {
        let body = Body::build(operation, &model, fields);
        let verdict = Verdict::check(operation, &body.json);
        if verdict.violations.is_empty() {
            return Ok(Checked {
                operation,
                model,
                body: body.json,
            });
        }
        first_error.get_or_insert_with(|| invalid(operation, &body, &verdict));
    }
    Err(first_error.unwrap_or_else(|| unknown_model(&model)))
}

/// The operations for a request: those of the first API that has the model, and has it for
/// pictures where there are some. Another API is no way around the rules of the first.
fn candidates(fields: &Fields, model: &str, targets: &Targets) -> Vec<&'static Operation> {
    let mut found = choose_operation::candidates(None, model);
    found.retain(|operation| targets.has(operation.api));
    if fields.others.contains_key("input") {
        let is_nested = |found: &Operation| !matches!(Shape::for_operation(found), Shape::Flat);
        prefer(&mut found, is_nested);
    }
    if !fields.images.is_empty() {
        prefer(&mut found, takes_pictures);
    }
    if let Some(first) = found.first().map(|operation| operation.api) {
        found.retain(|operation| operation.api == first);
    }
    found
}

/// Leaves the operations that fit, if there are any.
fn prefer(found: &mut Vec<&'static Operation>, fits: impl Fn(&Operation) -> bool) {
    if found.iter().any(|operation| fits(operation)) {
        found.retain(|operation| fits(operation));
    }
}

/// The default model of the first API that can be reached.
fn default_model(targets: &Targets) -> String {
    let mut apis = Api::all().filter(|api| targets.has(api.name()));
    let model = apis.next().map(Api::default_model);
    model.unwrap_or_default().to_owned()
}

/// The error for a model that no API has which can be reached.
pub fn unknown_model(model: &str) -> ApiError {
    let elsewhere = choose_operation::candidates(None, model);
    let message = match elsewhere.first() {
        Some(operation) => format!(
            "the API {} has the model {model:?}, and this server has no address or key for it",
            operation.api
        ),
        None => choose_operation::unknown_in_full(model),
    };
    let error = ApiError::new(StatusCode::NOT_FOUND, "model_not_found", message);
    error.more(json!({"param": "model"}))
}

fn invalid(operation: &Operation, body: &Body, verdict: &Verdict<'_>) -> ApiError {
    let document = document::title(operation);
    let describe = |violation: &Violation| {
        let field = body.violated_field(violation);
        let field = field.unwrap_or_else(|| "(root)".to_owned());
        explain::at(&field, violation)
    };
    let lines: Vec<String> = verdict.violations.iter().map(describe).collect();
    let first = verdict.violations.first();
    let param = first.and_then(|violation| body.violated_field(violation));
    let code = first.map_or("invalid_value", |violation| code(violation.keyword));
    let message = format!("{} ({document})", lines.join("; "));
    let violations: Vec<Value> = verdict.violations.iter().map(violation_json).collect();
    let error = ApiError::request(code, param.as_deref(), message);
    error.more(json!({"document": document, "violations": violations}))
}

/// OpenAI's code for the rule that was broken.
fn code(keyword: &str) -> &'static str {
    match keyword {
        "required" => "missing_required_parameter",
        "additionalProperties" | "unevaluatedProperties" => "unknown_parameter",
        "type" => "invalid_type",
        _ => "invalid_value",
    }
}

/// The models that can be reached, each with the operation that it is chosen for.
pub fn models(targets: &Targets) -> Vec<(&'static str, &'static Operation)> {
    let mut models: Vec<(&str, &Operation)> = Vec::new();
    for operation in choose_operation::by_preference() {
        let is_reached =
            targets.has(operation.api) && !document::request_schema(operation).is_null();
        for model in operation.models.iter().filter(|_| is_reached) {
            if !models.iter().any(|(known, _)| known == model) {
                models.push((model, operation));
            }
        }
    }
    models
}
