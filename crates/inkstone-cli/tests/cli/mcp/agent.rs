//! A server of tools, and a client that is connected to it.

use std::path::Path;
use std::process::Stdio;

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RoleClient, RunningService};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::support::command::{bare, with_keys};
use crate::support::served::Served;

/// A server, and a client that is connected to it.
pub struct Agent {
    pub client: RunningService<RoleClient, ()>,
    server: Child,
}

impl Agent {
    pub async fn start(command: std::process::Command) -> Self {
        let mut command = Command::from(command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let streams = (server.stdout.take().unwrap(), server.stdin.take().unwrap());
        let client = ().serve(streams).await.unwrap();
        Self { client, server }
    }

    pub async fn with_sandbox() -> Self {
        let mut command = bare();
        command.args(["mcp", "--sandbox"]);
        Self::start(command).await
    }

    pub async fn in_front_of(sandbox: &Served, out: &Path, flags: &[&str]) -> Self {
        Self::at(&sandbox.url, "gateway", out, flags).await
    }

    /// In front of an API at this address.
    pub async fn at(url: &str, api: &str, out: &Path, flags: &[&str]) -> Self {
        let mut command = with_keys();
        command.args(["mcp", "--api", api, "--base-url", url, "--out"]);
        command.arg(out).args(flags);
        Self::start(command).await
    }

    /// Ends it at once, as a power failure would.
    pub async fn kill(mut self) {
        self.server.kill().await.unwrap();
    }

    pub async fn call(&self, name: &'static str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else {
            panic!("{arguments}");
        };
        let params = CallToolRequestParams::new(name).with_arguments(arguments);
        self.client.call_tool(params).await.unwrap()
    }

    pub async fn json(&self, name: &'static str, arguments: Value) -> Value {
        let result = self.call(name, arguments).await;
        result.structured_content.unwrap()
    }
}
