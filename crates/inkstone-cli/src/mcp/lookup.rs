//! The tools that send nothing.

use std::path::Path;

use inkstone::Operation;
use serde_json::{Value, json};

use crate::batch::status;
use crate::ledger::LedgerError;
use crate::mcp::arguments::Arguments;
use crate::mcp::input_pictures;
use crate::mcp::order::{CALLER, checked, choose};
use crate::mcp::result::{Called, ToolError, json_result};
use crate::mcp::schemas;
use crate::mcp::tool_name::ALL;
use crate::orders::dispatcher::Dispatcher;
use crate::request::choose_operation;
use crate::request::document;

/// The models; of one, its schemas and prices.
pub fn models(dispatcher: &Dispatcher, arguments: &Arguments) -> Called {
    let name = arguments.text("model")?;
    let targets = &dispatcher.targets;
    let all = choose_operation::by_preference().into_iter();
    let reached = all.filter(|operation| {
        let is_asked_for = name.is_none_or(|name| operation.models.contains(&name));
        targets.has(operation.api) && is_asked_for
    });
    let described: Vec<Value> = reached.map(|operation| describe(operation, name)).collect();
    match (name, described.is_empty()) {
        (Some(name), true) => Err(choose(None, targets, &json!({"model": name}))
            .err()
            .unwrap_or_else(|| ToolError::new("unknown_model", name))),
        (Some(name), false) => Ok(json_result(json!({
            "documents": described,
            "prices": dispatcher.prices.json(name),
        }))),
        (None, _) => Ok(json_result(json!({"documents": described}))),
    }
}

fn describe(operation: &Operation, name: Option<&str>) -> Value {
    let tools = ALL
        .iter()
        .filter(|(tool, ..)| tool.orders() && schemas::is_for(*tool, operation))
        .map(|(_, name, _)| *name);
    let mut json = json!({
        "document": document::title(operation),
        "models": operation.models,
        "tools": tools.collect::<Vec<_>>(),
    });
    if name.is_some() {
        json["request"] = (*document::request_schema(operation)).clone();
    }
    json
}

/// Whether a request is valid, and what it may cost.
pub fn check(dispatcher: &Dispatcher, arguments: Arguments) -> Called {
    let (operation, model, request) = read(dispatcher, arguments)?;
    checked(operation, &request)?;
    Ok(json_result(json!({
        "valid": true,
        "document": document::title(operation),
        "cost": dispatcher.quote(operation, &model, &request).json(),
    })))
}

/// What a request may cost, and what was spent before.
pub async fn price(dispatcher: &Dispatcher, arguments: Arguments) -> Called {
    let (operation, model, request) = read(dispatcher, arguments)?;
    let spent = dispatcher.ledger.spent(CALLER).await;
    let spent = spent.map_err(|LedgerError(why)| ToolError::new("ledger_unreadable", why))?;
    let spent: Vec<Value> = spent
        .iter()
        .map(|spent| {
            json!({
                "currency": spent.currency,
                "cost": spent.cost.number(),
                "pictures": spent.images,
                "unpriced_pictures": spent.unpriced,
            })
        })
        .collect();
    Ok(json_result(json!({
        "cost": dispatcher.quote(operation, &model, &request).json(),
        "spent": spent,
    })))
}

fn read(
    dispatcher: &Dispatcher,
    mut arguments: Arguments,
) -> Result<(&'static Operation, String, Value), ToolError> {
    let mut request = arguments.take_request()?;
    input_pictures::read_files(&mut request)?;
    let (operation, model) = choose(None, &dispatcher.targets, &request)?;
    Ok((operation, model, request))
}

/// What has become of a batch.
pub fn batch(arguments: &Arguments) -> Called {
    let directory = arguments.required_text("directory")?;
    match status::read(Path::new(directory)) {
        Ok(status) => Ok(json_result(status)),
        Err(error) => Err(ToolError::new("no_batch", error.message)),
    }
}
