//! The flags of `inkstone task`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::args::examples;

/// List, show, wait for and cancel tasks
///
/// `inkstone generate --async` submits a task. Nothing here is billed.
#[derive(Debug, Subcommand)]
#[command(after_help = examples::task())]
pub enum TaskCommand {
    List(ListArgs),
    Show(ShowArgs),
    Wait(WaitArgs),
    Cancel(CancelArgs),
}

/// List the account's tasks of the last 24 hours, one a line
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only tasks in this state, such as pending, running or succeeded
    #[arg(long)]
    pub status: Option<String>,
    /// Only tasks of this model
    #[arg(long)]
    pub model: Option<String>,
    /// Only tasks submitted then or later, as in 20261121083000
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Only tasks submitted before then
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The page of the list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: Option<u32>,
    /// How many tasks a page has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page_size: Option<u32>,
    /// Print the API's answer as JSON
    #[arg(long)]
    pub json: bool,
    /// The API that has the tasks [default: dashscope]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    #[command(flatten)]
    pub address: AddressArgs,
}

/// Show a task's status and where its pictures are
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The task's id
    pub id: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// The API that has the task [default: dashscope]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    /// The document that the task was submitted by, instead of an API
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation that took it, by method and path or by id, where there are several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    #[command(flatten)]
    pub address: AddressArgs,
}

/// Wait for a task and save its pictures, as `inkstone generate` does
///
/// A task and its pictures are kept for 24 hours. Use the directory that the task was
/// submitted with: then the files beside the pictures say how they were made.
#[derive(Args, Debug)]
pub struct WaitArgs {
    /// The task's id
    pub id: String,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// How long to wait for the task, as in 90s or 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,
    /// Decode every pixel of a picture before it counts as saved
    #[arg(long)]
    pub verify: bool,
    /// Print one JSON object instead of the paths
    #[arg(long)]
    pub json: bool,
    /// The API that has the task [default: dashscope; as noted in the directory]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    /// The document that the task was submitted by, instead of an API
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation that took it, by method and path or by id, where there are several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    #[command(flatten)]
    pub address: AddressArgs,
}

/// Cancel a task that has not started
///
/// Only a PENDING task can be cancelled; then it is not billed.
#[derive(Args, Debug)]
pub struct CancelArgs {
    /// The task's id
    pub id: String,
    /// Print the API's answer as JSON
    #[arg(long)]
    pub json: bool,
    /// The API that has the task [default: dashscope]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    #[command(flatten)]
    pub address: AddressArgs,
}
