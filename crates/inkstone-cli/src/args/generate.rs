//! The flags of `inkstone generate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::args::examples;
use crate::request::assignment::Assignment;

/// Generate pictures from a prompt and save them
///
/// Prints the path of each picture. A JSON file beside each picture says how it
/// was made. No file is ever overwritten.
#[derive(Args, Debug)]
#[command(after_help = examples::generate())]
pub struct GenerateArgs {
    /// What the picture shows
    pub prompt: String,
    /// The API to send to [default: the one that has the model]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// Send to the operation of this document instead: Apifox or OpenAPI, in any form
    ///
    /// The address is that of --base-url, and the key INKSTONE_API_KEY. Fields that no
    /// flag is for are set by --set.
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation of the document, by method and path or by id, where it has several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    #[arg(long, help = examples::default_models())]
    pub model: Option<String>,
    /// The size, as in 1920x1080 or 1920*1080, or a tier such as 2K
    #[arg(long)]
    pub size: Option<String>,
    /// How many pictures; each is billed
    #[arg(long, allow_negative_numbers = true)]
    pub n: Option<i64>,
    /// The seed, for a similar picture each time
    #[arg(long, allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// Mark the pictures as generated
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub watermark: Option<bool>,
    /// What the picture must not show
    #[arg(long, value_name = "TEXT")]
    pub negative_prompt: Option<String>,
    /// Whether the API may rewrite the prompt
    #[arg(long, value_name = "BOOL")]
    pub prompt_extend: Option<bool>,
    /// A picture to start from; may be given several times
    #[arg(long, value_name = "PATH|URL")]
    pub image: Vec<String>,
    /// Send local pictures by way of the API's temporary storage, where it has one
    ///
    /// Those that are too long for a request go there in any case. The storage is
    /// said not to be meant for production: pictures are kept for 48 hours.
    #[arg(long)]
    pub upload: bool,
    /// Set any field of the request, as in parameters.seed=7
    ///
    /// FIELD is a path of names joined by dots; numbers are indexes of arrays. The
    /// value is JSON, so text needs quotes: --set 'size="2K"'.
    #[arg(long, value_name = "FIELD=JSON", value_parser = Assignment::parse)]
    pub set: Vec<Assignment>,
    #[command(flatten)]
    pub address: AddressArgs,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Submit a task and wait for it
    ///
    /// The task's id is noted in the directory until the pictures are saved. If this
    /// program ends before that, continue with `inkstone task wait`.
    #[arg(long = "async")]
    pub asynchronous: bool,
    /// Print the task's id at once, for `inkstone task wait`
    #[arg(long, requires = "asynchronous", conflicts_with_all = ["sandbox", "verify"])]
    pub no_wait: bool,
    /// How long to wait for the reply or the task, as in 90s [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// Decode every pixel of a picture before it counts as saved
    #[arg(long)]
    pub verify: bool,
    /// Print one JSON object instead of the paths
    #[arg(long)]
    pub json: bool,
    /// Print the checked request and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Use a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http", "region", "workspace"])]
    pub sandbox: bool,
}
