//! The flags of `inkstone doctor`.

use std::path::PathBuf;

use clap::Args;

use crate::args::address::AddressArgs;
use crate::args::api::Api;

/// Check keys, addresses, network, clock and disk, and spend nothing
///
/// Sends only requests that are free. Exits with the code that a request would
/// fail with, or with 0 if at least one API can be used.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Only this API
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// The directory that pictures are to be saved to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub address: AddressArgs,
}
