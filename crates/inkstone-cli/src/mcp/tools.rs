//! Which tools there are.

use rmcp::model::{CallToolResult, Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use crate::mcp::result::ToolError;
use crate::mcp::schemas;
use crate::orders::targets::Targets;

/// What a call of a tool brings.
pub type Called = Result<CallToolResult, ToolError>;

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolName {
    Models,
    Check,
    Price,
    Generate,
    Edit,
    Submit,
    Wait,
    Tasks,
    Batch,
}

const ALL: [(ToolName, &str, &str); 9] = [
    (
        ToolName::Models,
        "models",
        "List the models, or with a name what that model accepts and costs. Sends nothing.",
    ),
    (
        ToolName::Check,
        "check",
        "Check a request against its document: violations with JSON pointer and rule, and what \
         it may cost. Sends nothing.",
    ),
    (
        ToolName::Price,
        "price",
        "What a request may cost, and what is left of the budget. Sends nothing.",
    ),
    (
        ToolName::Generate,
        "generate",
        "Make pictures, which are billed, and save them. The result has their paths and small \
         copies.",
    ),
    (
        ToolName::Edit,
        "edit",
        "Make pictures from pictures, which are billed, and save them. A picture that goes in is \
         a URL, a data URI, or the path of a file on this machine.",
    ),
    (
        ToolName::Submit,
        "submit",
        "Begin to make pictures, which are billed, as a task. The result has the task's id for \
         `wait`; its pictures are kept for a day.",
    ),
    (
        ToolName::Wait,
        "wait",
        "Wait for a task and save its pictures. Where it is still running after the time, wait \
         again.",
    ),
    (
        ToolName::Tasks,
        "tasks",
        "List the tasks of the last 24 hours.",
    ),
    (
        ToolName::Batch,
        "batch_status",
        "What has become of the jobs of `inkstone batch` in a directory.",
    ),
];

impl ToolName {
    pub fn find(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(_, own, _)| *own == name)?;
        Some(found.0)
    }
}

/// All tools, for the APIs that can be reached.
pub fn all(targets: &Targets) -> Vec<Tool> {
    let tool = |(name, own, description): &(ToolName, &'static str, &'static str)| {
        let orders = matches!(name, ToolName::Generate | ToolName::Edit | ToolName::Submit);
        let annotations = ToolAnnotations::new()
            .read_only(!orders && *name != ToolName::Wait)
            .destructive(false)
            // The same call_id submits once.
            .idempotent(true)
            .open_world(orders || matches!(name, ToolName::Wait | ToolName::Tasks));
        Tool::new(*own, *description, schema(*name, targets)).with_annotations(annotations)
    };
    ALL.iter().map(tool).collect()
}

fn schema(name: ToolName, targets: &Targets) -> Map<String, Value> {
    match name {
        ToolName::Generate | ToolName::Edit | ToolName::Submit => schemas::order(name, targets),
        ToolName::Check | ToolName::Price => schemas::object(
            &["request"],
            json!({"request": {
                "type": "object",
                "description": "The request, as `generate`, `edit` or `submit` takes it.",
            }}),
        ),
        ToolName::Models => schemas::object(
            &[],
            json!({"model": {"type": "string", "description": "Only this model."}}),
        ),
        ToolName::Wait => schemas::object(
            &["task_id"],
            json!({
                "task_id": {"type": "string", "minLength": 1},
                "seconds": {
                    "type": "integer", "minimum": 1, "maximum": 600, "default": 50,
                    "description": "How long to wait.",
                },
            }),
        ),
        ToolName::Tasks => schemas::object(
            &[],
            json!({
                "status": {"type": "string", "description": "Such as PENDING, RUNNING, SUCCEEDED."},
                "model": {"type": "string"},
            }),
        ),
        ToolName::Batch => schemas::object(
            &["directory"],
            json!({"directory": {"type": "string", "description": "The --out of the batch."}}),
        ),
    }
}
