//! What can be asked for: the commands, their flags and their help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::set::Assignment;

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    2  usage: a flag, a file or a setting is wrong
    3  the request or the document breaks the rules; nothing was sent
    4  the API refused the request
    5  the key is missing or refused, or the account can't pay
    6  throttled: try again later
    7  outcome unknown; the request may have been billed
    8  not sent: the API can't be reached
    9  generated, but not every picture could be saved
  130  interrupted

Environment:
  INKSTONE_API_KEY    the gateway's key
  INKSTONE_BASE_URL   the gateway's address, unless --base-url gives it
  DASHSCOPE_API_KEY   DashScope's key
  RUST_LOG            what --verbose shows";

/// Generate pictures with Qwen-Image and Wan.
///
/// Requests are checked against the vendors' own documents before they are
/// sent, and nothing that was paid for is thrown away.
#[derive(Debug, Parser)]
#[command(name = "inkstone", version, after_help = EXIT_CODES, max_term_width = 80)]
pub struct Cli {
    /// Log to stderr what is sent and received, never the key
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Generate(Box<Generate>),
    Check(Check),
    Models(Models),
    #[command(subcommand)]
    Schema(Schema),
    Sandbox(Sandbox),
    Completions(Completions),
}

/// Generate pictures from a prompt and save them
///
/// Prints the path of each picture; beside it lies a JSON file that says what
/// it was made from. A file is never overwritten.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone generate --sandbox \"a ginger cat on a windowsill\"
  inkstone generate --model wan2.7-image-pro --size 1920x1080 --n 2 \"a cat\"
  inkstone generate --model qwen-image-edit-2509 --image cat.png \"add a hat\"
  inkstone generate --api dashscope --set parameters.seed=7 \"a cat\"

`inkstone models` lists the models and what each accepts; `inkstone --help`
lists the exit codes and the environment variables.")]
pub struct Generate {
    /// What the picture shows
    pub prompt: String,
    /// The API to send to [default: the one that has the model]
    #[arg(long, value_enum)]
    pub api: Option<Api>,
    /// The model [default: wan2.7-image-pro; dashscope: qwen-image-2.0-pro]
    #[arg(long)]
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
    /// Whether the API may reword the prompt
    #[arg(long, value_name = "BOOL")]
    pub prompt_extend: Option<bool>,
    /// A picture to start from; may be given several times
    #[arg(long, value_name = "PATH|URL")]
    pub image: Vec<String>,
    /// Set any field of the request, as in parameters.seed=7
    ///
    /// FIELD is a path with dots, where numbers count the items of arrays; JSON
    /// is its value, so text needs quotes: --set 'size="2K"'.
    #[arg(long, value_name = "FIELD=JSON", value_parser = Assignment::parse)]
    pub set: Vec<Assignment>,
    /// The address that the document's path is appended to
    ///
    /// DashScope's has a default; the gateway's has none.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Allow plain http to another machine, which shows it the key
    #[arg(long)]
    pub allow_http: bool,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Print one JSON object instead of the paths
    #[arg(long)]
    pub json: bool,
    /// Print the checked request and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Ask a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http"])]
    pub sandbox: bool,
}

/// Check a request without sending it
///
/// The document that it is checked against is chosen by its field `model`.
#[derive(Args, Debug)]
pub struct Check {
    /// The file with the request's body, or - for standard input
    pub file: PathBuf,
    /// The API that the request is for [default: the one that has the model]
    #[arg(long, value_enum)]
    pub api: Option<Api>,
    /// Print the verdict as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// List the models and what each accepts
#[derive(Args, Debug)]
pub struct Models {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Work with the vendors' documents
#[derive(Debug, Subcommand)]
pub enum Schema {
    Import(Import),
    Rust(Rust),
    Lint(Lint),
    /// List the keywords of JSON Schema and what becomes of each
    Keywords,
}

/// Turn published Apifox pages into documents
///
/// Every page is read before anything is written: one bad page, and nothing is.
#[derive(Args, Debug)]
pub struct Import {
    /// The pages, saved as text
    #[arg(required = true, value_name = "PAGE")]
    pub pages: Vec<PathBuf>,
    /// The directory for the documents; made if missing
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
}

/// Print the Rust module that a document or a JSON Schema becomes
#[derive(Args, Debug)]
pub struct Rust {
    /// The document, or - for standard input
    pub file: PathBuf,
    /// The name of a bare schema's type
    #[arg(long, value_name = "NAME", default_value = "Root")]
    pub root: String,
}

/// Say what contradicts itself in a document, and how to correct it
///
/// The corrections beside the document are applied first. Ends with 3 where an
/// error is found, and with 0 where there are only warnings.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone schema lint schemas/gateway/cat.json
  inkstone schema lint --patch cat.json > cat.bugs.patch.json

docs/lint.md lists the rules, and what the members of the JSON are.")]
pub struct Lint {
    /// The document in any form, a JSON Schema, or - for standard input
    pub file: PathBuf,
    /// Print what is found as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Print a correction for all errors and warnings, to save beside the document
    #[arg(long, conflicts_with = "json")]
    pub patch: bool,
}

/// Serve both APIs on this machine, as the documents say
///
/// Any key will do and nothing is billed. Stops at ctrl-c.
#[derive(Args, Debug)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
}

/// Print a script that completes commands and flags in a shell
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// An API, named as the folder of its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Api {
    /// The OpenAI-compatible gateway
    Gateway,
    /// DashScope's native API
    Dashscope,
}

impl Api {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Dashscope => "dashscope",
        }
    }
}

/// The arguments with `--watermark false` written as `--watermark=false`.
///
/// clap can't tell the value of an option that may have none from what comes
/// after it, and the prompt often does.
pub fn joined(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut all_values = false;
    for arg in args {
        let is_bool = arg == "true" || arg == "false";
        match joined.last_mut() {
            Some(last) if !all_values && is_bool && last == "--watermark" => {
                last.push("=");
                last.push(arg);
            }
            _ => {
                all_values |= arg == "--";
                joined.push(arg);
            }
        }
    }
    joined
}
