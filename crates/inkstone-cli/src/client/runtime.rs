//! Runs asynchronous work.

use std::time::Duration;

use tokio::runtime::Builder;

use tr::tr;

use crate::error::CliError;

/// How long a thread that writes a file may take after an interruption.
const GRACE: Duration = Duration::from_secs(2);

/// Runs `work` to its end.
pub fn run<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::usage(tr!("the runtime can't be started: {error}", error)))?;
    let result = runtime.block_on(work);
    // A DNS lookup can't be stopped and may take much longer.
    runtime.shutdown_timeout(GRACE);
    result
}

/// A file that would be longer than `ulimit -f` allows is an error to whoever writes it, and ends
/// no program that holds what was paid for.
#[cfg(unix)]
pub fn outlast_limits_of_files() {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};
    let kind = SignalKind::from_raw(Signal::XFSZ.as_raw());
    // The handler stays when these are dropped; without one, the system ends the program.
    if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
        drop(runtime.block_on(async { signal(kind) }));
    }
}

#[cfg(not(unix))]
pub fn outlast_limits_of_files() {}
