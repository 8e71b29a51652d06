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
