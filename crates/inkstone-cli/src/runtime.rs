//! Runs what waits for the network.

use std::time::Duration;

use tokio::runtime::Builder;

use crate::exit::Failure;

/// How long a thread that writes a file may take after an interruption.
const GRACE: Duration = Duration::from_secs(2);

/// Runs `work` to its end.
pub fn run<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("this machine has no resources left: {error}")))?;
    let result = runtime.block_on(work);
    // A lookup of an address can't be stopped, and may take much longer.
    runtime.shutdown_timeout(GRACE);
    result
}
