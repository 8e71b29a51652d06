//! `inkstone`: pictures from Qwen-Image and Wan, from the command line.
//!
//! `args` declares the commands and their flags, and `commands` has a file for each
//! that has no module of its own. `request` makes a request from flags and checks it, `client` says where it
//! is sent, and `output` saves the pictures. `task` is about asynchronous tasks of any API,
//! and `batch` sends many requests. `serve` and `mcp` take orders from other programs;
//! `orders` places them, and `ledger` keeps them. `studio` is the page in the browser,
//! `pricing` knows what pictures cost, `language` has all messages in Chinese, and `error`
//! has the exit codes.

// A failed test may panic.
#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]
// Some of what orders can do is done by agents alone.
#![cfg_attr(not(feature = "mcp"), allow(dead_code))]

mod args;
mod batch;
mod bearer;
mod client;
mod commands;
mod console;
mod database;
mod error;
mod features;
mod hex;
mod in_order;
mod input;
mod language;
mod large_stack;
mod ledger;
#[cfg(feature = "mcp")]
mod mcp;
mod orders;
mod output;
mod pricing;
mod request;
mod serve;
mod studio;
mod task;
mod telemetry;
mod wrap;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::schema::SchemaCommand;
use crate::args::values::watermark;
use crate::args::{Cli, Command};
use crate::client::runtime;
use crate::commands::{check, check_lines, doctor, generate, man, models, sandbox, schema};
use crate::error::CliError;
use crate::language::help;

/// What the program does, given the arguments of this process.
pub fn main() -> ExitCode {
    let given = watermark::join_value(std::env::args_os());
    language::choose(&given);
    let cli = match parse(&given) {
        Ok(cli) => cli,
        Err(error) => {
            let advice = help::advice(&error, &given);
            if language::is_json(&given) && error.use_stderr() {
                let failure = help::failure(&error);
                let failure = match &advice {
                    Some(advice) => failure.hint(advice),
                    None => failure,
                };
                console::failure(&failure, 0);
            }
            // If stderr is closed, there is nowhere to report that.
            let _ = print_of_clap(&error);
            if let Some(advice) = &advice {
                console::hint(advice);
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    runtime::outlast_limits_of_files();
    // What is returned is kept until all is done.
    let told = telemetry::start(cli.verbose, &cli.command);
    let done = told.and_then(|_traces| run(cli));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if language::is_json(&given) {
                console::failure(&error, 0);
            }
            console::error(&error);
            ExitCode::from(error.code as u8)
        }
    }
}

/// Prints help to standard output, and errors to standard error.
fn print_of_clap(error: &clap::Error) -> io::Result<()> {
    let text = help::fitted(error);
    match error.use_stderr() {
        true => io::stderr().write_all(text.as_bytes()),
        false => io::stdout().write_all(text.as_bytes()),
    }
}

/// The command and its flags.
fn parse(given: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = match help::command_without_examples().try_get_matches_from(given) {
        Err(error) if help::is_help(&error) => {
            help::command_to_show().try_get_matches_from(given)?
        }
        done => done?,
    };
    args::note_running(&matches);
    Cli::from_arg_matches(&matches)
}

fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Generate(args) => generate::run(&args, cli.verbose),
        Command::Batch(args) => batch::run_command(&args, cli.verbose),
        Command::Task(command) => commands::task::run(&command, cli.verbose),
        Command::Check(args) if check_lines::has_lines(&args.file) => check_lines::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Schema(command) => large_stack::run(|| run_schema(&command))
            .map_err(|error| CliError::usage(tr::tr!("a thread can't be started: {error}", error)))?
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        Command::Doctor(args) => doctor::run(&args),
        Command::Man(args) => man::run(args.into.as_deref()),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Serve(args) => serve::run(&args),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(&args),
        #[cfg(not(feature = "mcp"))]
        Command::Mcp(_) => Err(features::missing("mcp")),
        Command::Studio(args) => sandbox::studio(&args),
        Command::Completions(args) => man::completions(args.shell),
    }
}

fn run_schema(command: &SchemaCommand) -> Result<(), CliError> {
    match command {
        SchemaCommand::Import(args) => schema::import::run(args),
        SchemaCommand::Draft(args) => schema::draft::run(args),
        SchemaCommand::Rust(args) => schema::rust::run(args),
        SchemaCommand::Lint(args) => schema::lint::run(args),
        SchemaCommand::Diff(args) => schema::diff::run(args),
        SchemaCommand::Operations(args) => schema::operations::run(args),
        SchemaCommand::Keywords => schema::rust::keywords(),
        SchemaCommand::Members(args) => schema::rust::members(args),
    }
}
