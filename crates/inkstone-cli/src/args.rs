//! What can be asked for: the commands, their flags and their help.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::batch::money::Money;
use crate::set::Assignment;

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  `schema diff --fail-on breaking`: something breaks
    2  usage: a flag, a file or a setting is wrong
    3  the request or the document breaks the rules; nothing was sent
    4  the API refused the request
    5  the key is missing or refused, or the account can't pay
    6  throttled: try again later
    7  outcome unknown; the request may have been billed
    8  not sent: the API can't be reached
    9  not every picture could be made or saved
   10  the budget of a batch is used up
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
    Batch(Box<Batch>),
    #[command(subcommand)]
    Task(Task),
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
  inkstone generate --async --model wan2.7-image-pro --n 4 \"a cat\"

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
    /// Have a task of DashScope's do it, and wait for that
    ///
    /// The task's id is noted in the directory until the pictures are there: should
    /// this program end before, `inkstone task wait` takes the wait up again.
    #[arg(long = "async")]
    pub asynchronous: bool,
    /// Print the task's id at once, for `inkstone task wait`
    #[arg(long, requires = "asynchronous", conflicts_with_all = ["sandbox", "verify"])]
    pub no_wait: bool,
    /// How long to wait for the reply or the task, as in 90s [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// Decode each picture to its last pixel before it counts as saved
    #[arg(long)]
    pub verify: bool,
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

/// Carry out a file of requests, none of them twice
///
/// Every request is checked before the first is sent. A journal in the directory
/// says what became of each, so that a batch that was stopped or killed goes on
/// with --resume: what is done stays done, what was not sent is sent, and what was
/// on its way is reported as unknown and left alone. Pictures are named after their
/// jobs; at the end there are summary.json and index.html, a contact sheet.
#[derive(Args, Debug)]
#[command(after_help = "\
A line of JOBS is a job, with an id of your own:
  {\"id\": \"cat\", \"request\": {\"model\": \"qwen-image-max\", …}}
  {\"id\": \"dog\", \"api\": \"dashscope\", \"request\": {…}}
  {\"id\": \"owl\", \"model\": \"wan2.7-image-pro\", \"prompt\": \"an owl\"}
With \"async\": true beside the id, a task of DashScope's does it: should the
batch be stopped meanwhile, --resume waits for the task, and submits nothing.

--prices takes a list in this form, in which the longest beginning of a model's
name counts:
  {\"currency\": \"CNY\", \"date\": \"2026-11-21\", \"source\": \"…\", \"prices\": [
    {\"model\": \"qwen-image\", \"per_image\": \"0.25\"}]}

The budget is for all runs of a batch together. A request is counted at the most
pictures that it may make until its reply is here, an unknown outcome for good.

The exit code is that of the worst outcome, in this order: 7 unknown, 9 pictures
not saved, 5 account, 4 refused, 6 throttled, 8 not sent, 130 interrupted, 10
budget; 0 if all is done. Ctrl-c waits for what is on its way; a second one
doesn't.")]
pub struct Batch {
    /// The file with the jobs, one JSON object a line
    pub jobs: PathBuf,
    /// The directory for pictures, journal, summary and contact sheet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many requests are on their way at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// Go on with the batch in the directory
    #[arg(long)]
    pub resume: bool,
    /// Send again what may have been carried out, and pay for it again
    #[arg(long, requires = "resume")]
    pub retry_unknown: bool,
    /// Stop before more than so many pictures are made
    #[arg(long, value_name = "N")]
    pub max_images: Option<u64>,
    /// Stop before the pictures cost more, as in 12.50
    #[arg(long, value_name = "AMOUNT")]
    pub max_cost: Option<Money>,
    /// What a picture costs, as JSON [default: the vendor's list, unverified]
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// The API for jobs that name none [default: the one that has the model]
    #[arg(long, value_enum)]
    pub api: Option<Api>,
    /// How long to wait for each reply or task, as in 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// The address that the document's path is appended to
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Allow plain http to another machine, which shows it the key
    #[arg(long)]
    pub allow_http: bool,
    /// Check the jobs and count what they may cost; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Ask a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http"])]
    pub sandbox: bool,
}

/// Ask about DashScope's tasks, wait for them, cancel them
///
/// `inkstone generate --async` submits one. Asking is free, and so is waiting.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  inkstone generate --async --no-wait --model qwen-image \"a cat\"
  inkstone task list --status running
  inkstone task wait 0385dc79-5ff8-4d82-bcb6-6b9e37a1b7d1 --out cats

The key is DASHSCOPE_API_KEY. An exit code of 7 says that a task goes on, or
that the API no longer knows it.")]
pub enum Task {
    List(ListTasks),
    Show(ShowTask),
    Wait(WaitForTask),
    Cancel(CancelTask),
}

/// Where tasks are.
#[derive(Args, Debug)]
pub struct TaskAddress {
    /// The address of DashScope [default: its host in Beijing]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Allow plain http to another machine, which shows it the key
    #[arg(long)]
    pub allow_http: bool,
}

/// List the account's tasks of the last 24 hours, a line each
#[derive(Args, Debug)]
pub struct ListTasks {
    /// Only those in this state, such as pending, running or succeeded
    #[arg(long)]
    pub status: Option<String>,
    /// Only those of this model
    #[arg(long)]
    pub model: Option<String>,
    /// Only those submitted then or later, as in 20261121083000
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Only those submitted before then
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The page of the list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: Option<u32>,
    /// How many tasks are on a page
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page_size: Option<u32>,
    /// Print the API's answer as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub at: TaskAddress,
}

/// Say how far a task is, and where its pictures are
#[derive(Args, Debug)]
pub struct ShowTask {
    /// The task's id
    pub id: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub at: TaskAddress,
}

/// Wait for a task and save its pictures, as `inkstone generate` does
///
/// A task and its pictures are there for 24 hours. Where the task was submitted with
/// the same directory, the files beside the pictures say what they were made from.
#[derive(Args, Debug)]
pub struct WaitForTask {
    /// The task's id
    pub id: String,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// How long to wait for the task, as in 90s or 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// Decode each picture to its last pixel before it counts as saved
    #[arg(long)]
    pub verify: bool,
    /// Print one JSON object instead of the paths
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub at: TaskAddress,
}

/// Cancel a task that has not begun
///
/// Only a task that is PENDING can be cancelled; it is not billed then.
#[derive(Args, Debug)]
pub struct CancelTask {
    /// The task's id
    pub id: String,
    /// Print the API's answer as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub at: TaskAddress,
}

/// Check a request without sending it
///
/// The document that it is checked against is chosen by its field `model`, or
/// given: an Apifox document in any form, or a JSON Schema.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone check request.json
  inkstone check --document shop.apifox.json --operation 'POST /pets' pet.json
  inkstone check --document api.yaml --operation listPets --reply 200 reply.json")]
pub struct Check {
    /// The file with the request's body, or - for standard input
    pub file: PathBuf,
    /// The API that the request is for [default: the one that has the model]
    #[arg(long, value_enum)]
    pub api: Option<Api>,
    /// The document to check against
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation of a document of many, by method and path or by its id
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    /// Check the body of a reply with this status, not that of a request
    #[arg(long, value_name = "STATUS", requires = "document")]
    pub reply: Option<u16>,
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
    Diff(Diff),
    /// List the keywords of JSON Schema and what becomes of each
    Keywords,
}

/// Put documents where a build finds them
///
/// The text of a published page becomes a document named after its title; a project
/// export, OpenAPI and a page in Markdown are documents already, and stay as they are.
/// Every file is read before anything is written: one bad file, and nothing is.
#[derive(Args, Debug)]
pub struct Import {
    /// The documents in any form, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
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

/// Say what changed between two documents for those who call the API
///
/// What requests and replies may be is compared, not the texts: a field of a
/// request that takes more is additive, and the same in a reply is breaking. The
/// last line is the part of the version that has to go up: major, minor or patch.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone schema diff old/api.yaml new/api.yaml
  inkstone schema diff --fail-on breaking released/ schemas/
  inkstone schema diff --as reply old.schema.json new.schema.json")]
pub struct Diff {
    /// The old document, JSON Schema, or directory of documents
    pub old: PathBuf,
    /// The new one
    pub new: PathBuf,
    /// What a bare JSON Schema is of
    #[arg(long = "as", value_enum, value_name = "ROLE", default_value = "both")]
    pub role: Role,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Exit with 1 if something breaks
    #[arg(long, value_enum, value_name = "EFFECT")]
    pub fail_on: Option<FailOn>,
}

/// Which way the values of a schema go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Callers send them
    Request,
    /// Callers receive them
    Reply,
    /// Either: the worse of the two counts
    Both,
}

/// What makes a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A change that breaks
    Breaking,
}

/// Serve both APIs on this machine, as the documents say
///
/// Any key will do and nothing is billed. Stops at ctrl-c.
#[derive(Args, Debug)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
    /// What is to go wrong: a file of JSON, a step or an array of steps
    ///
    /// A step is an object, as in {"error": "Throttling", "times": 3}. While the
    /// sandbox runs, POST /_script adds steps, GET shows those to come.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Draw all pictures 16 pixels wide and high, which takes no time
    #[arg(long)]
    pub tiny: bool,
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
