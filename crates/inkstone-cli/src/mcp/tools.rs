//! Which tools there are.

use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use crate::mcp::schemas;
use crate::mcp::task;
use crate::mcp::tool_name::{ALL, ToolName};
use crate::orders::targets::Targets;

/// All tools, for the APIs that can be reached.
pub fn all(targets: &Targets) -> Vec<Tool> {
    let tool = |(name, own, description): &(ToolName, &'static str, &'static str)| {
        let orders = name.orders();
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
                    "type": "integer",
                    "minimum": 1,
                    "maximum": task::MOST_SECONDS,
                    "default": task::SECONDS,
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
