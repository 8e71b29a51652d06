//! The flags of `inkstone batch`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::args::values::duration;
use crate::args::values::model;
use crate::pricing::money::Money;

/// Send a file of requests, none of them twice
///
/// All requests are checked before the first is sent. A journal in the directory
/// records what became of each, so that --resume can continue a batch that was
/// stopped or killed: finished jobs are left alone, unsent ones are sent, and jobs
/// that were being sent are reported as unknown. Pictures are named after their
/// jobs. At the end, summary.json and the contact sheet index.html are written.
#[derive(Args, Debug)]
#[command(after_help = "\
In a file of plain text, each line is a prompt. A table in CSV has the columns
prompt, and as you like id, model, size, n, seed, negative_prompt,
prompt_extend, watermark, image, api and async; several pictures of a row have |
between them. Jobs without an id are named after their prompts. Paths of
pictures start from the directory of JOBS:
  prompt,image,size
  add a hat,cat.png,1024x1024

In JSON lines, each line is a job, with an id of your own:
  {\"id\": \"cat\", \"request\": {\"model\": \"qwen-image-max\", …}}
  {\"id\": \"dog\", \"api\": \"dashscope\", \"request\": {…}}
  {\"id\": \"owl\", \"model\": \"wan2.7-image-pro\", \"prompt\": \"an owl\"}
With \"async\": true beside the id, the job is a DashScope task: if the batch is
stopped meanwhile, --resume waits for that task and submits nothing.

--prices takes a list in this form; the longest matching prefix of a model's
name counts:
  {\"currency\": \"CNY\", \"date\": \"2026-11-21\", \"source\": \"…\", \"prices\": [
    {\"model\": \"qwen-image\", \"per_image\": \"0.25\"}]}

The budget covers all runs of a batch together. Until its reply arrives, a
request counts as the most pictures that it may make, and so does an unknown
outcome.

The exit code is that of the worst outcome, in this order: 7 unknown, 9 pictures
not saved, 5 account, 4 refused, 6 throttled, 8 not sent, 130 interrupted, 10
budget; 0 if all is done. Ctrl-c waits for requests that were sent; a second
ctrl-c doesn't. SIGTERM and SIGHUP wait as well, for --grace at most.")]
pub struct BatchArgs {
    /// The file with the jobs: JSON lines, plain lines of prompts, or a table in CSV
    pub jobs: PathBuf,
    /// The directory for pictures, journal, summary and contact sheet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many requests are sent at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// Continue the batch in the directory
    #[arg(long)]
    pub resume: bool,
    /// Send jobs with unknown outcome again, which may be billed again
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
    /// The model for prompts that name none
    #[arg(long, value_parser = model::parser(), hide_possible_values = true)]
    pub model: Option<String>,
    /// The size for prompts that name none
    #[arg(long)]
    pub size: Option<String>,
    /// How many pictures are made of prompts that do not say
    #[arg(long)]
    pub n: Option<i64>,
    /// The API for jobs that name none [default: the one that has the model]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// How long running jobs may take after SIGTERM or SIGHUP
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration::any)]
    pub grace: Duration,
    /// How long to wait for each reply or task, as in 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration::limit)]
    pub timeout: Option<Duration>,
    #[command(flatten)]
    pub address: AddressArgs,
    /// Check the jobs and print what they may cost; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the summary as JSON, as it is in a pipe
    #[arg(long)]
    pub json: bool,
    /// Use a sandbox on this machine: no key needed, nothing billed
    #[arg(long, conflicts_with_all = ["base_url", "allow_http", "region", "workspace"])]
    pub sandbox: bool,
}
