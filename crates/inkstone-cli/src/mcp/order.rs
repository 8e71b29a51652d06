//! The tools that order pictures.

use std::sync::Arc;

use inkstone::{Node, Operation};
use serde_json::{Value, json};

use crate::ledger::LedgerError;
use crate::ledger::account::Budget;
use crate::ledger::claim::{Claimed, Identity};
use crate::ledger::running;
use crate::mcp::arguments::Arguments;
use crate::mcp::input_pictures;
use crate::mcp::result::{self, Called, ToolError};
use crate::mcp::schemas::{self, LONGEST_ID};
use crate::mcp::tool_name::ToolName;
use crate::orders::dispatcher::Dispatcher;
use crate::orders::order::{Order, OrderPrice};
use crate::orders::targets::Targets;
use crate::request::choose_operation;
use crate::request::document;
use crate::request::verdict::{Verdict, violation_json};
use crate::request::words::explain;

/// Whose orders an agent's are in the ledger.
pub const CALLER: &str = "agent";

/// Orders pictures, where there is a budget.
pub async fn place(
    dispatcher: &Arc<Dispatcher>,
    budget: Option<&Budget>,
    name: ToolName,
    mut arguments: Arguments,
) -> Called {
    let mut request = arguments.take_request()?;
    let call_id = arguments.required_text("call_id")?;
    if call_id.chars().count() > LONGEST_ID {
        let message = format!("/call_id: is longer than {LONGEST_ID} characters");
        return Err(ToolError::new("invalid_arguments", message));
    }
    let inputs = input_pictures::read_files(&mut request)?;
    let (operation, model) = choose(Some(name), &dispatcher.targets, &request)?;
    checked(operation, &request)?;
    let Some(budget) = budget else {
        let message = "nothing can be ordered: this server was started without --max-cost";
        return Err(ToolError::new("no_budget", message));
    };
    let quote = dispatcher.quote(operation, &model, &request);
    let order = Order {
        caller: CALLER.to_owned(),
        identity: Identity::Key(call_id.to_owned()),
        budget: budget.clone(),
        operation,
        model,
        price: OrderPrice::new(&quote),
        body: request,
        inputs,
        leaves_task: name == ToolName::Submit,
        _permits: Vec::new(),
    };
    receive(dispatcher, dispatcher.receive(order).await).await
}

/// The result of what an order was taken for.
async fn receive(dispatcher: &Dispatcher, received: Result<Claimed, LedgerError>) -> Called {
    let received = received.map_err(|LedgerError(why)| {
        let message = format!("nothing was sent, for the order can't be noted: {why}");
        ToolError::new("ledger_unwritable", message)
    });
    let (answer, attachment, is_repeated) = match received? {
        Claimed::Conflict => {
            return Err(ToolError::new(
                "call_id_reused",
                "another request was ordered under this call_id: use a new one for this",
            ));
        }
        Claimed::OverBudget(why) => return Err(ToolError::new("over_budget", why)),
        Claimed::NoRoom(why) => {
            let message = format!("nothing was sent, for there is no room for pictures: {why}");
            return Err(ToolError::new("no_room", message));
        }
        Claimed::Answered(answer, attachment) => (answer, attachment, true),
        Claimed::UnderWay(awaited, attachment) => {
            let answer = running::answer(awaited).await;
            let given_up = || ToolError::new("outcome_unknown", "the order was given up");
            (answer.ok_or_else(given_up)?, attachment, false)
        }
    };
    let called = result::of_answer(&answer, &dispatcher.out, is_repeated).await;
    // An order with an id is known again, whether or not this is noted.
    let _ = dispatcher.ledger.deliver(attachment).await;
    called
}

/// The operation of a request, and its model: one that the tool uses, where it is for one.
pub fn choose(
    name: Option<ToolName>,
    targets: &Targets,
    request: &Value,
) -> Result<(&'static Operation, String), ToolError> {
    let model = match &request["model"] {
        Value::String(model) => model.clone(),
        Value::Null => return Err(no_model("required", "the request names no model")),
        _ => return Err(no_model("type", "the model's name is not a text")),
    };
    let mut found = choose_operation::candidates(None, &model);
    found.retain(|operation| targets.has(operation.api));
    if found.is_empty() {
        let message = choose_operation::unknown_in_full(&model);
        return Err(no_model("enum", &message));
    }
    if let Some(name) = name {
        found.retain(|operation| schemas::is_for(name, operation));
    }
    match choose_operation::by_candidates(&found, &Node::from(request)) {
        Some((operation, _)) => Ok((operation, model)),
        None => Err(no_model(
            "enum",
            "this tool does not use the model: `models` says which one does",
        )),
    }
}

fn no_model(keyword: &str, message: &str) -> ToolError {
    let violation = json!({"pointer": "/model", "keyword": keyword, "expected": "a known model"});
    ToolError::new("invalid_request", format!("/model: {message}"))
        .more(json!({"violations": [violation]}))
}

/// Fails with what a request breaks.
pub fn checked(operation: &Operation, request: &Value) -> Result<(), ToolError> {
    let verdict = Verdict::check(operation, request);
    if verdict.violations.is_empty() {
        return Ok(());
    }
    let lines = verdict.violations.iter();
    let lines: Vec<_> = lines
        .map(|violation| explain::in_body(Some(operation), violation))
        .collect();
    let violations: Vec<_> = verdict.violations.iter().map(violation_json).collect();
    Err(
        ToolError::new("invalid_request", lines.join("; ")).more(json!({
            "document": document::title(operation),
            "violations": violations,
            "advice": "nothing was sent: change these and call again",
        })),
    )
}
