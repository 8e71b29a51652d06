//! The server that the SDK calls.

use std::sync::Arc;

use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ErrorData, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};

use crate::ledger::account::Budget;
use crate::mcp::arguments::Arguments;
use crate::mcp::result::{Called, ToolError};
use crate::mcp::tool_name::ToolName;
use crate::mcp::{lookup, order, task, tools};
use crate::orders::dispatcher::Dispatcher;

/// What an agent is told of all tools.
const INSTRUCTIONS: &str = "\
Pictures by image models. Begin with `models`; `check` and `price` send nothing. \
`generate`, `edit` and `submit` order pictures, which are billed: give each order a call_id of \
your own, and repeat a call with the same one if its result was lost. An answer with \
violations says what to change, by JSON pointer and rule; nothing was sent then. Results have \
the paths of the pictures.";

/// The tools, and what they may spend.
#[derive(Clone)]
pub struct Tools {
    dispatcher: Arc<Dispatcher>,
    /// `None`: nothing may be ordered.
    budget: Option<Arc<Budget>>,
    /// As an agent is told of them.
    described: Arc<[Tool]>,
}

impl Tools {
    pub fn new(dispatcher: Arc<Dispatcher>, budget: Option<Arc<Budget>>) -> Self {
        let described = tools::all(&dispatcher.targets).into();
        Self {
            dispatcher,
            budget,
            described,
        }
    }

    async fn call(&self, name: ToolName, arguments: Arguments) -> Called {
        let dispatcher = &self.dispatcher;
        match name {
            ToolName::Models => lookup::models(dispatcher, &arguments),
            ToolName::Check => lookup::check(dispatcher, arguments),
            ToolName::Price => lookup::price(dispatcher, arguments).await,
            ToolName::Batch => lookup::batch(&arguments),
            ToolName::Generate | ToolName::Edit | ToolName::Submit => {
                order::place(dispatcher, self.budget.as_deref(), name, arguments).await
            }
            ToolName::Wait => task::wait(dispatcher, &arguments).await,
            ToolName::Tasks => task::list(dispatcher, &arguments).await,
        }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("inkstone", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.described.to_vec()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let described = self.described.iter().find(|tool| tool.name == request.name);
        let (Some(name), Some(tool)) = (ToolName::find(&request.name), described) else {
            let message = format!("there is no tool {:?}", request.name);
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = Arguments(request.arguments.unwrap_or_default());
        let called = match arguments.are_of(tool) {
            Ok(()) => self.call(name, arguments).await,
            Err(error) => Err(error),
        };
        Ok(called.unwrap_or_else(ToolError::into_result).into())
    }
}
