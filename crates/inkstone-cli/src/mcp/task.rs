//! The tools that are about tasks.

use std::time::Duration;

use inkstone::{TaskFilter, TaskStatus};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::call_error;
use crate::ledger::LedgerError;
use crate::mcp::arguments::Arguments;
use crate::mcp::result::{self, Called, ToolError, json_result};
use crate::orders::dispatcher::Dispatcher;

/// How long to wait, in seconds, unless a call says otherwise: less than clients wait for a
/// tool.
pub const SECONDS: u64 = 50;

/// The longest wait, in seconds.
pub const MOST_SECONDS: u64 = 600;

/// Waits for a task and saves its pictures.
pub async fn wait(dispatcher: &Dispatcher, arguments: &Arguments) -> Called {
    let task_id = arguments.required_text("task_id")?;
    let seconds = arguments.number("seconds", MOST_SECONDS)?;
    let seconds = seconds.unwrap_or(SECONDS);
    let waiting = dispatcher.wait_for_task(task_id);
    match timeout(Duration::from_secs(seconds), waiting).await {
        Ok(waited) => {
            let broken = |LedgerError(why)| ToolError::new("ledger_unreadable", why);
            let answer = waited.map_err(broken)?.ok_or_else(no_tasks)?;
            result::of_answer(&answer, &dispatcher.out, false).await
        }
        Err(_) => Ok(json_result(json!({
            "task_id": task_id,
            "still_running": true,
            "advice": "call `wait` again",
        }))),
    }
}

/// Lists tasks.
pub async fn list(dispatcher: &Dispatcher, arguments: &Arguments) -> Called {
    let status = arguments.text("status")?;
    let filter = TaskFilter {
        status: status.map(|status| TaskStatus::new(&status.to_uppercase())),
        model_name: arguments.text("model")?.map(str::to_owned),
        ..TaskFilter::default()
    };
    let (operation, target) = dispatcher.task_api().ok_or_else(no_tasks)?;
    let client = target.client.with_tasks_of(operation);
    let found = client.list(&filter).await.map_err(|error| {
        let failed = call_error::without_key(&error, target.address.key());
        ToolError::new("tasks_not_listed", failed.message)
    })?;
    let tasks: Vec<Value> = found
        .tasks()
        .into_iter()
        .map(|task| {
            json!({
                "task_id": task.id,
                "status": task.status.map(|status| status.to_string()),
                "model": task.model,
            })
        })
        .collect();
    Ok(json_result(json!({"tasks": tasks})))
}

fn no_tasks() -> ToolError {
    let message = "no API with tasks has an address and a key here";
    ToolError::new("no_tasks", message)
}
