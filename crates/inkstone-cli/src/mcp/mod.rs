//! `inkstone mcp`: tools for agents, by the Model Context Protocol.
//!
//! [`handler`] is the server of the official SDK, [`tools`] says which tools there are, and
//! a file each carries out the tools of a kind. What an agent orders goes the way of all
//! orders: through the ledger, within the budget.

mod arguments;
mod handler;
mod http;
mod input_pictures;
mod lookup;
mod order;
mod result;
mod schemas;
mod task;
mod thumbnail;
mod tool_name;
mod tools;

use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::transport::stdio;
use tr::tr;

use crate::args::servers::mcp::McpArgs;
use crate::client::interrupt::Interrupt;
use crate::client::runtime;
use crate::console;
use crate::error::CliError;
use crate::language::for_user;
use crate::ledger::account::Budget;
use crate::ledger::retention::Retention;
use crate::mcp::handler::Tools;
use crate::orders::start::{Preparation, settle};

/// How long an order whose answer was lost is found again by its request alone.
const WINDOW: std::time::Duration = std::time::Duration::from_secs(30 * 60);

pub fn run(args: &McpArgs) -> Result<(), CliError> {
    if let Some(address) = args.http
        && !address.ip().is_loopback()
    {
        let message = tr!("{address} can be reached from other machines", address);
        let hint = tr!("give an address of this one: 127.0.0.1:8789");
        return Err(CliError::usage(message).hint(hint));
    }
    let preparation = Preparation::new(&args.orders)?;
    runtime::run(async {
        let started = preparation.start(WINDOW, Retention::Order).await?;
        let tools = Tools::new(started.dispatcher.clone(), budget(args));
        let mut interrupt = Interrupt::new();
        match args.http {
            Some(address) => http::serve(tools, address, args, &mut interrupt).await?,
            None => serve_stdio(tools, &mut interrupt).await?,
        }
        interrupt.rearm();
        let nothing = std::future::ready(());
        settle(
            &started.dispatcher,
            nothing,
            args.orders.grace,
            &mut interrupt,
        )
        .await;
        Ok(())
    })
}

/// What may be spent; `None` where nothing may.
fn budget(args: &McpArgs) -> Option<Arc<Budget>> {
    let budget = Budget {
        images: args.max_images,
        cost: args.max_cost,
    };
    let may_spend = args.orders.sandbox || args.max_cost.is_some();
    may_spend.then(|| Arc::new(budget))
}

async fn serve_stdio(tools: Tools, interrupt: &mut Interrupt) -> Result<(), CliError> {
    let failed =
        |why: String| for_user(|| CliError::usage(tr!("the protocol broke off: {why}", why)));
    let begun = match interrupt.or(tools.serve(stdio())).await {
        Ok(begun) => begun.map_err(|error| failed(error.to_string()))?,
        Err(_) => return Ok(()),
    };
    match interrupt.or(begun.waiting()).await {
        Ok(Err(error)) => {
            console::warning(&error.to_string());
            Ok(())
        }
        _ => Ok(()),
    }
}
