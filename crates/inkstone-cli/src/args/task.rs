//! The flags of `inkstone task`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::args::preview::Presentation;
use crate::args::values::{duration, model, moment};

/// List, show, wait for and cancel tasks
///
/// `inkstone generate --async` submits a task. Nothing here is billed.
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    List(ListArgs),
    Show(ShowArgs),
    Wait(WaitArgs),
    Cancel(CancelArgs),
}

/// List the account's tasks of the last 24 hours, one a line
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only tasks in this state
    #[arg(long, value_parser = model::states(), ignore_case = true)]
    pub status: Option<String>,
    /// Only tasks of this model
    #[arg(long, value_parser = model::parser(), hide_possible_values = true)]
    pub model: Option<String>,
    /// Only tasks submitted then or later, as in 2026-11-21 08:30
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub from: Option<String>,
    /// Only tasks submitted before then
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub until: Option<String>,
    /// Only this page of the list [default: all pages]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: Option<u32>,
    /// How many tasks a page has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub page_size: Option<u32>,
    /// Print the API's answer as JSON, of one page
    #[arg(long)]
    pub json: bool,
    /// The API that has the tasks [default: dashscope]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    #[command(flatten)]
    pub place: TaskPlace,
}

/// Where tasks are.
#[derive(Args, Debug)]
pub struct TaskPlace {
    #[command(flatten)]
    pub address: AddressArgs,
    /// Ask the sandbox that `inkstone sandbox` serves on this machine [default port: 8787]
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true, default_missing_value = "8787", conflicts_with_all = ["base_url", "allow_http", "region", "workspace"])]
    pub sandbox: Option<u16>,
}

/// How a task was submitted, where it was not to an API.
#[derive(Args, Debug)]
pub struct SubmittedArgs {
    /// The document that the task was submitted by, instead of an API
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation that took it, by method and path or by id, where there are several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
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
    #[command(flatten)]
    pub submitted: SubmittedArgs,
    #[command(flatten)]
    pub place: TaskPlace,
}

/// Wait for tasks and save their pictures, as `inkstone generate` does
///
/// Without an id, all tasks are waited for that are noted in the directory.
/// A task and its pictures are kept for 24 hours. Use the directory that the task was
/// submitted with: then the files beside the pictures say how they were made.
#[derive(Args, Debug)]
pub struct WaitArgs {
    /// The task's id [default: all tasks that are noted in the directory]
    pub id: Option<String>,
    /// The directory to save to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// How long to wait for the task, as in 90s or 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration::limit)]
    pub timeout: Option<Duration>,
    /// Decode every pixel of a picture before it counts as saved
    #[arg(long)]
    pub verify: bool,
    #[command(flatten)]
    pub presentation: Presentation,
    /// The API that has the task [default: dashscope; as noted in the directory]
    #[arg(long, value_name = "API", value_parser = Api::parser_for_tasks())]
    pub api: Option<Api>,
    #[command(flatten)]
    pub submitted: SubmittedArgs,
    #[command(flatten)]
    pub place: TaskPlace,
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
    pub place: TaskPlace,
}
