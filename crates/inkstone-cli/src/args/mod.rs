//! The commands, their flags and their help.

pub mod address;
pub mod api;
pub mod batch;
pub mod check;
pub mod doctor;
pub mod examples;
pub mod generate;
pub mod models;
pub mod preview;
pub mod request;
pub mod sandbox;
pub mod schema;
pub mod servers;
pub mod task;
pub mod values;

use std::path::PathBuf;
use std::sync::OnceLock;

use clap::{ArgMatches, Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::args::batch::BatchCommand;
use crate::args::check::CheckArgs;
use crate::args::doctor::DoctorArgs;
use crate::args::generate::GenerateArgs;
use crate::args::models::ModelsArgs;
use crate::args::sandbox::{SandboxArgs, StudioArgs};
use crate::args::schema::SchemaCommand;
use crate::args::servers::mcp::McpArgs;
use crate::args::servers::serve::ServeArgs;
use crate::args::task::TaskCommand;

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  `schema diff --fail-on breaking` found a breaking change
    2  usage: a flag, a file or a setting is wrong
    3  the request or the document is invalid; nothing was sent
    4  the API refused the request
    5  the key is missing or refused, or the account can't pay
    6  throttled: try again later
    7  outcome unknown; the request may have been billed
    8  not sent: the API can't be reached
    9  some pictures could not be made or saved
   10  the budget of a batch is used up
  130  interrupted

Environment:
  INKSTONE_API_KEY    the gateway's key
  INKSTONE_BASE_URL   the gateway's address, unless --base-url gives it
  DASHSCOPE_API_KEY   DashScope's key
  DASHSCOPE_BASE_URL, DASHSCOPE_REGION, DASHSCOPE_WORKSPACE  \
                      as --base-url, --region and --workspace
  INKSTONE_JOURNAL    a shared batch's database, for `batch work`, `status` and \
                      the like; to begin a batch there, give --journal; the \
                      variable is not enough
  PGPASSWORD          its password; INKSTONE_JOURNAL_PASSWORD_FILE names a file \
                      with it
  RUST_LOG            which messages --verbose shows
  NO_COLOR, CLICOLOR=0, CLICOLOR_FORCE  \
                      no colours, or colours even in a pipe
  LANGUAGE, LC_ALL, LC_MESSAGES, LANG  \
                      the language, as --lang";

/// Generate pictures with the APIs of image models.
///
/// Requests are checked against the vendors' own documents before they are
/// sent, and replies that were paid for are never lost.
#[derive(Debug, Parser)]
#[command(name = "inkstone", version, after_help = EXIT_CODES, max_term_width = 80)]
pub struct Cli {
    /// Log requests and replies to stderr, without the key
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// The language of messages and help: en or zh [default: the locale's]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["en", "zh"], hide_possible_values = true, help_heading = "Global options")]
    pub lang: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

/// The command that runs, as in `task wait`: so hints can name it.
static RUNNING: OnceLock<String> = OnceLock::new();

/// Notes which command runs.
pub fn note_running(matches: &ArgMatches) {
    let mut names = Vec::new();
    let mut next = matches.subcommand();
    while let Some((name, matches)) = next {
        names.push(name);
        next = matches.subcommand();
    }
    // It is noted once, at the start.
    let _ = RUNNING.set(names.join(" "));
}

/// The command that runs.
pub fn running() -> &'static str {
    RUNNING.get().map_or("", String::as_str)
}

/// Whether the command that runs can use a sandbox in place of an API.
pub fn has_sandbox() -> bool {
    let cli = Cli::command();
    let mut names = running().split(' ');
    let found = names.try_fold(&cli, |command, name| command.find_subcommand(name));
    found.is_some_and(|command| {
        let mut flags = command.get_arguments();
        flags.any(|flag| flag.get_long() == Some("sandbox"))
    })
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Generate(Box<GenerateArgs>),
    Batch(Box<BatchCommand>),
    #[command(subcommand)]
    Task(TaskCommand),
    Check(CheckArgs),
    Models(ModelsArgs),
    #[command(subcommand)]
    Schema(SchemaCommand),
    Sandbox(SandboxArgs),
    Serve(Box<ServeArgs>),
    Mcp(Box<McpArgs>),
    Studio(StudioArgs),
    Doctor(DoctorArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Print a script that completes commands and flags in a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Where it goes:
  bash        ~/.local/share/bash-completion/completions/inkstone
  zsh         _inkstone in a directory of fpath, such as ~/.zfunc
  fish        ~/.config/fish/completions/inkstone.fish
  elvish      ~/.config/elvish/rc.elv, at its end
  powershell  the file that $PROFILE names, at its end")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Print the manual page, or write one for each command
#[derive(Args, Debug)]
pub struct ManArgs {
    /// The directory for the pages of all commands, as in ~/.local/share/man/man1
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}
