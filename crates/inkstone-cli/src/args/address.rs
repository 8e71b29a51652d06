//! Flags that say where requests are sent.

use clap::Args;

use crate::args::values::model;

/// Where the API is.
#[derive(Args, Clone, Debug)]
pub struct AddressArgs {
    /// The API's address; the document's path is appended to it
    ///
    /// DashScope's address has a default: its host in Beijing. The gateway's has none.
    #[arg(long, value_name = "URL", help_heading = "API")]
    pub base_url: Option<String>,
    /// The region that the key belongs to, as in ap-southeast-1 [default: cn-beijing]
    ///
    /// Beside --base-url, as with a proxy, it says which region that leads to.
    #[arg(long, value_name = "NAME", value_parser = model::regions(), hide_possible_values = true, help_heading = "API")]
    pub region: Option<String>,
    /// The workspace that requests are made in; with --region, its own host is used
    #[arg(long, value_name = "ID", help_heading = "API")]
    pub workspace: Option<String>,
    /// Allow plain http to another machine, which exposes the key
    #[arg(long, help_heading = "API")]
    pub allow_http: bool,
    /// The account whose key is used, where a batch has several.
    #[arg(skip)]
    pub account: Option<String>,
}
