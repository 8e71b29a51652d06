//! The flags of `inkstone sandbox` and `inkstone studio`.

use std::path::PathBuf;

use clap::Args;
use tr::tr;

/// Serve the built-in APIs on this machine, and any document that you give
///
/// Any key is accepted and nothing is billed. The page at its address shows what
/// was asked. Ctrl-c stops it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone sandbox
  inkstone sandbox --document api.yaml shop.apifox.json --seed 7
  inkstone sandbox --script faults.json

A request to a document's operation is judged as the document says, and its \
reply is an example or drawn from the schema. What was sent to POST /pets is \
found at GET /pets/{id}, where the document has both. The headers \
X-Sandbox-Status, X-Sandbox-Example and X-Sandbox-Delay ask for another reply.")]
pub struct SandboxArgs {
    #[command(flatten)]
    pub serve: SandboxServeArgs,
}

/// Generate, review documents and watch traffic in the browser
///
/// Starts `inkstone sandbox` and opens its page. Where INKSTONE_API_KEY or
/// DASHSCOPE_API_KEY is set, pictures can be made for real too, each time after
/// you confirm what it costs; the key never goes to the browser. The page opens
/// only at the address that is printed, which has a new token at each start. The
/// browser keeps it as a cookie, which goes to any port of this host: open no other
/// user's server in the same browser meanwhile. Ctrl-c waits for what is paid for; a
/// second one leaves it to go on by itself.
#[derive(Args, Debug)]
pub struct StudioArgs {
    #[command(flatten)]
    pub serve: SandboxServeArgs,
    /// The directory to save pictures to that were paid for, and what they were made from to
    /// its folder inputs
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Print the address and open no browser
    #[arg(long)]
    pub no_open: bool,
}

/// What is served, and where.
#[derive(Args, Debug)]
pub struct SandboxServeArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
    /// Apifox or OpenAPI documents to answer for as well
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub document: Vec<PathBuf>,
    /// Draw the replies of those documents by this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// What is to go wrong: a JSON file with a step or an array of steps
    ///
    /// A step is an object, as in {"error": "Throttling", "times": 3}. While the
    /// sandbox runs, POST /_script adds steps and GET /_script shows those left. A
    /// studio wants its token with them: Authorization: Bearer TOKEN.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Serve only this operation of the document, by method and path or by id, and draw
    /// the pictures of its replies
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    /// Play a region that takes only this key, at /NAME of the address
    #[arg(long, value_name = "NAME=KEY", value_parser = region)]
    pub region: Vec<(String, String)>,
    /// Draw all pictures 16 pixels wide and high, which takes no time
    #[arg(long)]
    pub tiny: bool,
    /// Print no line for each request
    #[arg(long, short)]
    pub quiet: bool,
}

/// A region's name, and its key.
fn region(text: &str) -> Result<(String, String), String> {
    let (name, key) = text.split_once('=').unwrap_or((text, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match !name.is_empty() && name.chars().all(is_name) && !key.is_empty() {
        true => Ok((name.to_owned(), key.to_owned())),
        false => Err(tr!("expected NAME=KEY, as in cn-beijing=sk-1")),
    }
}
