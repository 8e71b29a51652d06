//! The flags of the commands for a batch on many machines.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use tr::tr;

use crate::args::address::AddressArgs;
use crate::args::values::duration;

/// What there is to do with a batch whose journal is in PostgreSQL.
#[derive(Debug, Subcommand)]
pub enum FleetCommand {
    /// Work on a batch that was begun on another machine, until nothing is left to do
    Work(Box<WorkArgs>),
    /// Say how far a batch is
    Status(StatusArgs),
    /// Stop all workers from sending; what is running ends
    Pause(JournalArgs),
    /// Let the workers continue
    Resume(JournalArgs),
    /// Send nothing more, ever; what was paid for is still fetched
    Cancel(JournalArgs),
    /// Write summary and contact sheet of a batch to where its pictures are
    Export(StatusArgs),
}

/// Where the journal is.
#[derive(Args, Clone, Debug)]
pub struct JournalArgs {
    /// The journal's database, as in postgres://user@host/db [default: INKSTONE_JOURNAL]
    #[arg(long, value_name = "URL")]
    pub journal: Option<String>,
}

/// The flags of `batch status` and `batch export`.
#[derive(Args, Debug)]
pub struct StatusArgs {
    #[command(flatten)]
    pub journal: JournalArgs,
    /// Print JSON, as it is in a pipe
    #[arg(long)]
    pub json: bool,
}

/// What `--account` is for a worker: the jobs that name none have one since the batch began.
const OF_WORKER: &str = "An account whose jobs this worker does; give it again for each. Its keys are \
    in variables that end with its name, as in DASHSCOPE_API_KEY_EAST for east";

/// The flags of `batch work`.
#[derive(Args, Debug)]
#[command(mut_arg("account", |account| account.help(OF_WORKER)))]
pub struct WorkArgs {
    #[command(flatten)]
    pub journal: JournalArgs,
    #[command(flatten)]
    pub worker: WorkerArgs,
}

/// How jobs are sent: by a batch of one machine, and by each worker of a shared journal.
#[derive(Args, Clone, Debug)]
pub struct WorkerArgs {
    /// How many requests are sent at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// How long running jobs may take after SIGTERM or SIGHUP
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration::any)]
    pub grace: Duration,
    /// How long to wait for each reply or task, as in 10m [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration::limit)]
    pub timeout: Option<Duration>,
    #[command(flatten)]
    pub address: AddressArgs,
    /// How long a worker that falls silent keeps its jobs, with --journal
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration::limit)]
    pub lease: Duration,
    /// Where files are on their way to the store, with --journal [default: the system's
    /// temporary directory]
    #[arg(long, value_name = "DIR")]
    pub spool: Option<PathBuf>,
    /// How many MiB of files may be on their way to the store before nothing more is claimed,
    /// with --journal
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    pub spool_size: u32,
    /// Have Prometheus read metrics at http://ADDRESS/metrics, with --journal
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// An account to send by, with --journal; give it again for each. Its keys are in variables
    /// that end with its name, as in DASHSCOPE_API_KEY_EAST for east. Jobs that name none are
    /// spread over them
    #[arg(long, value_name = "NAME", value_parser = account)]
    pub account: Vec<String>,
}

/// The name of an account, of which a variable's name can be made.
fn account(text: &str) -> Result<String, String> {
    let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match !text.is_empty() && text.len() <= 40 && text.chars().all(is_fit) && text != "default" {
        true => Ok(text.to_owned()),
        false => Err(tr!(
            "expected small letters, digits and hyphens, and not \"default\""
        )),
    }
}
