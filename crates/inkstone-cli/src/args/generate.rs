//! The flags of `inkstone generate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::address::AddressArgs;
use crate::args::preview::Presentation;
use crate::args::request::RequestArgs;
use crate::args::values::duration;
use crate::output::names::name_template::NameTemplate;

/// Generate pictures from a prompt and save them
///
/// Prints the path of each picture. A JSON file beside each picture says how it
/// was made. No file is ever overwritten.
#[derive(Args, Debug)]
pub struct GenerateArgs {
    #[command(flatten)]
    pub request: RequestArgs,
    /// Send local pictures by way of the API's temporary storage, where it has one
    ///
    /// Those that are too long for a request go there in any case. DashScope does not
    /// recommend this storage for production: pictures are kept for 48 hours.
    #[arg(long)]
    pub upload: bool,
    #[command(flatten)]
    pub address: AddressArgs,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// The name of the picture, as in cat.png or cats/{model}-{number}.png
    ///
    /// {number} counts the pictures from 1, {model} and {seed} are those of the request,
    /// {time} is when it was made. The ending follows from what comes; a name that is taken
    /// gets a number.
    #[arg(short = 'o', long, value_name = "NAME", value_parser = NameTemplate::parse)]
    pub name: Option<NameTemplate>,
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
    #[arg(long, value_name = "DURATION", value_parser = duration::limit)]
    pub timeout: Option<Duration>,
    /// Decode every pixel of a picture before it counts as saved
    #[arg(long)]
    pub verify: bool,
    #[command(flatten)]
    pub presentation: Presentation,
    /// Print the checked request and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Use a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http", "region", "workspace"])]
    pub sandbox: bool,
}
