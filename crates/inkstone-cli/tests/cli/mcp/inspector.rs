//! The npm inspector, `@modelcontextprotocol/inspector --cli`: another client than that of
//! the SDK.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::command::run;
use crate::support::packages;

fn inspect(directory: &Path, more: &[&str]) -> Value {
    let inspector = directory.join("node_modules/.bin/mcp-inspector");
    let mut command = Command::new(inspector);
    command.args(["--cli", env!("CARGO_BIN_EXE_inkstone"), "mcp", "--sandbox"]);
    let ended = run(command.args(more));
    // 5 is for a tool that reports an error.
    assert!([0, 5].contains(&ended.code), "{ended:#?}");
    ended.json()
}

#[test]
fn the_inspector_lists_tools_gets_a_violation_and_then_a_picture() {
    let Some(directory) = packages::node("@modelcontextprotocol/inspector") else {
        return;
    };
    let tools = inspect(&directory, &["--method", "tools/list"]);
    assert_eq!(tools["tools"][3]["name"], "generate", "{tools:#}");
    let call = |request: &Value| {
        let request = format!("request={request}");
        let more = [
            "--method",
            "tools/call",
            "--tool-name",
            "generate",
            "--tool-arg",
            &request,
            "--tool-arg",
            "call_id=first",
        ];
        inspect(&directory, &more)
    };
    let wrong = call(&json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 9}));
    let error = &wrong["structuredContent"]["error"];
    assert_eq!(error["violations"][0]["pointer"], "/n", "{wrong:#}");
    let made = call(&json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 1}));
    assert_eq!(made["isError"], false, "{made:#}");
    assert_eq!(made["content"][1]["type"], "resource_link", "{made:#}");
}
