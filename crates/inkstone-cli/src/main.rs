//! `inkstone`: pictures from Qwen-Image and Wan, from the command line.
//!
//! [`args`] declares the commands and their flags, and [`commands`] has a file for each
//! command. [`request`] makes a request from flags and checks it, [`client`] says where it
//! is sent, and [`output`] saves the pictures. [`task`] is about DashScope's tasks, and
//! [`batch`] sends many requests, and [`studio`] is the page in the browser. [`error`] has the exit codes.

mod args;
mod batch;
mod client;
mod commands;
mod console;
mod error;
mod input;
mod ledger;
mod mcp;
mod orders;
mod output;
mod pricing;
mod request;
mod serve;
mod studio;
mod task;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::schema::SchemaCommand;
use crate::args::{Cli, Command, watermark};
use crate::commands::{
    check, generate, models, sandbox, schema_diff, schema_draft, schema_import, schema_lint,
    schema_rust,
};
use crate::error::CliError;

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(watermark::join_value(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            // If stderr is closed, there is nowhere to report that.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    if cli.verbose {
        log();
    }
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&error);
            ExitCode::from(error.code as u8)
        }
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Generate(args) => generate::run(&args, cli.verbose),
        Command::Batch(args) => batch::run(&args, cli.verbose),
        Command::Task(command) => commands::task::run(&command, cli.verbose),
        Command::Check(args) => check::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Schema(SchemaCommand::Import(args)) => schema_import::run(&args),
        Command::Schema(SchemaCommand::Draft(args)) => schema_draft::run(&args),
        Command::Schema(SchemaCommand::Rust(args)) => schema_rust::run(&args),
        Command::Schema(SchemaCommand::Lint(args)) => schema_lint::run(&args),
        Command::Schema(SchemaCommand::Diff(args)) => schema_diff::run(&args),
        Command::Schema(SchemaCommand::Keywords) => schema_rust::keywords(),
        Command::Schema(SchemaCommand::Members(args)) => schema_rust::members(&args),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Studio(args) => sandbox::studio(&args),
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "inkstone", &mut script);
            console::raw(&script)
        }
    }
}

/// Logs the libraries' events to stderr, filtered by `RUST_LOG`.
fn log() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let filter = std::env::var("RUST_LOG")
        .ok()
        .and_then(|variable| variable.parse().ok());
    let filter = filter.unwrap_or_else(|| {
        let libraries = ["inkstone", "apifox_client"];
        Targets::new().with_targets(libraries.map(|name| (name, LevelFilter::DEBUG)))
    });
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .init();
}
