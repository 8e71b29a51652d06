//! The flags of `inkstone serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::servers::OrderArgs;
use crate::args::values::public_url::PublicUrl;
use crate::pricing::money::Money;

/// Serve OpenAI's images API on this machine, backed by these models
///
/// Any program that makes pictures with OpenAI's libraries makes them with these
/// models: it needs this server's address, a key and the name of a model. Requests
/// are checked before they are sent. The libraries send a request again when its
/// reply is lost; it is submitted once all the same, and gets the first one's
/// pictures. Ctrl-c waits for requests that were sent; a second one doesn't.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone serve --sandbox
  inkstone serve --keys keys.json --add-key ann --max-cost 20.00
  inkstone serve --keys keys.json --out pictures --keep

Then, in Python:
  client = OpenAI(base_url=\"http://127.0.0.1:8788/v1\", api_key=\"…\")
  client.images.generate(model=\"MODEL\", prompt=\"a cat\")

Without --keys and --sandbox, a key for this run is made and printed.")]
pub struct ServeArgs {
    /// The address and port to listen on; beyond this machine, --keys is needed
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8788")]
    pub listen: SocketAddr,
    /// A name that this server goes by, besides its addresses and localhost
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Where callers reach this server, as in https://pictures.example.com
    ///
    /// The address of what speaks TLS in front of it: URLs of pictures begin with it, and
    /// its host is a name of this server.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// The file with the callers' keys, budgets and limits
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Add a key to the file, print it, and serve nothing
    #[arg(long, value_name = "NAME", requires = "keys")]
    pub add_key: Option<String>,
    /// The most that pictures may cost: of the key that is added or made, as in 12.50
    #[arg(long, value_name = "AMOUNT")]
    pub max_cost: Option<Money>,
    /// The most pictures that may be made with that key
    #[arg(long, value_name = "N")]
    pub max_images: Option<u64>,
    /// Keep the pictures, each with a file that says how it was made; or else they are
    /// removed after a day
    #[arg(long)]
    pub keep: bool,
    /// How long a request without Idempotency-Key is a repetition if its body is the same
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = crate::args::values::duration::limit)]
    pub window: Duration,
    #[command(flatten)]
    pub orders: OrderArgs,
}
