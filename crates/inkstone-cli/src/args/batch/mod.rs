//! The flags of `inkstone batch`.

pub mod fleet;

use std::io::{IsTerminal as _, stdout};
use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand as _};

use crate::args::api::Api;
use crate::args::batch::fleet::{FleetCommand, WorkerArgs};
use crate::args::values::model;
use crate::pricing::money::Money;

/// A batch that is sent, or what else there is to do with one.
#[derive(Debug)]
pub enum BatchCommand {
    Run(Box<BatchArgs>),
    Fleet(FleetCommand),
}

impl FromArgMatches for BatchCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        match matches.subcommand_name() {
            Some(_) => FleetCommand::from_arg_matches(matches).map(Self::Fleet),
            None => BatchArgs::from_arg_matches(matches).map(|args| Self::Run(Box::new(args))),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for BatchCommand {
    fn augment_args(command: Command) -> Command {
        let command = BatchArgs::augment_args(FleetCommand::augment_subcommands(command));
        // On one machine they would be without effect, and some choose who pays.
        let shared = ["lease", "spool", "spool_size", "metrics", "account"];
        let needs_journal = |command: Command, flag: &'static str| {
            command.mut_arg(flag, |flag| flag.requires("journal"))
        };
        shared
            .into_iter()
            .fold(command, needs_journal)
            .subcommand_required(false)
            .arg_required_else_help(false)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Send a file of requests, none of them twice
///
/// All requests are checked before the first is sent. A journal in the directory
/// records what became of each, so that --resume can continue a batch that was
/// stopped or killed: finished jobs are left alone, unsent ones are sent, and jobs
/// that were being sent are reported as unknown. Pictures are named after their
/// jobs. At the end, summary.json and the contact sheet index.html are written.
#[derive(Args, Debug)]
pub struct BatchArgs {
    /// The file with the jobs: JSON lines, plain lines of prompts, or a table in CSV
    pub jobs: PathBuf,
    /// The directory for pictures, journal, summary and contact sheet; with --journal also a
    /// store, as in s3://bucket/prefix
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Keep the journal in this PostgreSQL database, so that other machines can help with
    /// `batch work`
    #[arg(long, value_name = "URL")]
    pub journal: Option<String>,
    #[command(flatten)]
    pub worker: WorkerArgs,
    /// Continue the batch in the directory
    #[arg(long)]
    pub resume: bool,
    /// Send jobs with unknown outcome again, which may be billed again
    #[arg(long, requires = "resume")]
    pub retry_unknown: bool,
    /// Stop before more than N pictures are made
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
    /// How many pictures to make of a prompt that does not say
    #[arg(long)]
    pub n: Option<i64>,
    /// The API for jobs that name none [default: the one that has the model]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// Send the pictures of requests by way of the API's temporary storage, where it
    /// has one: those that are too long for a request go there in any case
    #[arg(long)]
    pub upload: bool,
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

impl BatchArgs {
    /// Whether pictures go to a store, and not to a directory.
    pub fn is_for_a_store(&self) -> bool {
        self.out.to_str().is_some_and(|out| out.contains("://"))
    }

    /// Whether programs read what is printed: they get JSON, and people lines.
    pub fn is_for_programs(&self) -> bool {
        self.json || !stdout().is_terminal()
    }
}
