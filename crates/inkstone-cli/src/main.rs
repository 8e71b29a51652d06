//! `inkstone`: pictures from Qwen-Image and Wan, from the command line.
//!
//! One file answers one question. [`args`] says what can be asked, [`generate`]
//! is the way from flags to pictures (by way of [`choose`], [`body`], [`fill`],
//! [`verdict`], [`address`] and [`save`]), [`batch`] the one for many requests, and [`exit`] says how it ends.

mod address;
mod args;
mod batch;
mod body;
mod check;
mod choose;
mod deliver;
mod describe;
mod document;
mod exit;
mod files;
mod fill;
mod generate;
mod input;
mod interrupt;
mod limits;
mod lint;
mod models;
mod output;
mod picture;
mod progress;
mod runtime;
mod sandbox;
mod save;
mod schema;
mod sent;
mod set;
mod sidecar;
mod size;
mod stamp;
mod task;
mod verdict;
mod whole;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::{Cli, Command, Schema};
use crate::exit::Failure;

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(args::joined(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell when the message itself can't be written.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    if cli.verbose {
        log();
    }
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.code as u8)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Generate(args) => generate::run(&args, cli.verbose),
        Command::Batch(args) => batch::run(&args, cli.verbose),
        Command::Task(command) => task::run(&command, cli.verbose),
        Command::Check(args) => check::run(&args),
        Command::Models(args) => models::run(&args),
        Command::Schema(Schema::Import(args)) => schema::import(&args),
        Command::Schema(Schema::Rust(args)) => schema::rust(&args),
        Command::Schema(Schema::Lint(args)) => lint::run(&args),
        Command::Schema(Schema::Diff(args)) => schema::diff(&args),
        Command::Schema(Schema::Keywords) => schema::keywords(),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "inkstone", &mut script);
            output::raw(&script)
        }
    }
}

/// Sends the library's events to stderr, as `RUST_LOG` says.
fn log() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let wanted = std::env::var("RUST_LOG")
        .ok()
        .and_then(|it| it.parse().ok());
    let wanted =
        wanted.unwrap_or_else(|| Targets::new().with_target("inkstone", LevelFilter::DEBUG));
    let told = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(told)
        .with(wanted)
        .init();
}
