//! What the program tells of its work: log lines with `--verbose`, and the traces of workers
//! where the environment names a collector.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

#[cfg(feature = "fleet")]
use inkstone_fleet::{TraceLayer, Traces};

use crate::args::Command;
#[cfg(feature = "fleet")]
use crate::args::batch::BatchCommand;
use crate::error::CliError;

/// Traces on their way, in a build that sends none.
#[cfg(not(feature = "fleet"))]
pub struct Traces;

/// Begins to tell. What is returned is to be kept until the program ends.
pub fn start(is_verbose: bool, command: &Command) -> Result<Option<Traces>, CliError> {
    let log = is_verbose.then(|| {
        tracing_subscriber::fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(false)
            .with_filter(filter())
    });
    #[cfg(feature = "fleet")]
    let (layer, traces) = traces(command)?;
    #[cfg(not(feature = "fleet"))]
    let (layer, traces) = none(command);
    if log.is_some() || layer.is_some() {
        tracing_subscriber::registry().with(layer).with(log).init();
    }
    Ok(traces)
}

/// Which events of libraries are logged: as `RUST_LOG` says.
fn filter() -> Targets {
    let variable = std::env::var("RUST_LOG").ok();
    variable
        .and_then(|variable| variable.parse().ok())
        .unwrap_or_else(|| {
            let libraries = ["inkstone", "apifox_client"];
            Targets::new().with_targets(libraries.map(|name| (name, LevelFilter::DEBUG)))
        })
}

/// A build without workers has no traces.
#[cfg(not(feature = "fleet"))]
fn none(_: &Command) -> (Option<LevelFilter>, Option<Traces>) {
    (None, None)
}

/// Whether a command works on a shared journal.
#[cfg(feature = "fleet")]
fn has_workers(command: &Command) -> bool {
    let Command::Batch(command) = command else {
        return false;
    };
    match command.as_ref() {
        BatchCommand::Run(args) => args.journal.is_some(),
        BatchCommand::Fleet(_) => true,
    }
}

#[cfg(feature = "fleet")]
fn traces(command: &Command) -> Result<(Option<TraceLayer>, Option<Traces>), CliError> {
    let started = has_workers(command).then(Traces::start).flatten();
    match started {
        None => Ok((None, None)),
        Some(Ok((traces, layer))) => Ok((Some(layer), Some(traces))),
        Some(Err(error)) => Err(CliError::usage(error.to_string())),
    }
}
