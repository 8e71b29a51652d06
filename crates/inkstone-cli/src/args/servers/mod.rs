//! The flags of the servers, and those that they share.

pub mod mcp;
pub mod serve;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::address::AddressArgs;
use crate::args::api::Api;

/// Where orders of pictures go, and where the pictures stay.
#[derive(Args, Debug)]
pub struct OrderArgs {
    /// The directory for pictures and the ledger of orders [default: inkstone-pictures; with
    /// --sandbox a temporary one, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How long running requests may take after ctrl-c or SIGTERM
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = crate::args::values::duration::limit)]
    pub grace: Duration,
    /// How long to wait for each reply or task, as in 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = crate::args::values::duration::limit)]
    pub timeout: Option<Duration>,
    /// What a picture costs, as JSON [default: the vendor's list, unverified]
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// Send to this API alone [default: each that has an address and a key]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    #[command(flatten)]
    pub address: AddressArgs,
    /// Use a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http", "region", "workspace"])]
    pub sandbox: bool,
}
