//! The flags of `inkstone mcp`.

use std::net::SocketAddr;

use clap::Args;

use crate::args::servers::OrderArgs;
use crate::pricing::money::Money;

/// Give an agent the tools to make pictures, by the Model Context Protocol
///
/// An agent's mistake is answered with the place and the rule before anything is
/// sent. Results are paths, small pictures and links. Each order has an id of the
/// agent's: a call that is repeated gets the first one's pictures. Speaks the
/// protocol over standard input and output, or with --http over HTTP.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone mcp --sandbox
  inkstone mcp --max-cost 5.00 --out /home/ann/pictures

For a client that is set up by a file:
  {\"mcpServers\": {\"inkstone\": {\"command\": \"inkstone\",
    \"args\": [\"mcp\", \"--max-cost\", \"5.00\", \"--out\", \"/home/ann/pictures\"]}}}

The budget covers all runs with the same --out together.")]
pub struct McpArgs {
    /// The most that pictures may cost, as in 5.00; nothing is ordered without it
    #[arg(long, value_name = "AMOUNT")]
    pub max_cost: Option<Money>,
    /// The most pictures that may be made
    #[arg(long, value_name = "N")]
    pub max_images: Option<u64>,
    /// Listen on this address of this machine instead; a key is printed, and none with --sandbox
    #[arg(long, value_name = "ADDR:PORT")]
    pub http: Option<SocketAddr>,
    #[command(flatten)]
    pub orders: OrderArgs,
}
